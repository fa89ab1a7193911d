package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Jails;
import org.slipway.packages.Flavor;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;

/** Layers in a request, and the make.conf that comes of them. */
final class LayerTest {
  private static final Layer GENERAL = layer(
      "farm",
      "CFLAGS+=-O2",
      Map.of(
          "www/a", Map.of("DOCS", true, "TLS", true),
          "www/b", Map.of("X", true),
          "www/c", Map.of("Y", false)));
  private static final Layer SET =
      layer("farm/web", "CFLAGS+=-g\n", Map.of("www/a", Map.of("LUA", true, "TLS", false)));

  @TempDir
  private Path temp;

  @Test
  void writesMakeLinesFromGeneralToParticular() {
    EvaluationRequest request = request(GENERAL, SET, Layer.ofJob(Map.of(), "WITH_DEBUG=yes \\"));
    assertThat(request.makeConf()).isEqualTo("""
        # Lines of farm.
        CFLAGS+=-O2

        # Lines of farm/web.
        CFLAGS+=-g

        # Lines of the job.
        WITH_DEBUG=yes \\

        """);
  }

  @Test
  void takesAPortsOptionsFromTheMostParticularLayerAloneAndLaysTheJobsOver() {
    EvaluationRequest request =
        request(GENERAL, SET, Layer.ofJob(Map.of(Origin.parse("www/a"), Map.of("LUA", false)), ""));
    assertThat(request.options())
        .isEqualTo(Map.of(
            Origin.parse("www/a"), Map.of("LUA", false, "TLS", false),
            Origin.parse("www/b"), Map.of("X", true),
            Origin.parse("www/c"), Map.of("Y", false)));
    assertThat(request.optionText("www_a")).isEqualTo("www_a_UNSET+= LUA TLS\n");
    assertThat(request.optionText("www_c")).isEqualTo("www_c_UNSET+= Y\n");
    assertThat(request.optionText("www_none")).isEmpty();
    assertThat(request.optionText("no name\nX=1")).isEmpty();
  }

  @Test
  void doesNotChangeAPortsTextForAnothersOption() {
    EvaluationRequest before = request(GENERAL, Layer.ofJob(Map.of(), "X=1"));
    EvaluationRequest after =
        request(GENERAL, Layer.ofJob(Map.of(Origin.parse("www/b"), Map.of("Z", true)), "X=1"));
    assertThat(after.optionText("www_b")).isNotEqualTo(before.optionText("www_b"));
    assertThat(after.optionText("www_a")).isEqualTo(before.optionText("www_a"));
    assertThat(after.makeConf()).isEqualTo(before.makeConf());
  }

  @Test
  void writesTheWholeFileWithOptionsAfterTheLinesSortedByName() {
    assertThat(MakeConf.text(Bench.request(
            List.of("all"),
            Map.of(
                Origin.parse("www/nginx-devel"), Map.of("LUA", true, "DEBUG", true, "TLS", false),
                Origin.parse("devel/a"), Map.of("X", false)),
            "WITH_DEBUG=yes")))
        .isEqualTo("""
            # Lines of the job.
            WITH_DEBUG=yes

            devel_a_UNSET+= X
            .if defined(www_nginx-devel_UNSET)
            www_nginx-devel_UNSET:=\t${www_nginx-devel_UNSET:NDEBUG:NLUA}
            .endif
            www_nginx-devel_SET+= DEBUG LUA
            www_nginx-devel_UNSET+= TLS
            """);
    assertThat(MakeConf.text(Bench.request(List.of("all"), Map.of(), ""))).isEmpty();
  }

  @Test
  void findsOptionsByNameWhereverTheUnderscoreStands() {
    Layer written = layer("farm", "", Map.of("my/cat_port", Map.of("X", true)));
    Layer job = Layer.ofJob(Map.of(Origin.parse("my_cat/port"), Map.of("Y", true)), "");
    assertThat(request(written, job).optionText("my_cat_port")).contains("my_cat_port_SET+= X Y\n");
  }

