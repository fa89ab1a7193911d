package org.slipway.bench;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What one way took for the ports of a round.
 *
 * @param cpu user and system time of everything that ran, ours with this program's own; empty where
 *     the host does not tell
 * @param peakMemoryBytes at most at once: as many of the largest jails as run beside each other,
 *     ours with the most that this program ever held; empty where that is not known
 * @param program the part that is this program's own; a plain way has none
 */
public record Figures(
    Duration wall,
    Optional<Duration> cpu,
    OptionalLong peakMemoryBytes,
    Optional<Program> program) {
  /**
   * This program's own part.
   *
   * @param peakMemoryBytes the most that it ever held since its start, whatever for
   */
  public record Program(Optional<Duration> cpu, OptionalLong peakMemoryBytes) {}

  Figures withCpu(Optional<Duration> used) {
    return new Figures(wall, used, peakMemoryBytes, program);
  }

  /** Both together, one after the other; of a plain way, which has no part of this program's. */
  Figures plus(Figures other) {
    return new Figures(
        wall.plus(other.wall),
        cpu.flatMap(used -> other.cpu.map(used::plus)),
        peakMemoryBytes.isPresent() && other.peakMemoryBytes.isPresent()
            ? OptionalLong.of(
                Math.max(peakMemoryBytes.getAsLong(), other.peakMemoryBytes.getAsLong()))
            : OptionalLong.empty(),
        Optional.empty());
  }
}
