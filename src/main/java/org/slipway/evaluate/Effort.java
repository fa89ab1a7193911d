package org.slipway.evaluate;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What an evaluation cost.
 *
 * @param asked questions put to make
 * @param kept questions whose answers were known from before
 * @param cpu of all that ran in jails; empty where the host does not tell
 * @param peakMemoryBytes of the largest jail; empty where the host does not tell
 */
public record Effort(
    int asked, int kept, Duration wall, Optional<Duration> cpu, OptionalLong peakMemoryBytes) {}
