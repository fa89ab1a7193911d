package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.graph.AsciiPorts.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.slipway.evaluate.Evaluation;
import org.slipway.graph.AsciiPorts;
import org.slipway.graph.PortGraph;

class LineageJsonTest {
  @Test
  void isOneObjectOnOneLine() throws Exception {
    String tree = """
        app -> lib@py39(lib run)
        lib@py39 2.0 -> old(run build) base
        old ! is too old
        base -> zlib(lib)
        zlib
        """;
    assertThat(json(tree, "lib@py39"))
        .endsWith("\n")
        .isEqualToIgnoringNewLines("""
            {"origin":"x/lib","flavor":"py39","pkgname":"lib-py39-2.0","state":"ok","reason":null,
            "needs":[{"origin":"x/base","flavor":null,"kinds":["build"],"state":"ok",
            "reason":null},{"origin":"x/old","flavor":null,"kinds":["build","run"],
            "state":"ignored","reason":"is too old"}],
            "needed_by":[{"origin":"x/app","flavor":null,"kinds":["lib","run"],"state":"ok",
            "reason":null}],
            "all_needs":["x/base","x/old","x/zlib"],"all_needed_by":["x/app"],"cycles":[]}""")
        .containsOnlyOnce("\n");
  }

  @Test
  void hasEverythingWhateverDepthAPersonAskedFor() throws Exception {
    String chain = "a -> b\nb -> c\nc -> d\nd";
    assertThat(json(chain, "a", OptionalInt.of(0)))
        .isEqualTo(json(chain, "a"))
        .contains("\"all_needs\":[\"x/b\",\"x/c\",\"x/d\"]");
  }

  @Test
  void hasItsOwnCycleFirstAndThoseThatItNeeds() throws Exception {
    JsonNode object = read("z -> y b\ny -> z\nb -> c d\nc -> b\nd\nm -> n\nn -> m", "z");
    assertThat(object.get("cycles"))
        .hasToString("[{\"members\":[\"x/y\",\"x/z\"],\"path\":[\"x/z\",\"x/y\"]},"
            + "{\"members\":[\"x/b\",\"x/c\"],\"path\":[\"x/b\",\"x/c\"]}]");
    assertThat(object.get("all_needs")).hasToString("[\"x/b\",\"x/c\",\"x/d\",\"x/y\"]");
  }

  @Test
  void saysWhatBecameOfAPort() throws Exception {
    String tree = "a -> gone\nbad ? line 3: \u001b[31m\"Missing\" \u009b operator\n";
    assertThat(read(tree, "a").at("/needs/0/state").textValue()).isEqualTo("missing");
    assertThat(read(tree, "a").at("/needs/0/reason").isNull()).isTrue();
    JsonNode bad = read(tree, "bad");
    assertThat(bad.get("state").textValue()).isEqualTo("unevaluable");
    assertThat(bad.get("pkgname").isNull()).isTrue();
    assertThat(bad.get("reason").textValue())
        .isEqualTo("line 3: \u001b[31m\"Missing\" \u009b operator");
    assertThat(json(tree, "bad").strip().chars()).allMatch(each -> each >= ' ' && each < 0x7F);
  }

  private static JsonNode read(String tree, String port) throws IOException {
    return new ObjectMapper().readTree(json(tree, port));
  }

  private static String json(String tree, String port) throws IOException {
    return json(tree, port, OptionalInt.empty());
  }

  private static String json(String tree, String port, OptionalInt depth) throws IOException {
    Evaluation evaluation = AsciiPorts.evaluation(tree);
    StringBuilder out = new StringBuilder();
    LineageJson.write(Lineage.of(PortGraph.of(evaluation), evaluation, spec(port), depth), out);
    return out.toString();
  }
}
