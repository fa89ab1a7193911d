package org.slipway.packages;

/** A plist that cannot be followed, or that the stage does not answer. */
public final class PlistException extends PackageException {
  private static final long serialVersionUID = 1L;

  public PlistException(String message) {
    super(message);
  }
}
