package org.slipway.jail;

import java.time.Duration;

/**
 * What a command may use. Each limit holds in every jail, or the command is refused. Memory and processes are limited by the
 * kernel where the farm may make control groups (as root); else they are looked at five times a second, and the run is ended that
 * has more, while RLIMIT_NPROC binds the build user at once.
 *
 * @param time from start to end
 * @param silence the longest time without output
 * @param outputBytes kept of its output; what comes later is counted, read and dropped
 * @param memoryBytes of all its processes together, 0 is no limit
 * @param processes at once
 * @param openFiles of each process; 0 is the host's own limit
 * @param cpuPercent of one processor, for all its processes together: 200 is two; 0 is no limit
 */
public record Limits(
    Duration time,
    Duration silence,
    long outputBytes,
    long memoryBytes,
    int processes,
    int openFiles,
    int cpuPercent) {
  public Limits {
    if (time.isNegative()
        || silence.isNegative()
        || outputBytes < 0
        || memoryBytes < 0
        || processes < 1
        || openFiles < 0
        || cpuPercent < 0) {
      throw new IllegalArgumentException(
          "limits below nothing: " + time + ", " + silence + ", output " + outputBytes + ", memory "
              + memoryBytes + ", processes " + processes + ", open files " + openFiles + ", cpu "
              + cpuPercent + " %");
    }
  }

  /** Without limits on open files and on processors. */
  public Limits(
      Duration time, Duration silence, long outputBytes, long memoryBytes, int processes) {
    this(time, silence, outputBytes, memoryBytes, processes, 0, 0);
  }

  /** For a short step of the farm's own. */
  public static Limits of(Duration time) {
    return new Limits(time, time, 64L << 20, 0, 4096);
  }
}
