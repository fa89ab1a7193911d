package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.graph.AsciiPorts.spec;

import java.io.IOException;
import java.util.OptionalInt;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slipway.evaluate.Evaluation;
import org.slipway.graph.AsciiPorts;
import org.slipway.graph.PortGraph;

class LineageTextTest {
  private static final String TREE = """
      www/app 2.1 -> left(lib run) right(lib) tool
      left -> base(lib)
      right -> base(run) tool
      tool -> base(lib) gen
      gen
      base
      """;

  @Test
  void showsWhatAPortNeedsWithEachPortContinuedOnce() throws Exception {
    assertThat(text(TREE, "www/app", OptionalInt.empty())).isEqualTo("""
        www/app  app-2.1
        needs 5 packages, 3 directly; nothing needs it

        needs
        |- x/left     lib run
        |  `- x/base  lib
        |- x/right    lib
        |  |- x/base  run
        |  `- x/tool  build    (see below)
        `- x/tool     build
           |- x/base  lib
           `- x/gen   build
        """);
  }

  @Test
  void showsWhatNeedsAPort() throws Exception {
    assertThat(text(TREE, "gen", OptionalInt.empty())).isEqualTo("""
        x/gen  gen-1.0
        needs nothing; 3 need it, 1 directly

        needed by
        `- x/tool         build
           |- www/app     build
           `- x/right     build
              `- www/app  lib
        """);
  }

  @Test
  void pointsUpwardsToAPortThatWentOnThere() throws Exception {
    assertThat(text("a -> b c\nb -> d\nc -> d e\nd -> f\ne\nf", "a", OptionalInt.empty()))
        .contains("|- x/b        build\n|  `- x/d     build\n|     `- x/f  build\n")
        .contains("   |- x/d     build  (see above)\n");
  }

  @Test
  void drawsLinesWhereTheTerminalHasThem() throws Exception {
    StringBuilder out = new StringBuilder();
    LineageText.write(lineage("a -> b c\nb -> d\nc\nd", "a", OptionalInt.empty()), false, out);
    assertThat(out.toString()).endsWith("""
        ├─ x/b     build
        │  └─ x/d  build
        └─ x/c     build
        """);
  }

  @Test
  void aDepthHidesTheRestAndSaysHowMuch() throws Exception {
    assertThat(text(TREE, "www/app", OptionalInt.of(1))).isEqualTo("""
        www/app  app-2.1
        needs 5 packages, 3 directly; nothing needs it

        needs, to depth 1 of 2; --depth 2 shows more
        |- x/left   lib run  (1 more)
        |- x/right  lib      (2 more)
        `- x/tool   build    (2 more)
        """);
  }

  @Test
  void aDepthOfNothingShowsTheCounts() throws Exception {
    assertThat(text(TREE, "www/app", OptionalInt.of(0)))
        .endsWith("needs, to depth 0 of 2; --depth 2 shows more\n");
  }

  @Test
  void namesTheCycleThatAPortIsInWithAWayRound() throws Exception {
    assertThat(text("a -> b\nb -> c\nc -> a d\nd -> c\nuser -> a", "a", OptionalInt.empty()))
        .isEqualTo("""
            x/a  a-1.0
            needs 3 packages, 1 directly; 4 need it, 2 directly

            is in a cycle of 4 ports, a shortest way round:
              x/a -> x/b -> x/c -> x/a

            needs
            `- x/b           build
               `- x/c        build
                  |- x/a     build  (cycle)
                  `- x/d     build
                     `- x/c  build  (cycle)

            needed by
            |- x/c        build
            |  |- x/b     build
            |  |  `- x/a  build  (cycle)
            |  `- x/d     build
            |     `- x/c  build  (cycle)
            `- x/user     build
            """);
  }

  @Test
  void namesACycleThatAPortNeeds() throws Exception {
    assertThat(text("a -> b\nb -> b c\nc", "a", OptionalInt.empty()))
        .contains("needs a cycle of one port, which needs itself:\n  x/b -> x/b\n");
  }

  @Test
  void aPortThatNeedsItselfDoesNotCountItself() throws Exception {
    assertThat(text("a -> a b\nb", "a", OptionalInt.empty()))
        .contains("needs 1 package; nothing needs it\n")
        .contains("|- x/a  build  (cycle)\n");
  }

  @Test
  void showsOnlyPartOfALongWayRound() throws Exception {
    StringBuilder ring = new StringBuilder();
    IntStream.range(0, 500)
        .forEach(at -> ring.append(String.format("p%03d -> p%03d%n", at, (at + 1) % 500)));
    assertThat(text(ring.toString(), "p007", OptionalInt.empty()))
        .contains("is in a cycle of 500 ports, a shortest way round:\n  x/p007 -> x/p008 ->")
        .contains("-> ... 488 more -> x/p007\n");
  }

