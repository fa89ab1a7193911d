package org.slipway.jail;

import java.time.Duration;

/**
 * What a command may use. Time, silence and output hold everywhere. Memory is limited where the farm may make control groups
 * (as root); processes there too, else by RLIMIT_NPROC, which does not bind the root of a jail.
 *
 * @param time from start to end
 * @param silence the longest time without output
 * @param outputBytes kept of its output; what comes later is counted, read and dropped
 * @param memoryBytes of all its processes together, where the host can enforce it; 0 is no limit
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
