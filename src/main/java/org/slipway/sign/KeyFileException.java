package org.slipway.sign;

import java.io.IOException;

/** A signing key that cannot be used; the message names the file and says what to do. */
public final class KeyFileException extends IOException {
  private static final long serialVersionUID = 1L;

  public KeyFileException(String message) {
    super(message);
  }
}
