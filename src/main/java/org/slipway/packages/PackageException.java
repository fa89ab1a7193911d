package org.slipway.packages;

/**
 * Something that a port, a package or a plist got wrong; the message is for a person and names the
 * place.
 */
public sealed class PackageException extends Exception
    permits HostileArchiveException, PlistException, MetadataException {
  private static final long serialVersionUID = 1L;

  public PackageException(String message) {
    super(message);
  }
}
