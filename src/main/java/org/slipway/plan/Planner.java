package org.slipway.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Finding;
import org.slipway.evaluate.Port;
import org.slipway.graph.Cycle;
import org.slipway.graph.PortGraph;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;

/**
 * Decides what a commit builds, and why, before anything is built. Pure.
 *
 * <p>A plan holds what is wanted and all that this needs, to build or to run, so far as it can be
 * built; of what cannot, the wanted ports and the way from them to the cause. What only a skipped
 * port needs is not in it. What only builds need is planned, reused and published like the rest,
 * for the payloads of all direct dependencies must be known to know a key.
 */
public final class Planner {
  private final KeyParts keyParts;

  /**
   * Plans for one job.
   *
   * @param makeConf the job's make lines, part of every key
   */
  public Planner(String makeConf) {
    this.keyParts = new KeyParts(makeConf);
  }

  public BuildPlan plan(Evaluation evaluation, Inventory inventory) {
    PortGraph graph = PortGraph.of(evaluation);
    Obstacles obstacles = Obstacles.of(evaluation, graph);
    Set<OriginSpec> planned = Reach.from(evaluation, graph, obstacles);
    Map<OriginSpec, Decision> decisions = new HashMap<>();
    Map<OriginSpec, BuiltPackage> known = new HashMap<>();
    List<OriginSpec> order = order(graph, planned);
    for (OriginSpec spec : order) {
      Decision decision = obstacles
          .decision(spec)
          .orElseGet(() -> decide(port(evaluation, spec), evaluation, inventory, known));
      decisions.put(spec, decision);
      if (decision instanceof Decision.Reuse reuse) {
        known.put(spec, reuse.known().built());
      }
    }
    Times times = Times.of(order, decisions, graph, inventory);
    List<PlannedPackage> packages = new ArrayList<>();
    for (OriginSpec spec : order) {
      packages.add(planned(port(evaluation, spec), decisions, graph, times));
    }
    return new BuildPlan(evaluation, packages, graph.cycles(), findings(evaluation));
  }

  /**
   * The key of a port once its direct dependencies are known (policy content): its folder, recipe,
   * options, make.conf, base and its dependencies' payloads.
   *
   * @param dependencies at least every direct dependency of the port
   * @throws IllegalArgumentException where one is absent
   */
  public BuildKey key(
      Port port, Evaluation evaluation, Map<OriginSpec, BuiltPackage> dependencies) {
    Map<String, String> parts = keyParts.own(port, evaluation.target());
    for (OriginSpec on : KeyParts.dependencies(port)) {
      BuiltPackage built = dependencies.get(on);
      if (built == null) {
        throw new IllegalArgumentException(
            "the key of " + port.spec() + " cannot be told before " + on + " is built");
      }
      parts.put(KeyParts.DEPENDENCY + on, KeyParts.dependency(port, on, built));
    }
    return new BuildKey(parts);
  }

  private Decision decide(
      Port port, Evaluation evaluation, Inventory inventory, Map<OriginSpec, BuiltPackage> known) {
    List<OriginSpec> rebuilt = KeyParts.dependencies(port).stream()
        .filter(on -> !known.containsKey(on))
        .toList();
    Optional<KnownPackage> latest = Optional.ofNullable(inventory.latest().get(port.spec()));
    if (rebuilt.isEmpty()) {
      BuildKey key = key(port, evaluation, known);
      Optional<KnownPackage> same = inventory.find(key);
      if (same.isPresent()) {
        boolean unchanged = latest.isPresent() && latest.get().key().equals(key);
        return new Decision.Reuse(
            unchanged ? "nothing changed" : "built before from the same inputs", same.get());
      }
    }
    if (latest.isEmpty()) {
      return new Decision.Build("not built before");
    }
    Map<String, String> parts = keyParts.own(port, evaluation.target());
    for (OriginSpec on : KeyParts.dependencies(port)) {
      BuiltPackage built = known.get(on);
      if (built != null) {
        parts.put(KeyParts.DEPENDENCY + on, KeyParts.dependency(port, on, built));
      }
    }
    return new Decision.Build(new Changes(latest.get(), port, parts, rebuilt).inWords());
  }

  /** Dependencies first; members of cycles, which have no such order, at the end. */
  private static List<OriginSpec> order(PortGraph graph, Set<OriginSpec> planned) {
    List<OriginSpec> order = new ArrayList<>();
    graph.order().stream().filter(planned::contains).forEach(order::add);
    for (Cycle cycle : graph.cycles()) {
      cycle.members().stream().filter(planned::contains).forEach(order::add);
    }
    return order;
  }

  private static PlannedPackage planned(
      Port port, Map<OriginSpec, Decision> decisions, PortGraph graph, Times times) {
    OriginSpec spec = port.spec();
    boolean built = decisions.get(spec) instanceof Decision.Build;
    List<OriginSpec> waitsFor = built
        ? graph.needs(spec).stream()
            .filter(on -> decisions.get(on) instanceof Decision.Build)
            .toList()
        : List.of();
    List<OriginSpec> installs = built ? graph.installedToBuild(spec) : List.of();
    Decision decision = decisions.get(spec);
    if (decision == null) {
      throw new IllegalStateException(spec + " is planned without a decision");
    }
    return new PlannedPackage(
        port, decision, waitsFor, installs, times.expected(spec), times.critical(spec));
  }

  private static List<Finding> findings(Evaluation evaluation) {
    List<Finding> findings = new ArrayList<>(evaluation.findings());
    evaluation
        .unevaluable()
        .forEach(bad -> findings.add(new Finding(Optional.of(bad.spec()), bad.message())));
    return findings;
  }

  private static Port port(Evaluation evaluation, OriginSpec spec) {
    return evaluation
        .port(spec)
        .orElseThrow(() -> new IllegalArgumentException(spec + " is not in the evaluation"));
  }
}
