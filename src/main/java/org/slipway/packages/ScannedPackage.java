package org.slipway.packages;

/**
 * What a repository must know of a package file, taken from one reading of it.
 *
 * @param compactManifest the text of {@code +COMPACT_MANIFEST} without blanks around it, one line
 *     of JSON where pkg made it; unchecked
 * @param sum of the whole file, as it lies on the disk
 * @param sizeBytes of the whole file
 */
public record ScannedPackage(String compactManifest, Digest sum, long sizeBytes) {
  public ScannedPackage {
    if (sizeBytes < 0) {
      throw new IllegalArgumentException("sizeBytes " + sizeBytes);
    }
  }
}
