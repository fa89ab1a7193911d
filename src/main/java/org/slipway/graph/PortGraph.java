package org.slipway.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.DependencyKind;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.packages.OriginSpec;

/**
 * Who needs whom, at one commit. Immutable. All answers are in a fixed order for equal input. It
 * holds every port that the evaluation names, with answers or without, and all that these depend
 * on, and nothing of the evaluation but their names. An ignored port needs nothing, for it is never built, and no
 * port needs what it lists for TEST only. Asking for a port that it does not hold is an
 * IllegalArgumentException.
 */
public final class PortGraph {
  private static final short AT_RUN_TIME = Kinds.bits(
      Arrays.stream(DependencyKind.values()).filter(DependencyKind::atRunTime).toList());

  private final Nodes nodes;
  private final Adjacency needs;
  private final Adjacency runNeeds;
  private final Adjacency neededBy;

  /** The members of each cycle, sorted. */
  private final List<int[]> knots;

  private final List<Cycle> cycles;
  private final List<OriginSpec> order;

  private PortGraph(Nodes nodes, Adjacency needs) {
    this.nodes = nodes;
    this.needs = needs;
    runNeeds = needs.only(mark -> (mark & AT_RUN_TIME) != 0);
    neededBy = needs.reversed();
    knots = new ArrayList<>();
    List<OriginSpec> sorted = new ArrayList<>();
    for (int[] component : StrongComponents.of(needs)) {
      if (component.length > 1 || needs.contains(component[0], component[0])) {
        knots.add(component);
      } else if (nodes.evaluated(component[0])) {
        sorted.add(nodes.spec(component[0]));
      }
    }
    knots.sort((a, b) -> Integer.compare(a[0], b[0]));
    cycles = knots.stream().map(knot -> cycle(knot, knot[0])).toList();
    order = List.copyOf(sorted);
  }

  public static PortGraph of(Evaluation evaluation) {
    Nodes nodes = Nodes.of(evaluation);
    return new PortGraph(
        nodes,
        Adjacency.of(
            nodes.size(),
            node -> evaluation
                .port(nodes.spec(node))
                .filter(port -> port.ignore().isEmpty())
                .map(port -> edges(port, nodes))
                .orElse(new long[0])));
  }

  private static long[] edges(Port port, Nodes nodes) {
    long[] edges = new long[port.dependencies().size()];
    int count = 0;
    for (Dependency dependency : port.dependencies()) {
      if (dependency.kind() != DependencyKind.TEST) {
        edges[count++] =
            Adjacency.edge(nodes.number(dependency.on()), Kinds.bit(dependency.kind()));
      }
    }
    return Arrays.copyOf(edges, count);
  }

  /**
   * The same ports, related only where a dependency is of one of these kinds. With LIB alone it
   * says what a library's change reaches without a rebuild in between.
   */
  public PortGraph only(Set<DependencyKind> kinds) {
    short wanted = Kinds.bits(kinds);
    return new PortGraph(nodes, needs.only(mark -> (mark & wanted) != 0));
  }

  /** How many ports it holds. */
  public int size() {
    return nodes.size();
  }

  public boolean contains(OriginSpec spec) {
    return nodes.contains(spec);
  }

  /** What must be built before it: its direct dependencies of every kind but TEST, sorted. */
  public Set<OriginSpec> needs(OriginSpec spec) {
    return new NodeSet(nodes, needs.ends(nodes.number(spec)));
  }

  /** What needs it directly, sorted. */
  public Set<OriginSpec> neededBy(OriginSpec spec) {
    return new NodeSet(nodes, neededBy.ends(nodes.number(spec)));
  }

  /** The kinds for which one port needs the other directly; empty where it does not. */
  public Set<DependencyKind> kinds(OriginSpec from, OriginSpec to) {
    return Kinds.of(needs.mark(nodes.number(from), nodes.number(to)));
  }

  /** All that it needs, directly or not, sorted; itself only where it is in a cycle. */
  public Set<OriginSpec> dependencies(OriginSpec spec) {
    return new NodeSet(nodes, Reach.from(needs, nodes.number(spec)));
  }

  /** All that needs it, directly or not, sorted; itself only where it is in a cycle. */
  public Set<OriginSpec> dependents(OriginSpec spec) {
    return new NodeSet(nodes, Reach.from(neededBy, nodes.number(spec)));
  }

  /**
   * What an installed package needs installed with it: LIB and RUN, transitively, in an order of
   * installation.
   */
  public List<OriginSpec> runClosure(OriginSpec spec) {
    int node = nodes.number(spec);
    return nodes.specs(Reach.inOrder(runNeeds, runNeeds.ends(node), node));
  }

  /**
   * What is installed before it is built: its direct dependencies and their run closures, in an
   * order of installation.
   */
  public List<OriginSpec> installedToBuild(OriginSpec spec) {
    int node = nodes.number(spec);
    return nodes.specs(Reach.inOrder(runNeeds, needs.ends(node), node));
  }

  /** Each set of ports that need one another, sorted by first member, with a way round from it. */
  public List<Cycle> cycles() {
    return cycles;
  }

  /** The cycle that a port is in, with a shortest way round from this port. */
  public Optional<Cycle> cycle(OriginSpec spec) {
    int node = nodes.number(spec);
    return knots.stream()
        .filter(knot -> Arrays.binarySearch(knot, node) >= 0)
        .findFirst()
        .map(knot -> cycle(knot, node));
  }

  /** Every port that gave answers and is in no cycle, dependencies first. */
  public List<OriginSpec> order() {
    return order;
  }

  private Cycle cycle(int[] knot, int start) {
    return new Cycle(nodes.specs(knot), nodes.specs(Knot.shortestWayRound(needs, knot, start)));
  }
}
