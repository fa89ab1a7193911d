package org.slipway.schedule;

/** Another farm has this home. */
public final class HomeTakenException extends FarmException {
  private static final long serialVersionUID = 1;

  HomeTakenException(String message) {
    super(message);
  }
}
