package org.slipway.graph;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.slipway.evaluate.DependencyKind;
import org.slipway.packages.OriginSpec;

/**
 * Random graphs, sparse to dense, with and without cycles, against a table of all pairs of ports
 * that is filled in the plainest way.
 */
class RandomGraphTest {
  private static final int NONE = 1_000;

  private static final List<DependencyKind> KINDS =
      List.of(DependencyKind.BUILD, DependencyKind.LIB, DependencyKind.RUN, DependencyKind.TEST);

  private static final Set<DependencyKind> RUN_TIME =
      Collections.unmodifiableSet(EnumSet.of(DependencyKind.LIB, DependencyKind.RUN));

  private final List<OriginSpec> ports = new ArrayList<>();
  private final List<List<Set<DependencyKind>>> drawn = new ArrayList<>();
  private PortGraph graph = PortGraph.of(AsciiPorts.evaluation(""));

  static IntStream seeds() {
    return IntStream.range(0, 60);
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void answersAreThoseOfAPlainTable(int seed) {
    draw(new Random(seed));
    Set<DependencyKind> needed = EnumSet.complementOf(EnumSet.of(DependencyKind.TEST));
    int[][] steps = steps(needed);
    int[][] runSteps = steps(RUN_TIME);
    for (int port = 0; port < ports.size(); port++) {
      OriginSpec spec = ports.get(port);
      int[] from = steps[port];
      int self = port;
      int[][] withoutSelf = steps(RUN_TIME, self);
      assertThat(graph.needs(spec)).isEqualTo(where(other -> direct(self, other, needed)));
      assertThat(graph.neededBy(spec)).isEqualTo(where(other -> direct(other, self, needed)));
      assertThat(graph.dependencies(spec)).isEqualTo(where(other -> from[other] < NONE));
      assertThat(graph.dependents(spec)).isEqualTo(where(other -> steps[other][self] < NONE));
      assertThat(new TreeSet<>(graph.runClosure(spec)))
          .isEqualTo(where(other -> other != self && runSteps[self][other] < NONE));
      assertThat(graph.installedToBuild(spec))
          .doesNotHaveDuplicates()
          .containsExactlyInAnyOrderElementsOf(where(other -> other != self
              && IntStream.range(0, ports.size())
                  .filter(need -> need != self && direct(self, need, needed))
                  .anyMatch(need -> need == other || withoutSelf[need][other] < NONE)));
      assertThat(graph.cycle(spec).map(cycle -> cycle.path().size()).orElse(NONE))
          .isEqualTo(from[port]);
      assertThat(graph.cycle(spec).map(Cycle::members).orElse(List.of()))
          .containsExactlyElementsOf(
              where(other -> from[other] < NONE && steps[other][self] < NONE));
      for (int other = 0; other < ports.size(); other++) {
        Set<DependencyKind> kinds = EnumSet.copyOf(needed);
        kinds.retainAll(drawn.get(port).get(other));
        assertThat(graph.kinds(spec, ports.get(other))).isEqualTo(kinds);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void everyWayRoundIsOneAndEveryOrderHolds(int seed) {
    draw(new Random(seed));
    Set<OriginSpec> inCycles = new TreeSet<>();
    for (Cycle cycle : graph.cycles()) {
      inCycles.addAll(cycle.members());
      for (OriginSpec member : cycle.members()) {
        List<OriginSpec> path = graph.cycle(member).orElseThrow().path();
        assertThat(path).startsWith(member).doesNotHaveDuplicates();
        for (int at = 0; at < path.size(); at++) {
          assertThat(graph.needs(path.get(at))).contains(path.get((at + 1) % path.size()));
        }
      }
    }
    List<OriginSpec> order = graph.order();
    Set<OriginSpec> inNone = new TreeSet<>(ports);
    inNone.removeAll(inCycles);
    assertThat(order).containsExactlyInAnyOrderElementsOf(inNone);
    for (OriginSpec spec : order) {
      List<OriginSpec> before = order.subList(0, order.indexOf(spec));
      Set<OriginSpec> late = new TreeSet<>(graph.needs(spec));
      late.removeAll(inCycles);
      before.forEach(late::remove);
      assertThat(late).isEmpty();
    }
  }

  @ParameterizedTest
  @MethodSource("seeds")
  void aViewIsTheGraphOfItsKindsAlone(int seed) {
    draw(new Random(seed));
    Set<DependencyKind> libraries = EnumSet.of(DependencyKind.LIB);
    PortGraph view = graph.only(libraries);
    int[][] steps = steps(libraries);
    for (int port = 0; port < ports.size(); port++) {
      int self = port;
      assertThat(view.dependents(ports.get(port)))
          .isEqualTo(where(other -> steps[other][self] < NONE));
    }
  }

  private void draw(Random random) {
    int size = 2 + random.nextInt(18);
    double density = Math.pow(random.nextDouble(), 2) / 2;
    boolean cyclic = random.nextBoolean();
    StringBuilder text = new StringBuilder();
    for (int port = 0; port < size; port++) {
      ports.add(AsciiPorts.spec(String.format("p%02d", port)));
    }
    Collections.shuffle(ports, random);
    for (int from = 0; from < size; from++) {
      List<Set<DependencyKind>> row = new ArrayList<>();
      text.append(ports.get(from)).append(" ->");
      for (int to = 0; to < size; to++) {
        Set<DependencyKind> kinds = EnumSet.noneOf(DependencyKind.class);
        if ((cyclic || to < from) && random.nextDouble() < density) {
          KINDS.stream().filter(kind -> random.nextBoolean()).forEach(kinds::add);
        }
        row.add(kinds);
        if (!kinds.isEmpty()) {
          text.append(' ').append(ports.get(to)).append('(');
          text.append(kinds.stream().map(DependencyKind::name).collect(Collectors.joining(" ")));
          text.append(')');
        }
      }
      drawn.add(row);
      text.append('\n');
    }
    graph = PortGraph.of(AsciiPorts.evaluation(text.toString()));
  }

  private boolean direct(int from, int to, Set<DependencyKind> kinds) {
    return drawn.get(from).get(to).stream().anyMatch(kinds::contains);
  }

  /** How many steps the shortest way takes from each port to each, at least one; NONE for no way. */
  private int[][] steps(Set<DependencyKind> kinds) {
    return steps(kinds, -1);
  }

  /** The same with every way over one port closed. */
  private int[][] steps(Set<DependencyKind> kinds, int closed) {
    int size = ports.size();
    int[][] steps = new int[size][size];
    for (int from = 0; from < size; from++) {
      for (int to = 0; to < size; to++) {
        steps[from][to] = direct(from, to, kinds) ? 1 : NONE;
      }
    }
    for (int over = 0; over < size; over++) {
      if (over == closed) {
        continue;
      }
      for (int from = 0; from < size; from++) {
        for (int to = 0; to < size; to++) {
          steps[from][to] = Math.min(steps[from][to], steps[from][over] + steps[over][to]);
        }
      }
    }
    return steps;
  }

  private Set<OriginSpec> where(IntPredicate wanted) {
    return IntStream.range(0, ports.size())
        .filter(wanted)
        .mapToObj(ports::get)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
