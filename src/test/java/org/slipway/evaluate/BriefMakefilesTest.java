package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
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
  @TempDir
  private Path temp;

  @Test
  void keepsEachLineInItsPlace() {
    assertThat(brief("""
        # A comment \\
        that goes on
        A=\tone \\
        \ttwo # three
        .if ${A} == one
        all: ${A}
        \t@echo ${A} \\
        \t  more

        # between
        \t# perhaps a command
        \t \t
        .  if defined(B)
        \techo b
        .  endif
        .endif
        next:
        """)).isEqualTo("""


        A=\tone \\
        \ttwo # three
        .if ${A} == one
        all: ${A}
        \t:



        \t# perhaps a command

        .  if defined(B)
        \t:
        .  endif
        .endif
        next:
        """);
  }

  @Test
  void endsAsTheFileDoes() {
    assertThat(brief("a:\n\tb")).isEqualTo("a:\n\t:");
    assertThat(brief("a:\n\tb \\\\\n\tc\n")).isEqualTo("a:\n\t:\n\n");
    assertThat(brief("")).isEmpty();
    assertThat(brief("A=1\\\\\n# b\n")).isEqualTo("A=1\\\\\n\n");
  }

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

  private static String version(Map<OriginSpec, Port> ports, String origin) {
    return Objects.requireNonNull(ports.get(OriginSpec.parse(origin))).variable("PORTVERSION");
  }

  private static String brief(String makefile) {
    return new String(
        BriefMakefiles.brief(makefile.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }
}
