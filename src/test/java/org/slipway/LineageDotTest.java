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

class LineageDotTest {
  @Test
  void drawsAPortBetweenWhatItNeedsAndWhatNeedsIt() throws Exception {
    String tree = """
        app -> lib@py39(lib run)
        lib@py39 -> tool base(run) kit(extract)
        tool -> base(lib)
        base
        kit
        other -> base
        """;
    assertThat(dot(tree, "lib@py39", OptionalInt.empty())).isEqualTo("""
        digraph "x/lib@py39" {
          rankdir=LR;
          node [shape=box, fontname="Helvetica", fontsize=11];
          edge [fontname="Helvetica", fontsize=9];
          "x/lib@py39" [label="x/lib@py39", style=filled, fillcolor=lightgrey];
          "x/base" [label="x/base"];
          "x/kit" [label="x/kit"];
          "x/tool" [label="x/tool"];
          "x/app" [label="x/app"];
          "x/lib@py39" -> "x/base" [label="run", style=solid];
          "x/lib@py39" -> "x/kit" [label="extract", style=dotted];
          "x/lib@py39" -> "x/tool" [label="build", style=dashed];
          "x/tool" -> "x/base" [label="lib", style=bold];
          "x/app" -> "x/lib@py39" [label="lib run", style=bold];
        }
        """);
  }

  @Test
  void marksEveryEdgeOfACycleAndNoOther() throws Exception {
    assertThat(dot("user -> a\na -> b\nb -> a c\nc", "a", OptionalInt.empty()).lines())
        .filteredOn(line -> line.contains("->") && line.contains("color=red"))
        .containsExactly(
            "  \"x/a\" -> \"x/b\" [label=\"build\", style=dashed, color=red, fontcolor=red];",
            "  \"x/b\" -> \"x/a\" [label=\"build\", style=dashed, color=red, fontcolor=red];");
  }

  @Test
  void tellsHowMuchADepthLeavesOut() throws Exception {
    assertThat(dot("a -> b\nb -> c d\nc\nd\ntop -> user\nuser -> a", "a", OptionalInt.of(1)))
        .contains("\"x/b\" [label=\"x/b\\n2 more below\"];")
        .contains("\"x/user\" [label=\"x/user\\n1 more above\"];")
        .doesNotContain("x/c", "x/top");
  }

  @Test
  void drawsSomeOfThousandsThatNeedALibrary() throws Exception {
    StringBuilder tree = new StringBuilder("base\n");
    IntStream.range(0, 3_000).forEach(at -> tree.append(String.format("p%04d -> base%n", at)));
    assertThat(dot(tree.toString(), "base", OptionalInt.empty()))
        .contains("[label=\"x/base\\n2,960 more above\", ")
        .doesNotContain("x/p0040");
  }

  @Test
  void aReasonStaysWithinItsQuotes() throws Exception {
    String tree = "a -> b\nb ! \"]; evil [URL=\"x\\\" &quot;\u001b \\N\\";
    assertThat(dot(tree, "a", OptionalInt.empty()).lines())
        .contains("  \"x/b\" [label=\"x/b\", color=red, fontcolor=red, tooltip="
            + "\"ignored: \\\"]; evil [URL=\\\"x∖\\\" &amp;quot;? ∖N∖\"];");
  }

  private static String dot(String tree, String port, OptionalInt depth) throws IOException {
    Evaluation evaluation = AsciiPorts.evaluation(tree);
    StringBuilder out = new StringBuilder();
    LineageDot.write(Lineage.of(PortGraph.of(evaluation), evaluation, spec(port), depth), out);
    return out.toString();
  }
}
