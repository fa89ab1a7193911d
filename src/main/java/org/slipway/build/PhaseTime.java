package org.slipway.build;

import java.time.Duration;

/** How long a phase took. */
public record PhaseTime(Phase phase, Duration took) {}
