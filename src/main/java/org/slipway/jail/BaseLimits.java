package org.slipway.jail;

/**
 * What a base may take at most, so that a wrong or hostile archive fills no disk.
 *
 * @param downloadBytes of one archive; FreeBSD's base.txz has about 200 MB, src.txz about the same
 * @param unpackedBytes of all files; a base with all its optional parts has about 3 GB
 * @param paths files, folders and links; a base with src has about 120,000
 */
public record BaseLimits(long downloadBytes, long unpackedBytes, int paths) {
  /** Ten times what the largest ordinary base takes. */
  public static final BaseLimits DEFAULT = new BaseLimits(4L << 30, 32L << 30, 1_000_000);

  public BaseLimits {
    if (downloadBytes < 1 || unpackedBytes < 1 || paths < 1) {
      throw new IllegalArgumentException("a base of nothing cannot be made");
    }
  }
}
