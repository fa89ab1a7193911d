package org.slipway.plan;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;

/**
 * A package that the farm has: what it was made from and what that took.
 *
 * @param cpu of all processors together, where the host could tell
 * @param peakMemoryBytes the most at once, where the host could tell
 */
public record KnownPackage(
    OriginSpec spec,
    BuildKey key,
    BuiltPackage built,
    Duration took,
    Optional<Duration> cpu,
    OptionalLong peakMemoryBytes) {
  /** Of which only the time is known. */
  public KnownPackage(OriginSpec spec, BuildKey key, BuiltPackage built, Duration took) {
    this(spec, key, built, took, Optional.empty(), OptionalLong.empty());
  }
}
