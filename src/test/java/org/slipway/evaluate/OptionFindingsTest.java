package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.tree.Checkout;

final class OptionFindingsTest {
  @TempDir
  private Path tree;

  @BeforeEach
  void plant() throws IOException {
    for (String origin : List.of("www/a", "my_cat/port")) {
      Files.createDirectories(tree.resolve(origin));
      Files.writeString(tree.resolve(origin).resolve("Makefile"), "");
    }
  }

  @Test
  void namesOptionsThatAPortHasNotAndTheLayerThatGivesThem() throws IOException {
    Layer set = layer("farm/web", Map.of("www/a", Map.of("LUA", true, "NEW", true, "OLD", false)));
    Layer hidden = layer("farm", Map.of("www/a", Map.of("HIDDEN", true)));
    Layer job = layer("the job", Map.of("www/a", Map.of("LAU", true)));
    assertThat(findings(List.of(hidden, set, job), port("www/a", "", "DOCS", "LUA")))
        .containsExactly(
            "www/a is given the options NEW, OLD by farm/web, which it has not; it has DOCS, LUA",
            "www/a is given the option LAU, which it has not; it has DOCS, LUA");
    assertThat(findings(List.of(job), port("www/a", "")))
        .containsExactly("www/a is given the option LAU, which it has not; it has none");
    assertThat(findings(
            List.of(layer("the job", Map.of("www/a", Map.of("LUA", false)))),
            port("www/a", "", "LUA")))
        .isEmpty();
  }

  @Test
  void looksOptionsUpByTheNameThatThePortKeepsThemUnder() throws IOException {
    Layer job = layer("the job", Map.of("www/shared", Map.of("WRONG", true)));
    assertThat(findings(List.of(job), port("www/a", "www_shared", "LUA")))
        .containsExactly("www/a is given the option WRONG, which it has not; it has LUA");
  }

  @Test
  void namesPortsThatAreNotInTheTreeManyOfOneLayerTogether() throws IOException {
    Map<String, Map<String, Boolean>> many = new TreeMap<>();
    for (int at = 100; at < 130; at++) {
      many.put("www/gone" + at, Map.of("X", true));
    }
    Layer old = layer("farm", many);
    Layer job =
        layer("the job", Map.of("www/gone", Map.of("X", true), "my/cat_port", Map.of("X", true)));
    assertThat(findings(List.of(old, job)))
        .satisfiesExactly(
            first -> assertThat(first)
                .startsWith("options are set in farm for 30 ports that are not in the tree:"
                    + " www/gone100, www/gone101,")
                .endsWith("www/gone119 and 10 more"),
            second -> assertThat(second)
                .isEqualTo("options are set for www/gone, but www/gone is not in the tree"));
    assertThat(findings(List.of(layer("farm", Map.of("www/no", Map.of("X", true))), job)))
        .contains("options are set for www/no in farm, but www/no is not in the tree");
  }

  @Test
  void namesChoicesThatCheckConfigRefuses() throws IOException {
    Map<String, String> groups = Map.of(
        "OPTIONS_SINGLE_MEMBERS", "TLS=BASE,LIBRE,GNU GUI=GTK,QT",
        "OPTIONS_MULTI_MEMBERS", "DB=MYSQL,PGSQL",
        "OPTIONS_RADIO_MEMBERS", "MPM=EVENT,WORKER",
        "OPTIONS_GROUP_MEMBERS", "MORE=A,B");
    assertThat(choices(groups, "BASE", "QT", "MYSQL", "PGSQL", "A", "B")).isEmpty();
    assertThat(choices(groups, "BASE", "GNU", "EVENT", "WORKER"))
        .containsExactly(
            "www/a of the options TLS (BASE, LIBRE, GNU) exactly one must be on, and BASE, GNU are;"
                + " check-config stops its build",
            "www/a of the options GUI (GTK, QT) exactly one must be on, and none is;"
                + " check-config stops its build",
            "www/a of the options DB (MYSQL, PGSQL) at least one must be on, and none is;"
                + " check-config stops its build",
            "www/a of the options MPM (EVENT, WORKER) at most one must be on, and EVENT, WORKER"
                + " are; check-config stops its build");
    assertThat(choices(Map.of("OPTIONS_SINGLE_MEMBERS", "= TLS odd")).toString())
        .isEqualTo("[]");
  }

  @Test
  void leavesAGroupAloneThatIsAnOptionItselfAndOff() throws IOException {
    Map<String, String> groups = Map.of("OPTIONS_MULTI_MEMBERS", "DB=MYSQL,PGSQL");
    Map<String, Boolean> off = new TreeMap<>(Map.of("DB", false, "MYSQL", false, "PGSQL", false));
    assertThat(findings(List.of(layer("the job", Map.of())), port("www/a", groups, off)))
        .isEmpty();
    off.put("DB", true);
    assertThat(findings(List.of(layer("the job", Map.of())), port("www/a", groups, off)))
        .hasSize(1);
  }

  private List<String> choices(Map<String, String> groups, String... on) throws IOException {
    Map<String, Boolean> options = new TreeMap<>();
    groups.values().forEach(words -> {
      for (String option : words.replaceAll("\\S*=", "").split("[ ,]", -1)) {
        options.put(option, List.of(on).contains(option));
      }
    });
    return findings(List.of(layer("the job", Map.of())), port("www/a", groups, options));
  }

  private List<String> findings(List<Layer> layers, Port... ports) throws IOException {
    return OptionFindings.of(
            layers, List.of(ports), new TreeFiles(Sources.of(Checkout.ofFolder(tree))))
        .stream()
        .map(finding -> finding.port().map(spec -> spec + " ").orElse("") + finding.message())
        .toList();
  }

  private static Layer layer(String name, Map<String, Map<String, Boolean>> options) {
    Map<Origin, Map<String, Boolean>> byOrigin = new TreeMap<>();
    options.forEach((origin, port) -> byOrigin.put(Origin.parse(origin), port));
    return new Layer(name, "", Layer.ofJob(byOrigin, "").options(), Blacklist.NONE);
  }

  private static Port port(String origin, String optionsName, String... options) {
    Map<String, Boolean> answers = new TreeMap<>();
    for (String option : options) {
      answers.put(option, true);
    }
    return port(
        origin, optionsName.isEmpty() ? Map.of() : Map.of("OPTIONS_NAME", optionsName), answers);
  }

  private static Port port(
      String origin, Map<String, String> variables, Map<String, Boolean> answers) {
    return new Port(
        OriginSpec.parse(origin),
        PackageName.parse("a-1.0"),
        List.of(),
        List.of(),
        Optional.empty(),
        answers,
        List.of(),
        variables,
        Digest.of(""),
        List.of(),
        List.of());
  }
}
