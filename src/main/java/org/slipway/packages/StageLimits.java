package org.slipway.packages;

/**
 * How much of a stage is taken; a build that goes past one of these is refused.
 *
 * @param entries files, links and directories together; the largest real ports install about
 *     100,000
 * @param totalBytes of all files; a large debug build stays under 16 GiB
 * @param pathBytes of one path below the stage; FreeBSD's own limit is 1,023
 */
public record StageLimits(int entries, long totalBytes, int pathBytes) {
  public static final StageLimits DEFAULT = new StageLimits(500_000, 16L << 30, 1023);

  public StageLimits {
    if (entries < 1 || totalBytes < 1 || pathBytes < 1 || pathBytes > PathRules.MAX_BYTES) {
      throw new IllegalArgumentException(
          "limits are positive, and pathBytes at most " + PathRules.MAX_BYTES);
    }
  }

  /** The same with another limit on the size of all files. */
  public StageLimits withTotalBytes(long bytes) {
    return new StageLimits(entries, bytes, pathBytes);
  }
}
