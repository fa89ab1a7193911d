package org.slipway;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Unevaluable;
import org.slipway.graph.Cycle;
import org.slipway.graph.PortGraph;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/**
 * A port's place in the graph, ready to be shown: what it needs, what needs it, and the cycles that
 * are in its way. What needs it is known as far as the evaluation goes: only one of the whole tree
 * knows all.
 */
final class Lineage {
  private final PortGraph graph;
  private final Evaluation evaluation;
  private final OriginSpec root;
  private final Map<OriginSpec, String> silent = new HashMap<>();
  private final LineageSide needs;
  private final LineageSide neededBy;
  private final List<Cycle> cycles;

  private Lineage(PortGraph graph, Evaluation evaluation, OriginSpec root, OptionalInt depth) {
    this.graph = graph;
    this.evaluation = evaluation;
    this.root = root;
    for (Unevaluable each : evaluation.unevaluable()) {
      silent.put(each.spec(), each.message());
    }
    needs = new LineageSide(root, graph.dependencies(root), graph::needs, depth);
    neededBy = new LineageSide(root, graph.dependents(root), graph::neededBy, depth);
    cycles = cycles(graph, root);
  }

  /**
   * @param root must be in the graph; see {@link #find}
   * @param depth how many steps away from the port are shown; where there is none, as many as a
   *     person can read
   */
  static Lineage of(PortGraph graph, Evaluation evaluation, OriginSpec root, OptionalInt depth) {
    return new Lineage(graph, evaluation, root, depth);
  }

  /** The port that a person means: where a port with flavors is asked for without one, its default. */
  static Optional<OriginSpec> find(PortGraph graph, Evaluation evaluation, OriginSpec asked) {
    if (graph.contains(asked) || asked.flavor().isPresent()) {
      return Optional.of(asked).filter(graph::contains);
    }
    return evaluation.ports().values().stream()
        .filter(port -> port.spec().origin().equals(asked.origin()))
        .flatMap(port -> port.flavors().stream().limit(1))
        .findFirst()
        .map(flavor -> new OriginSpec(asked.origin(), Optional.of(flavor)))
        .filter(graph::contains);
  }

  PortGraph graph() {
    return graph;
  }

  OriginSpec root() {
    return root;
  }

  LineageSide needs() {
    return needs;
  }

  LineageSide neededBy() {
    return neededBy;
  }

  /** The one that the port is in first, with a way round from it, then those that it needs. */
  List<Cycle> cycles() {
    return cycles;
  }

  Optional<PackageName> name(OriginSpec spec) {
    return evaluation.port(spec).map(Port::name);
  }

  /** Why a port cannot be built, as far as that is its own fault; the words are the tree's. */
  Optional<LineageTrouble> trouble(OriginSpec spec) {
    Optional<Port> port = evaluation.port(spec);
    if (port.isPresent()) {
      return port.get()
          .ignore()
          .map(reason -> new LineageTrouble(LineageTrouble.State.IGNORED, reason));
    }
    String message = silent.get(spec);
    return Optional.of(
        message == null
            ? new LineageTrouble(LineageTrouble.State.MISSING, "")
            : new LineageTrouble(LineageTrouble.State.UNEVALUABLE, message));
  }

  private static List<Cycle> cycles(PortGraph graph, OriginSpec root) {
    List<Cycle> cycles = new ArrayList<>();
    graph.cycle(root).ifPresent(cycles::add);
    if (!graph.cycles().isEmpty()) {
      var needed = graph.dependencies(root);
      graph.cycles().stream()
          .filter(cycle -> needed.contains(cycle.members().get(0)))
          .filter(cycle -> !cycle.members().contains(root))
          .forEach(cycles::add);
    }
    return List.copyOf(cycles);
  }
}
