package org.slipway.schedule;

import java.io.IOException;

/** A farm that cannot start or go on as asked. The message is for a person. */
public sealed class FarmException extends IOException permits HomeTakenException {
  private static final long serialVersionUID = 1L;

  public FarmException(String message) {
    super(message);
  }

  public FarmException(String message, Throwable cause) {
    super(message, cause);
  }
}
