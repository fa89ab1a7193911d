package org.slipway.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.DependencyKind;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.packages.OriginSpec;

/**
 * Who needs whom, at one commit. Immutable. All answers are in a fixed order for equal input. It
 * holds every port of the evaluation and all that these depend on, answers or not. An ignored port
 * needs nothing, for it is never built. Asking for a port that it does not hold is an
 * IllegalArgumentException.
 */
public final class PortGraph {
  /** Sorted: a node's number is its place here, so ascending numbers are sorted ports. */
  private final OriginSpec[] nodes;

  private final Map<OriginSpec, Integer> numbers;
  private final BitSet evaluated;
  private final Adjacency needs;
  private final Adjacency runNeeds;
  private final Adjacency neededBy;
  private final List<Cycle> cycles;
  private final List<OriginSpec> order;

  private PortGraph(Evaluation evaluation) {
    nodes = nodes(evaluation);
    numbers = new HashMap<>(nodes.length * 2);
    for (int node = 0; node < nodes.length; node++) {
      numbers.put(nodes[node], node);
    }
    evaluated = new BitSet(nodes.length);
    evaluation.ports().keySet().forEach(spec -> evaluated.set(number(spec)));
    needs = edges(evaluation, kind -> kind != DependencyKind.TEST);
    runNeeds = edges(evaluation, DependencyKind::atRunTime);
    neededBy = needs.reversed();
    List<Cycle> knots = new ArrayList<>();
    List<OriginSpec> sorted = new ArrayList<>();
    for (int[] component : StrongComponents.of(needs)) {
      if (component.length > 1 || needs.contains(component[0], component[0])) {
        knots.add(new Cycle(specs(component), specs(Knot.shortestWayRound(needs, component))));
      } else if (evaluated.get(component[0])) {
        sorted.add(nodes[component[0]]);
      }
    }
    knots.sort((a, b) -> a.members().get(0).compareTo(b.members().get(0)));
    cycles = List.copyOf(knots);
    order = List.copyOf(sorted);
  }

  public static PortGraph of(Evaluation evaluation) {
    return new PortGraph(evaluation);
  }

  public boolean contains(OriginSpec spec) {
    return numbers.containsKey(spec);
  }

  /** What must be built before it: its direct dependencies of every kind but TEST, sorted. */
  public Set<OriginSpec> needs(OriginSpec spec) {
    return set(needs.ends(number(spec)));
  }

  /** What needs it directly, sorted. */
  public Set<OriginSpec> neededBy(OriginSpec spec) {
    return set(neededBy.ends(number(spec)));
  }

  /** All that needs it, directly or not, sorted; itself only where it is in a cycle. */
  public Set<OriginSpec> dependents(OriginSpec spec) {
    int[] waiting = new int[nodes.length + 1];
    waiting[0] = number(spec);
    BitSet seen = new BitSet(nodes.length);
    for (int taken = 0, known = 1; taken < known; taken++) {
      int node = waiting[taken];
      for (int at = neededBy.first(node); at < neededBy.last(node); at++) {
        int end = neededBy.end(at);
        if (!seen.get(end)) {
          seen.set(end);
          waiting[known++] = end;
        }
      }
    }
    return set(seen.stream().toArray());
  }

  /**
   * What an installed package needs installed with it: LIB and RUN, transitively, in an order of
   * installation.
   */
  public List<OriginSpec> runClosure(OriginSpec spec) {
    int node = number(spec);
    return installation(runNeeds.ends(node), node);
  }

  /**
   * What is installed before it is built: its direct dependencies and their run closures, in an
   * order of installation.
   */
  public List<OriginSpec> installedToBuild(OriginSpec spec) {
    int node = number(spec);
    return installation(needs.ends(node), node);
  }

  /** Each set of ports that need one another, sorted by first member. */
  public List<Cycle> cycles() {
    return cycles;
  }

  /** Every evaluated port that is in no cycle, dependencies first. */
  public List<OriginSpec> order() {
    return order;
  }

  /** These and what they need at run time, each after what it needs, without {@code self}. */
  private List<OriginSpec> installation(int[] first, int self) {
    BitSet entered = new BitSet(nodes.length);
    entered.set(self);
    List<OriginSpec> done = new ArrayList<>();
    IntStack path = new IntStack();
    IntStack next = new IntStack();
    for (int root : first) {
      enter(root, entered, path, next);
      while (!path.isEmpty()) {
        int node = path.top();
        int at = next.pop();
        if (at == runNeeds.last(node)) {
          done.add(nodes[node]);
          path.pop();
        } else {
          next.push(at + 1);
          enter(runNeeds.end(at), entered, path, next);
        }
      }
    }
    return Collections.unmodifiableList(done);
  }

  private void enter(int node, BitSet entered, IntStack path, IntStack next) {
    if (!entered.get(node)) {
      entered.set(node);
      path.push(node);
      next.push(runNeeds.first(node));
    }
  }

  private static OriginSpec[] nodes(Evaluation evaluation) {
    Set<OriginSpec> all = new TreeSet<>(evaluation.ports().keySet());
    Set<OriginSpec> ends = new LinkedHashSet<>();
    for (Port port : evaluation.ports().values()) {
      port.dependencies().forEach(dependency -> ends.add(dependency.on()));
    }
    all.addAll(ends);
    return all.toArray(OriginSpec[]::new);
  }

  private Adjacency edges(Evaluation evaluation, Predicate<DependencyKind> kinds) {
    int[][] rows = new int[nodes.length][];
    Arrays.fill(rows, new int[0]);
    for (Port port : evaluation.ports().values()) {
      if (port.ignore().isEmpty()) {
        rows[number(port.spec())] = port.dependencies().stream()
            .filter(dependency -> kinds.test(dependency.kind()))
            .map(Dependency::on)
            .mapToInt(this::number)
            .toArray();
      }
    }
    return Adjacency.of(rows);
  }

  private int number(OriginSpec spec) {
    Integer number = numbers.get(spec);
    if (number == null) {
      throw new IllegalArgumentException(spec + " is not in the graph");
    }
    return number;
  }

  private List<OriginSpec> specs(int[] numbersOfNodes) {
    return Arrays.stream(numbersOfNodes).mapToObj(node -> nodes[node]).toList();
  }

  private Set<OriginSpec> set(int[] numbersOfNodes) {
    Set<OriginSpec> set = new LinkedHashSet<>(specs(numbersOfNodes));
    return Collections.unmodifiableSet(set);
  }
}
