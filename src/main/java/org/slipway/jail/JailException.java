package org.slipway.jail;

import java.io.IOException;

/** A host on which no jail can be made as asked. The message is for a person. */
public final class JailException extends IOException {
  private static final long serialVersionUID = 1L;

  public JailException(String message) {
    super(message);
  }
}
