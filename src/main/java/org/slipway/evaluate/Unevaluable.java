package org.slipway.evaluate;

import org.slipway.packages.OriginSpec;

/** A port that gave no answers, with make's message or ours; it stops no other. */
public record Unevaluable(OriginSpec spec, String message) {}
