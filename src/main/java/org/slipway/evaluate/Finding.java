package org.slipway.evaluate;

import java.util.Optional;
import org.slipway.packages.OriginSpec;

/** Something wrong with a tree that stops nothing: the port, where there is one, and a sentence. */
public record Finding(Optional<OriginSpec> port, String message) {}
