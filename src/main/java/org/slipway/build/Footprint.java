package org.slipway.build;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What a build used as a whole.
 *
 * @param cpu of all phases, where the host could tell
 * @param peakMemoryBytes the most at once in any phase, where the host could tell
 * @param diskBytes what its root held at its end, where that was measured
 * @param logBytes of output, kept or not
 */
public record Footprint(
    Optional<Duration> cpu, OptionalLong peakMemoryBytes, OptionalLong diskBytes, long logBytes) {
  /** Of a build that never ran. */
  public static final Footprint NONE =
      new Footprint(Optional.empty(), OptionalLong.empty(), OptionalLong.empty(), 0);
}
