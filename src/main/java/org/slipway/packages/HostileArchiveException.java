package org.slipway.packages;

/** An archive that no honest tool would have written; nothing of it may be used. */
public final class HostileArchiveException extends PackageException {
  private static final long serialVersionUID = 1L;

  public HostileArchiveException(String message) {
    super(message);
  }
}
