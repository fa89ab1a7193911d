package org.slipway.build;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a phase took.
 *
 * @param cpu of all its jailed commands, where the host could tell
 * @param peakMemoryBytes the most that one of its commands had at once, where the host could tell
 */
public record PhaseTime(
    Phase phase, Duration took, Optional<Duration> cpu, OptionalLong peakMemoryBytes) {
  /** Of which only the time is known. */
  public PhaseTime(Phase phase, Duration took) {
    this(phase, took, Optional.empty(), OptionalLong.empty());
  }
}
