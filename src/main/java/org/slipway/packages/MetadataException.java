package org.slipway.packages;

/** Metadata of a port or a package that is missing, damaged or of an unknown kind. */
public final class MetadataException extends PackageException {
  private static final long serialVersionUID = 1L;

  public MetadataException(String message) {
    super(message);
  }
}
