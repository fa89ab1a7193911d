package org.slipway.poudriere;

import java.time.Duration;
import java.util.List;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/**
 * What a bulk is to build and how.
 *
 * @param request the job's settings: make lines, options, blacklists
 * @param wanted the ports, flavors resolved
 * @param weights how long the farm expects each package and all that waits for it to take
 */
public record Order(EvaluationRequest request, List<OriginSpec> wanted, List<Weight> weights) {
  public Order {
    wanted = List.copyOf(wanted);
    weights = List.copyOf(weights);
  }

  /** A package's critical path. */
  public record Weight(PackageName name, Duration critical) {}
}