  @Test
  void letsOptionsBeatTheMakeLinesOfEveryLayer() throws Exception {
    try (Jails jails = Jails.open(temp.resolve("jails"), true);
        Bench bench = bench(jails)) {
      EvaluationRequest request = new EvaluationRequest(
          Bench.LINUX,
          List.of("www/libx++"),
          List.of(
              layer("farm", "www_libx++_UNSET=LUA TLS", Map.of()),
              layer("farm/web", "", Map.of("www/libx++", Map.of("LUA", true, "DOCS", false))),
              Layer.ofJob(Map.of(Origin.parse("www/libx++"), Map.of("DOCS", true)), "")),
          new TreeMap<>());
      Evaluation evaluation = bench.evaluate(request);
      Port port = evaluation.port(OriginSpec.parse("www/libx++")).orElseThrow();
      assertThat(port.options()).isEqualTo(Map.of("DOCS", true, "LUA", true, "TLS", false));
    }
  }

  @Test
  void namesTheLayerWhoseBlacklistHoldsAPort() {
    EvaluationRequest request = request(
        GENERAL.with(Blacklist.of(List.of("www/x@-"))),
        SET.with(Blacklist.of(List.of("www/x", "www/y"))));
    List<Flavor> flavors = List.of(new Flavor("one"), new Flavor("two"));
    assertThat(request.blacklistedBy(OriginSpec.parse("www/x@one"), flavors)).contains("farm");
    assertThat(request.blacklistedBy(OriginSpec.parse("www/x@two"), flavors)).contains("farm/web");
    assertThat(request.blacklistedBy(OriginSpec.parse("www/y"), List.of())).contains("farm/web");
    assertThat(request.blacklistedBy(OriginSpec.parse("www/z"), List.of())).isEmpty();
  }

  @Test
  void refusesNamesOptionsAndTextsThatCannotBeWritten() {
    assertThatThrownBy(() -> layer("a\nb", "", Map.of())).hasMessageContaining("printable");
    assertThatThrownBy(() -> layer("a", "X=\0", Map.of())).hasMessageContaining("NUL");
    assertThatThrownBy(() -> layer("a", "", Map.of("www/a", Map.of("A B", true))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not an option");
  }

  @Test
  void takesDefinesThatAreMakeVariablesAndRefusesOthers() {
    assertThat(MakeConf.defines(
            defined(Map.of("OSVERSION", "1402000", ".X", "a#b")).defines()))
        .isEqualTo(".X=\ta\\#b\nOSVERSION=\t1402000\n");
    for (String name : List.of("", "1X", "A B", "A=B", "A\nB", "A:sh", "X".repeat(129))) {
      assertThatThrownBy(() -> defined(Map.of(name, "1")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is not a make variable to define");
    }
    for (String value : List.of("a\nb", "a\rb", "a\0b", "a\\", "x".repeat(10_001))) {
      assertThatThrownBy(() -> defined(Map.of("A", value)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("the value of A must be one line");
    }
  }

  private Bench bench(Jails jails) throws IOException {
    return new Bench(temp, jails)
        .framework()
        .port("www/libx++", "OPTIONS_DEFINE=\tDOCS LUA TLS", "OPTIONS_DEFAULT=\tTLS");
  }

  private static EvaluationRequest defined(Map<String, String> defines) {
    return new EvaluationRequest(Bench.LINUX, List.of("all"), List.of(), new TreeMap<>(defines));
  }

  private static EvaluationRequest request(Layer... layers) {
    return new EvaluationRequest(Bench.LINUX, List.of("all"), List.of(layers), new TreeMap<>());
  }

  private static Layer layer(
      String name, String makeConf, Map<String, Map<String, Boolean>> options) {
    Map<Origin, Map<String, Boolean>> byOrigin = new TreeMap<>();
    options.forEach((origin, port) -> byOrigin.put(Origin.parse(origin), port));
    return new Layer(name, makeConf, Layer.ofJob(byOrigin, "").options(), Blacklist.NONE);
  }
}
