package org.slipway.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.graph.AsciiPorts.spec;
import static org.slipway.graph.AsciiPorts.specs;
import static org.slipway.graph.AsciiPorts.words;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PortGraphTest {
  private static PortGraph graph(String text) {
    return PortGraph.of(AsciiPorts.evaluation(text));
  }

  private final PortGraph diamond = graph("""
      app -> left(lib) right(lib) tool
      left -> base(lib)
      right -> base(run) tool
      tool -> base(lib) gen
      gen
      base
      """);

  @Test
  void namesDirectNeighboursSorted() {
    assertThat(words(diamond.needs(spec("app")))).isEqualTo("left right tool");
    assertThat(words(diamond.neededBy(spec("base")))).isEqualTo("left right tool");
    assertThat(diamond.needs(spec("base"))).isEmpty();
  }

  @Test
  void findsAllDependents() {
    assertThat(words(diamond.dependents(spec("gen")))).isEqualTo("app right tool");
    assertThat(words(diamond.dependents(spec("base")))).isEqualTo("app left right tool");
    assertThat(diamond.dependents(spec("app"))).isEmpty();
  }

  @Test
  void installsWhatRunsAndNotWhatOnlyBuilt() {
    assertThat(words(diamond.runClosure(spec("app")))).isEqualTo("base left right");
    assertThat(words(diamond.installedToBuild(spec("app")))).isEqualTo("base left right tool");
    assertThat(words(diamond.installedToBuild(spec("tool")))).isEqualTo("base gen");
  }

  @Test
  void testDependenciesAreNoNeed() {
    PortGraph graph = graph("a -> b(test) c(test build)\nb\nc");
    assertThat(words(graph.needs(spec("a")))).isEqualTo("c");
    assertThat(graph.dependents(spec("b"))).isEmpty();
  }

  @Test
  void ordersDependenciesFirst() {
    assertThat(words(diamond.order())).isEqualTo("base left gen tool right app");
  }

  @Test
  void answersDoNotDependOnTheOrderOfTheInput() {
    PortGraph other = graph("""
        base
        gen
        tool -> gen base(lib)
        right -> tool base(run)
        left -> base(lib)
        app -> tool right(lib) left(lib)
        """);
    assertThat(other.order()).isEqualTo(diamond.order());
    assertThat(other.installedToBuild(spec("app")))
        .isEqualTo(diamond.installedToBuild(spec("app")));
  }

  @Test
  void reportsACycleByItsMembersAndOneWayRound() {
    PortGraph graph = graph("""
        user -> b
        a -> b
        b -> c
        c -> d leaf
        d -> a b
        leaf
        """);
    assertThat(graph.cycles())
        .containsExactly(new Cycle(specs("a", "b", "c", "d"), specs("a", "b", "c", "d")));
    assertThat(words(graph.order())).isEqualTo("leaf user");
  }

  @Test
  void theWayRoundIsTheShortestFromTheFirstMember() {
    PortGraph graph = graph("a -> z b\nb -> c\nc -> a\nz -> a");
    assertThat(graph.cycles().get(0).path()).isEqualTo(specs("a", "z"));
  }

  @Test
  void aPortThatNeedsItselfIsACycleOfOne() {
    PortGraph graph = graph("a -> a\nb -> a");
    assertThat(graph.cycles()).containsExactly(new Cycle(specs("a"), specs("a")));
    assertThat(words(graph.order())).isEqualTo("b");
  }

  @Test
  void cyclesAreReportedApartAndSorted() {
    PortGraph graph = graph("m -> n\nn -> m\nb -> c m\nc -> b");
    assertThat(graph.cycles())
        .extracting(cycle -> words(cycle.members()))
        .containsExactly("b c", "m n");
  }

  @Test
  void aCycleDoesNotHangAClosure() {
    PortGraph graph = graph("a -> b(run)\nb -> a(run) c(lib)\nc\nuser -> a");
    assertThat(words(graph.runClosure(spec("a")))).isEqualTo("c b");
    assertThat(words(graph.installedToBuild(spec("user")))).isEqualTo("c b a");
    assertThat(words(graph.dependents(spec("a")))).isEqualTo("a b user");
  }

  @Test
  void anIgnoredPortNeedsNothing() {
    PortGraph graph = graph("a -> b\nb ! is broken\nc -> a b");
    assertThat(graph.cycles()).isEmpty();
    assertThat(words(graph.neededBy(spec("b")))).isEqualTo("a c");
  }

  @Test
  void holdsWhatGaveNoAnswersAsANeed() {
    PortGraph graph = graph("a -> gone bad\nbad ? no such variable");
    assertThat(words(graph.needs(spec("a")))).isEqualTo("bad gone");
    assertThat(words(graph.dependents(spec("gone")))).isEqualTo("a");
    assertThat(words(graph.order())).isEqualTo("a");
  }

  @Test
  void keepsFlavorsApart() {
    PortGraph graph = graph("app -> lib@py39(run)\nlib@py39\nlib@py311");
    assertThat(words(graph.runClosure(spec("app")))).isEqualTo("lib@py39");
    assertThat(graph.neededBy(spec("lib@py311"))).isEmpty();
  }

  @Test
  void refusesAPortThatItDoesNotHold() {
    assertThatThrownBy(() -> diamond.needs(spec("other")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("x/other is not in the graph");
  }

  @Test
  void aChainOfTwentyThousandPortsNeedsNoDeepStack() {
    StringBuilder text = new StringBuilder("p00000\n");
    for (int at = 1; at < 20_000; at++) {
      text.append(String.format("p%05d -> p%05d(lib)%n", at, at - 1));
    }
    PortGraph graph = graph(text.toString());
    assertThat(graph.order()).hasSize(20_000).startsWith(spec("p00000"));
    assertThat(graph.runClosure(spec("p19999"))).hasSize(19_999).startsWith(spec("p00000"));
    assertThat(graph.dependents(spec("p00000"))).hasSize(19_999);
  }

  @Test
  void everyOrderOfARandomGraphHasDependenciesFirst() {
    Random random = new Random(7);
    StringBuilder text = new StringBuilder();
    for (int port = 0; port < 400; port++) {
      text.append("p").append(port).append(" ->");
      for (int edge = 0; edge < 4 && port > 0; edge++) {
        text.append(" p").append(random.nextInt(port)).append(random.nextBoolean() ? "(run)" : "");
      }
      text.append('\n');
    }
    PortGraph graph = graph(text.toString());
    var order = graph.order();
    assertThat(order).hasSize(400);
    for (var port : order) {
      graph
          .needs(port)
          .forEach(need -> assertThat(order.indexOf(need)).isLessThan(order.indexOf(port)));
      var installs = graph.installedToBuild(port);
      installs.forEach(installed -> assertThat(installs.subList(0, installs.indexOf(installed)))
          .containsAll(graph.runClosure(installed)));
      assertThat(installs)
          .containsAll(graph.needs(port))
          .doesNotContainAnyElementsOf(List.of(port));
    }
  }
}
