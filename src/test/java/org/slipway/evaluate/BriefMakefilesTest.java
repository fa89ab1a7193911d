package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Jails;
import org.slipway.packages.OriginSpec;
import org.slipway.tree.Checkout;

final class BriefMakefilesTest {
  /** SAID comes to what each of the makefile's statements does. */
  private static final String ODD = """
      # A comment that goes on \\
      SAID+=\tnever
      SAID =\tjoined \\
      \t\t\\
         of  three   # with a comment \\
      SAID+= never too
      SAID+=\tescaped\\ \t
      SAID+=   a\\#hash ${:Ua b c:[#]}#this is none
      SAID+=\t${:Ua b c:[#]} # this is
      .\tif defined(SAID) && \\
      \t\t!empty(SAID)   # yes
      .  for each in one \\
      \t\t two
      # skipped
      ${each}_X?=\t <${each}> \\
          looped \\
          # to here
      .    if ${each} == two
      SAID+=${${each}_X}
      .    endif
      .  endfor
      .else
      SAID+=\tnot
      .endif
      RAN  !=   echo "ran  it" \\
        '  twice' # not this
      SAID+=\t${RAN}
      odd:\tall  # sources
      \t@echo one; \\
      \techo two

      \t# three
      .if target(odd) && commands(odd) && !target(all)
      SAID:=${SAID} kept\\\\
      .endif
      SAID+=\tlast""";

  @TempDir
  private Path temp;

  @Test
  void leavesAFolderWithLinksThatHasNoIdAlone() throws Exception {
    Path mk = Files.createDirectories(temp.resolve("Mk"));
    Files.writeString(mk.resolve("a.mk"), "A=1\n");
    assertThat(new BriefMakefiles(temp.resolve("kit")).of(Optional.of(mk), Optional.empty()))
        .isPresent();
    Files.createSymbolicLink(mk.resolve("b.mk"), Path.of("a.mk"));
    assertThat(new BriefMakefiles(temp.resolve("kit")).of(Optional.of(mk), Optional.empty()))
        .isEmpty();
  }

  @Test
  void changesNoAnswer() throws Exception {
    try (Jails jails = Jails.open(temp.resolve("jails"), true);
        Bench bench = new Bench(temp, jails).framework()) {
      bench.file("Mk/bsd.asked.mk", "# word: 7\ndo-asked:\n\t@echo asked\n\nnot-asked:\n");
      String include = ".include \"${PORTSDIR}/Mk/bsd.asked.mk\"";
      bench.port(
          "devel/asks",
          include,
          ".if commands(do-asked) && !commands(not-asked)",
          "PORTVERSION=\t5",
          ".endif");
      bench.port("devel/reads", "PORTVERSION!=\tsed -n '1s/.* //p' ${PORTSDIR}/Mk/bsd.asked.mk");
      try (Checkout checkout = bench.checkout()) {
        for (int briefFrom : new int[] {1, 1000}) {
          Map<OriginSpec, Port> ports = new Evaluator(
                  jails, bench.kits(), Optional.empty(), 1, Duration.ofSeconds(60), briefFrom)
              .evaluate(checkout, Bench.request(List.of("devel/asks", "devel/reads"), Map.of(), ""))
              .ports();
          assertThat(version(ports, "devel/asks")).isEqualTo("5");
          assertThat(version(ports, "devel/reads")).isEqualTo("7");
        }
        assertThat(bench.kits()).isDirectoryContaining("glob:**/brief-*");
      }
    }
  }

  @Test
  void changesNoValueOfOddlyWrittenMakefiles() throws Exception {
    try (Jails jails = Jails.open(temp.resolve("jails"), true);
        Bench bench = new Bench(temp, jails).framework()) {
      bench.file("Mk/bsd.odd.mk", ODD);
      String include = ".include \"${PORTSDIR}/Mk/bsd.odd.mk\"";
      bench.port("devel/odd", include, "CONFIGURE_ARGS=\t${SAID:Q}");
      try (Checkout checkout = bench.checkout()) {
        List<Map<String, String>> answers = new ArrayList<>();
        for (int briefFrom : new int[] {1, 1000}) {
          Map<OriginSpec, Port> ports = new Evaluator(
                  jails, bench.kits(), Optional.empty(), 1, Duration.ofSeconds(60), briefFrom)
              .evaluate(checkout, Bench.request(List.of("devel/odd"), Map.of(), ""))
              .ports();
          answers.add(Map.copyOf(
              Objects.requireNonNull(ports.get(OriginSpec.parse("devel/odd"))).variables()));
        }
        assertThat(answers.get(0)).isEqualTo(answers.get(1));
        assertThat(answers.get(0).get("CONFIGURE_ARGS"))
            .contains("joined", "two", "hash", "looped", "ran", "kept");
      }
    }
  }

  private static String version(Map<OriginSpec, Port> ports, String origin) {
    return Objects.requireNonNull(ports.get(OriginSpec.parse(origin))).variable("PORTVERSION");
  }
}
