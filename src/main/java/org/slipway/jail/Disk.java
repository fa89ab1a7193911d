package org.slipway.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * The file system of its own that a root with a limit on its disk lies on: a sparse file, mounted as ext4 in the root's
 * {@link Keeper}. The kernel refuses what goes beyond its size with ENOSPC. What is asked of it here is one statvfs(3).
 */
final class Disk {
  /** Less is no room for a file system and a build. */
  static final long LEAST_BYTES = 16L << 20;

  /** With so little left on the host's own file system a run is stopped, so that the sparse file never fills it. */
  private static final long HOST_RESERVE = 256L << 20;

  /** With less left than this at some look, a run that fails has failed for it: the next write was for all of it. */
  private static final long NEARLY_NOTHING = 4L << 20;

  /** No faster than this a disk fills up, so that no look comes too late to see it nearly full. */
  private static final long BYTES_PER_MILLI = 2L << 20;

  private static final long LEAST_WAIT_NANOS = 2_000_000;

  private final Path seen;
  private final Path image;
  private final long reserve;
  private long least = Long.MAX_VALUE;
  private long lately = Long.MAX_VALUE;

  /**
   * @param seen its mount point, as the farm sees it
   * @param image the file that it is in
   */
  Disk(Path seen, Path image) {
    this(seen, image, HOST_RESERVE);
  }

  Disk(Path seen, Path image, long reserve) {
    this.seen = seen;
    this.image = image;
    this.reserve = reserve;
  }

  /** Looks at what is left of it and of the host's. */
  Optional<Stop> look() {
    lately = seen.toFile().getUsableSpace();
    least = Math.min(least, lately);
    return image.toFile().getUsableSpace() < reserve ? Optional.of(Stop.DISK) : Optional.empty();
  }

  /** When the next look is due. What makes room again before that is not seen to have been full. */
  long waitNanos() {
    return Math.max(LEAST_WAIT_NANOS, lately / BYTES_PER_MILLI * 1_000_000);
  }

  /** A new run begins. */
  void forget() {
    least = Long.MAX_VALUE;
  }

  /** Bytes that its files and folders take. */
  long usedBytes() {
    return seen.toFile().getTotalSpace() - seen.toFile().getFreeSpace();
  }

  /** Whether it was full of bytes at some look, or is full of bytes or of files now. */
  boolean wasFull() throws IOException {
    look();
    if (least < NEARLY_NOTHING) {
      return true;
    }
    byte[] free = HostProgram.run(
        List.of("stat", "-f", "-c", "%d", seen.toString()), Duration.ofSeconds(10), new byte[0]);
    return new String(free, StandardCharsets.US_ASCII).strip().equals("0");
  }
}
