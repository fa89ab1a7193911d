package org.slipway.plan;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Finding;
import org.slipway.graph.Cycle;
import org.slipway.packages.OriginSpec;

/**
 * What one commit means: each package with its decision, dependencies first and members of cycles
 * last; ports without answers are findings and have no package.
 */
public record BuildPlan(
    Evaluation evaluation,
    List<PlannedPackage> packages,
    List<Cycle> cycles,
    List<Finding> findings) {
  public BuildPlan {
    packages = List.copyOf(packages);
    cycles = List.copyOf(cycles);
    findings = List.copyOf(findings);
  }

  public Optional<PlannedPackage> find(OriginSpec spec) {
    return packages.stream().filter(each -> each.spec().equals(spec)).findFirst();
  }

  /** The same as a map, for who asks often; in the plan's order. */
  public Map<OriginSpec, PlannedPackage> bySpec() {
    Map<OriginSpec, PlannedPackage> map = new LinkedHashMap<>();
    packages.forEach(each -> map.put(each.spec(), each));
    return Collections.unmodifiableMap(map);
  }

  /**
   * What the repository of this plan holds once all goes well: everything that is built or reused,
   * what only builds need included, as poudriere publishes it.
   */
  public List<PlannedPackage> published() {
    return packages.stream()
        .filter(each ->
            each.decision() instanceof Decision.Build || each.decision() instanceof Decision.Reuse)
        .toList();
  }
}
