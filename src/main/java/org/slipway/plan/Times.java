package org.slipway.plan;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slipway.graph.PortGraph;
import org.slipway.packages.OriginSpec;

/**
 * How long a plan's packages will take, one by one and along the longest way. What is not built
 * takes no time.
 */
final class Times {
  /** For a port never built here: most ports are small, and a wrong guess only bends priorities. */
  private static final Duration GUESS = Duration.ofSeconds(10);

  private final Map<OriginSpec, Duration> expected = new HashMap<>();
  private final Map<OriginSpec, Duration> critical = new HashMap<>();

  private Times() {}

  /** Times of a plan whose {@code order} has dependencies first. */
  static Times of(
      List<OriginSpec> order,
      Map<OriginSpec, Decision> decisions,
      PortGraph graph,
      Inventory inventory) {
    Times times = new Times();
    for (int at = order.size() - 1; at >= 0; at--) {
      OriginSpec spec = order.get(at);
      if (decisions.get(spec) instanceof Decision.Build) {
        KnownPackage latest = inventory.latest().get(spec);
        Duration own = latest == null ? GUESS : latest.took();
        Duration after = Duration.ZERO;
        for (OriginSpec dependent : graph.neededBy(spec)) {
          Duration way = times.critical(dependent);
          after = way.compareTo(after) > 0 ? way : after;
        }
        times.expected.put(spec, own);
        times.critical.put(spec, own.plus(after));
      }
    }
    return times;
  }

  Duration expected(OriginSpec spec) {
    return expected.getOrDefault(spec, Duration.ZERO);
  }

  Duration critical(OriginSpec spec) {
    return critical.getOrDefault(spec, Duration.ZERO);
  }
}
