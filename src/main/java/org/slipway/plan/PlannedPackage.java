package org.slipway.plan;

import java.time.Duration;
import java.util.List;
import org.slipway.evaluate.Port;
import org.slipway.packages.OriginSpec;

/**
 * One package of a plan.
 *
 * @param waitsFor direct dependencies that this plan builds too; empty unless it is built itself
 * @param installs what is installed before it is built, in that order; empty unless it is built
 * @param expected how long it will take, from history or a guess; zero unless it is built
 * @param critical the longest way from its start to the end of all that waits for it, its
 *     priority; zero unless it is built
 */
public record PlannedPackage(
    Port port,
    Decision decision,
    List<OriginSpec> waitsFor,
    List<OriginSpec> installs,
    Duration expected,
    Duration critical) {
  public PlannedPackage {
    waitsFor = List.copyOf(waitsFor);
    installs = List.copyOf(installs);
  }

  public OriginSpec spec() {
    return port.spec();
  }
}