  @Test
  void saysWhyAPortCannotBeBuilt() throws Exception {
    String tree = """
        a -> old bad gone
        old ! is broken on this system
        bad ? line 3: Missing operator
        """;
    assertThat(text(tree, "a", OptionalInt.empty())).endsWith("""
        |- x/bad   build  does not evaluate: line 3: Missing operator
        |- x/gone  build  not in the tree
        `- x/old   build  ignored: is broken on this system
        """);
    assertThat(text(tree, "old", OptionalInt.empty()))
        .startsWith("x/old  old-1.0\nignored: is broken on this system\nneeds nothing; 1 needs it");
    assertThat(text(tree, "gone", OptionalInt.empty())).startsWith("x/gone\nnot in the tree\n");
  }

  @Test
  void nothingThatATerminalObeysGetsThere() throws Exception {
    String evil = "a -> b c\nb ! \u001b]0;pwned\u0007 \u009b31m\u202Egnp\nc ? \u001b[2J\tgone";
    for (String port : new String[] {"a", "b", "c"}) {
      assertThat(text(evil, port, OptionalInt.empty()).codePoints())
          .allMatch(point -> point == '\n' || (point >= ' ' && point < 0x7F));
    }
  }

  @Test
  void keepsToEightyColumnsHoweverLongAReasonIs() throws Exception {
    String tree = "a -> b\nb ! " + "word ".repeat(200) + "\nc ? " + "字字 ".repeat(500);
    for (String port : new String[] {"a", "b", "c"}) {
      for (String line : text(tree, port, OptionalInt.empty()).split("\n", -1)) {
        int wide = (int) line.chars().filter(each -> each == '字').count();
        assertThat(line.length() + wide).isLessThanOrEqualTo(80);
      }
    }
    assertThat(text(tree, "a", OptionalInt.empty()))
        .contains("ignored: word word")
        .contains("...");
  }

  @Test
  void showsAsManyStepsAsCanBeRead() throws Exception {
    StringBuilder tree = new StringBuilder("base\n");
    for (int at = 0; at < 30; at++) {
      tree.append(String.format("near%02d -> base%n", at));
      for (int far = 0; far < 10; far++) {
        tree.append(String.format("far%02d%d -> near%02d%n", at, far, at));
      }
    }
    String text = text(tree.toString(), "base", OptionalInt.empty());
    assertThat(text)
        .contains("needs nothing; 330 need it, 30 directly\n")
        .contains("needed by, to depth 1 of 2; --depth 2 shows more\n")
        .contains("|- x/near07  build  (10 more)\n");
    assertThat(text.lines()).hasSize(34);
    assertThat(text(tree.toString(), "base", OptionalInt.of(2)).lines()).hasSize(334);
  }

  @Test
  void showsTheFirstOfThousandsThatNeedALibrary() throws Exception {
    StringBuilder tree = new StringBuilder("base\n");
    IntStream.range(0, 3_000).forEach(at -> tree.append(String.format("p%04d -> base%n", at)));
    assertThat(text(tree.toString(), "base", OptionalInt.empty()))
        .contains("needs nothing; 3,000 need it, all directly\n")
        .contains("needed by, 40 of 3,000 that are direct; --depth 1 shows them all\n")
        .contains("|- x/p0039  build\n`- ... 2,960 more\n")
        .doesNotContain("p0040");
    assertThat(text(tree.toString(), "base", OptionalInt.of(1)))
        .endsWith("`- x/p2999  build\n")
        .doesNotContain("more");
  }

  @Test
  void aChainOfThousandsIsCutWhereATerminalEnds() throws Exception {
    StringBuilder chain = new StringBuilder("p0000\n");
    IntStream.range(1, 3_000)
        .forEach(at -> chain.append(String.format("p%04d -> p%04d%n", at, at - 1)));
    assertThat(text(chain.toString(), "p2999", OptionalInt.of(5_000)))
        .contains("needs, to depth 20, the most there is room for\n")
        .endsWith("`- x/p2979  build  (1 more)\n");
  }

  @Test
  void findsTheDefaultFlavorOfAPortThatIsAskedForWithoutOne() {
    Evaluation evaluation = AsciiPorts.evaluation("py@py311\ntool");
    PortGraph graph = PortGraph.of(evaluation);
    assertThat(Lineage.find(graph, evaluation, spec("py"))).contains(spec("py@py311"));
    assertThat(Lineage.find(graph, evaluation, spec("tool"))).contains(spec("tool"));
    assertThat(Lineage.find(graph, evaluation, spec("py@py39"))).isEmpty();
    assertThat(Lineage.find(graph, evaluation, spec("other"))).isEmpty();
  }

  private static Lineage lineage(String tree, String port, OptionalInt depth) {
    Evaluation evaluation = AsciiPorts.evaluation(tree);
    return Lineage.of(PortGraph.of(evaluation), evaluation, spec(port), depth);
  }

  private static String text(String tree, String port, OptionalInt depth) throws IOException {
    StringBuilder out = new StringBuilder();
    LineageText.write(lineage(tree, port, depth), true, out);
    return out.toString();
  }
}
