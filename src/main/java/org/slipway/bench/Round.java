package org.slipway.bench;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/**
 * The ways one after the other on the same ports.
 *
 * @param asked questions that ours put to make
 * @param ports that ours gave answers for or refused, and that the plain ways were asked for
 * @param figures of each way that was run
 * @param verification where it was wanted
 */
public record Round(
    int asked, int ports, Map<Way, Figures> figures, Optional<Verification> verification) {
  public Round {
    figures = Collections.unmodifiableMap(new EnumMap<>(figures));
  }
}
