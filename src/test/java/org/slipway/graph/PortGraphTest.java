package org.slipway.graph;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.graph.AsciiPorts.spec;
import static org.slipway.graph.AsciiPorts.specs;
import static org.slipway.graph.AsciiPorts.words;

import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.slipway.evaluate.DependencyKind;
import org.slipway.packages.OriginSpec;

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
  void holdsWhatGaveNoAnswersAndNobodyNeeds() {
    PortGraph graph = graph("a\nbad ? no such variable");
    assertThat(graph.contains(spec("bad"))).isTrue();
    assertThat(graph.needs(spec("bad"))).isEmpty();
    assertThat(graph.dependents(spec("bad"))).isEmpty();
    assertThat(words(graph.order())).isEqualTo("a");
  }

  @Test
  void findsAllDependencies() {
    assertThat(words(diamond.dependencies(spec("right")))).isEqualTo("base gen tool");
    assertThat(words(diamond.dependencies(spec("app")))).isEqualTo("base gen left right tool");
    assertThat(diamond.dependencies(spec("gen"))).isEmpty();
  }

  @Test
  void knowsTheKindsOfADependency() {
    PortGraph graph = graph("a -> b(run lib build test) c(test)\nb\nc");
    assertThat(graph.kinds(spec("a"), spec("b")))
        .containsExactly(DependencyKind.BUILD, DependencyKind.LIB, DependencyKind.RUN);
    assertThat(graph.kinds(spec("a"), spec("c"))).isEmpty();
    assertThat(graph.kinds(spec("b"), spec("a"))).isEmpty();
  }

  @Test
  void aViewOfSomeKindsKnowsNoOther() {
    PortGraph libraries = diamond.only(EnumSet.of(DependencyKind.LIB));
    assertThat(words(libraries.needs(spec("app")))).isEqualTo("left right");
    assertThat(words(libraries.dependents(spec("base")))).isEqualTo("app left tool");
    assertThat(libraries.kinds(spec("app"), spec("tool"))).isEmpty();
    assertThat(libraries.order()).hasSameElementsAs(diamond.order());
  }

  @Test
  void aViewKeepsAllKindsOfTheDependenciesThatItHas() {
    PortGraph graph = graph("a -> b(build lib) c(run)\nb\nc");
    PortGraph view = graph.only(EnumSet.of(DependencyKind.BUILD));
    assertThat(view.kinds(spec("a"), spec("b")))
        .containsExactly(DependencyKind.BUILD, DependencyKind.LIB);
    assertThat(view.runClosure(spec("a"))).containsExactly(spec("b"));
  }

  @Test
  void aViewHasOnlyTheCyclesOfItsKinds() {
    PortGraph graph = graph("a -> b(lib)\nb -> a(build) c(lib)\nc -> b(lib)");
    assertThat(words(graph.cycles().get(0).members())).isEqualTo("a b c");
    assertThat(graph.only(EnumSet.of(DependencyKind.LIB)).cycles())
        .containsExactly(new Cycle(specs("b", "c"), specs("b", "c")));
  }

  @Test
  void tellsTheWayRoundFromTheMemberThatIsAskedFor() {
    PortGraph graph = graph("a -> b\nb -> c\nc -> a d\nd -> c\nuser -> a");
    assertThat(graph.cycle(spec("d")))
        .contains(new Cycle(specs("a", "b", "c", "d"), specs("d", "c")));
    assertThat(graph.cycle(spec("user"))).isEmpty();
  }

  @Test
  void aRingOfThousandsIsOneCycle() {
    StringBuilder text = new StringBuilder();
    for (int at = 0; at < 5_000; at++) {
      text.append(String.format("p%04d -> p%04d%n", at, (at + 1) % 5_000));
    }
    PortGraph graph = graph(text.toString());
    assertThat(graph.cycles()).hasSize(1);
    assertThat(graph.cycles().get(0).members()).hasSize(5_000);
    assertThat(graph.cycle(spec("p0007")).orElseThrow().path())
        .hasSize(5_000)
        .startsWith(spec("p0007"), spec("p0008"))
        .endsWith(spec("p0006"));
    assertThat(graph.dependents(spec("p0000"))).hasSize(5_000);
    assertThat(graph.order()).isEmpty();
  }

  @Test
  void aSetOfPortsIsSortedAndUnmodifiable() {
    Set<OriginSpec> dependents = diamond.dependents(spec("base"));
    assertThat(dependents)
        .isEqualTo(Set.copyOf(specs("app", "left", "right", "tool")))
        .containsExactlyElementsOf(specs("app", "left", "right", "tool"))
        .contains(spec("left"))
        .doesNotContain(spec("base"), spec("other"));
    assertThatThrownBy(() -> dependents.remove(spec("left")))
        .isInstanceOf(UnsupportedOperationException.class);
    assertThatThrownBy(() -> dependents.add(spec("gen")))
        .isInstanceOf(UnsupportedOperationException.class);
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
