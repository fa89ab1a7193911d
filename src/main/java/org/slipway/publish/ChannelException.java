package org.slipway.publish;

import java.io.IOException;

/** A move that cannot be made; the message is for a person. */
public final class ChannelException extends IOException {
  private static final long serialVersionUID = 1L;

  ChannelException(String message) {
    super(message);
  }
}
