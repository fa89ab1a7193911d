package org.slipway.plan;

import java.time.Duration;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;

/** A package that the farm has: what it was made from and how long that took. */
public record KnownPackage(OriginSpec spec, BuildKey key, BuiltPackage built, Duration took) {}
