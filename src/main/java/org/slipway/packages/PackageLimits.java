package org.slipway.packages;

/**
 * How much a package that is read may hold. What goes beyond is refused, not cut.
 *
 * @param manifestBytes of {@code +MANIFEST}, which is parsed in memory; a file takes about 250
 *     bytes of it
 * @param manifestMarks commas, brackets, line ends and pairs of quotes in it: each may cost the
 *     parser a hundred bytes. A file takes about 20 in pkg 2.8's form, 3 in the older one
 * @param members files, links and directories
 * @param unpackedBytes of all members together
 * @param ratio unpacked bytes for each byte on the disk, in an archive of more than 1 GiB:
 *     an archive bomb has thousands
 */
public record PackageLimits(
    int manifestBytes, int manifestMarks, int members, long unpackedBytes, int ratio) {
  public static final PackageLimits DEFAULT =
      new PackageLimits(64 << 20, 4_000_000, 500_000, 64L << 30, 1000);

  /** Below this much the ratio does not count. */
  static final long SMALL_BYTES = 1L << 30;

  public PackageLimits {
    if (manifestBytes < 1 || manifestMarks < 1 || members < 0 || unpackedBytes < 0 || ratio < 1) {
      throw new IllegalArgumentException("limits of a package are not below nothing");
    }
  }
}
