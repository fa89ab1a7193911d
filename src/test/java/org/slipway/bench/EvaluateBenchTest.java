package org.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Target;
import org.slipway.jail.Jails;
import org.slipway.tree.Checkout;
import org.slipway.tree.PortsTree;

final class EvaluateBenchTest {
  @TempDir
  private static Path shared;

  private static Jails jails;

  @TempDir
  private Path temp;

  @BeforeAll
  static void openJails() throws IOException {
    jails = Jails.open(shared.resolve("jails"), true);
  }

  @AfterAll
  static void closeJails() throws IOException {
    jails.close();
  }

  @Test
  void measuresEveryWayOnTheSamePortsAndFindsTheSameAnswers() throws Exception {
    EvaluateReport report;
    try (SmallFork fork = new SmallFork(temp).dozen()) {
      report = run(fork, wish(SmallFork.TARGET, Optional.empty(), 1, true));
    }
    Round round = report.rounds().get(0);
    assertThat(round.figures()).containsOnlyKeys(Way.OURS, Way.PRESETS, Way.BARE);
    // 8 leaves, liba, two flavors of tool, odd, and broken, which has no answers.
    assertThat(round.ports()).isEqualTo(13);
    assertThat(round.asked()).isEqualTo(13);
    Verification verification = round.verification().orElseThrow();
    assertThat(verification.differences()).isEmpty();
    assertThat(verification.ports()).isEqualTo(13);
    assertThat(verification.answers()).isEqualTo(12L * Evaluator.questions().size() + 1);
    assertThat(report.lines()).allMatch(line -> line.length() <= 80);
    assertThat(report.lines()).anyMatch(line -> line.endsWith("of 13 ports, 0 different"));
    JsonNode json = new ObjectMapper().readTree(report.json());
    assertThat(json.at("/verification/ports").asInt()).isEqualTo(13);
    assertThat(json.at("/rounds/0/plain_no_compiler_presets/wall").asDouble()).isPositive();
    assertThat(json.at("/ratios/plain_presets/wall").asDouble())
        .isEqualTo(report.ratio(Way.PRESETS, EvaluateReport.Measure.WALL).orElseThrow());
  }

  @Test
  void comparesSamplesRoundByRoundAndLeavesOutWhatATargetHasNot() throws Exception {
    Target linux = SmallFork.target("Linux:3.2:x86_64");
    EvaluateReport report;
    try (SmallFork fork = new SmallFork(temp)
        .port("misc", "one", "1.0")
        .port("misc", "two", "1.0", "RUN_DEPENDS=\tx:misc/one")) {
      report = run(fork, wish(linux, Optional.of(1), 3, true));
    }
    assertThat(report.rounds()).hasSize(3);
    assertThat(report.rounds()).allMatch(round -> round.ports() == 1);
    assertThat(report.rounds()).allMatch(round -> !round.figures().containsKey(Way.BARE));
    assertThat(report.verification().orElseThrow().ports())
        .isEqualTo(report.rounds().stream().mapToInt(Round::ports).sum());
    assertThat(report.ratio(Way.BARE, EvaluateReport.Measure.CPU)).isEmpty();
    assertThat(report.lines())
        .anyMatch(line -> line.startsWith("plain, no compiler presets: not run"));
  }

  @Test
  void findsEveryAnswerThatAKitChangedBehindItsBackChanges() throws Exception {
    try (SmallFork fork = new SmallFork(temp)
            .port("misc", "same", "1.0", "MAKE_ARGS=\tplain")
            .port("misc", "asks", "1.0", "MAKE_ARGS=\t${SECRET:Unone}", "LICENSE=\t${OTHER:Unone}")
            .port("misc", "longer", "1.0", "MAKE_ARGS=\t${LINES:Uone}")
            .port("misc", "stops", "1.0", ".if defined(SECRET)", ".error stopped", ".endif")
            .port("misc", "starts", "1.0", ".if !defined(SECRET)", ".error not yet", ".endif");
        Evaluator evaluator = new Evaluator(jails, temp.resolve("kit"), 1)) {
      fork.commit("All");
      try (PortsTree tree = fork.open();
          Checkout checkout = tree.checkout(tree.resolve("main"))) {
        Evaluation evaluation = evaluator.evaluate(checkout, SmallFork.everything());
        Path kit = changed(evaluator.kit(SmallFork.everything()));
        AnswerCheck check = new AnswerCheck(evaluation, Told.NOBODY);
        new PlainMake(jails, SmallFork.TARGET, checkout, kit, 1)
            .read(EvaluateBench.asked(checkout, evaluation), check);
        Verification verification = check.result();
        assertThat(verification.ports()).isEqualTo(5);
        assertThat(verification.differences())
            .map(Difference::sentence)
            .containsExactly(
                "misc/asks: LICENSE is \"none\", else \"b\"",
                "misc/asks: MAKE_ARGS is \"none\", else \"a\"",
                "misc/longer: MAKE_ARGS is \"one\", else \"one?two\"",
                "misc/starts: evaluation is \"no answers: " + starts(evaluation)
                    + "\", else \"exit status 0\"",
                "misc/stops: evaluation is \"answers\", else \"exit status 1\"");
      }
    }
  }

  private static String starts(Evaluation evaluation) {
    assertThat(evaluation.unevaluable()).hasSize(1);
    return evaluation.unevaluable().get(0).message();
  }

  private Path changed(Path kit) throws IOException {
    Path copy = Files.createDirectory(temp.resolve("changed"));
    try (Stream<Path> files = Files.list(kit)) {
      for (Path file : files.toList()) {
        Files.copy(file, copy.resolve(file.getFileName()));
      }
    }
    Files.writeString(
        copy.resolve("make.conf"),
        "SECRET=\ta\nOTHER=\tb\nLINES=\tone${.newline}two\n",
        StandardOpenOption.APPEND);
    return copy;
  }

  @Test
  void takesTheSameSampleEachTime() throws Exception {
    try (SmallFork fork = new SmallFork(temp).dozen().file("Tools/x/Makefile", "all:\n")) {
      fork.commit("All");
      try (PortsTree tree = fork.open();
          Checkout checkout = tree.checkout(tree.resolve("main"))) {
        List<String> sample = EvaluateBench.sample(checkout, 4, 1);
        assertThat(sample).hasSize(4).isEqualTo(EvaluateBench.sample(checkout, 4, 1));
        assertThat(EvaluateBench.sample(checkout, 4, 2)).hasSize(4).isNotEqualTo(sample);
        assertThat(EvaluateBench.sample(checkout, 1000, 3))
            .hasSize(12)
            .noneMatch(origin -> origin.startsWith("Tools/"));
      }
    }
  }

  @Test
  void asksThePortsOfThePlainWaysThatOursEvaluates() throws Exception {
    EvaluateBench.Wish wish = new EvaluateBench.Wish(
        SmallFork.TARGET, SmallFork.NO_DEFINES, Optional.empty(), false, 1, true);
    try (SmallFork fork = new SmallFork(temp).dozen()) {
      EvaluateReport report = run(fork, wish);
      Round round = report.rounds().get(0);
      // Known before ours has run; without flavors a port is asked once.
      assertThat(round.ports()).isEqualTo(12);
      assertThat(round.asked()).isEqualTo(12);
      assertThat(report.verification().orElseThrow().ports()).isEqualTo(12);
      assertThat(report.verification().orElseThrow().differences()).isEmpty();
    }
  }

  @Test
  void refusesWhatIsNoTreeAndATreeWithoutPorts() throws Exception {
    EvaluateBench bench = new EvaluateBench(jails, temp, 1, Told.NOBODY);
    EvaluateBench.Wish wish = wish(SmallFork.TARGET, Optional.empty(), 1, false);
    Checkout none = Checkout.ofFolder(Files.createDirectory(temp.resolve("none")));
    assertThatThrownBy(() -> bench.run(none, wish))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("is no ports tree");
    try (SmallFork fork = new SmallFork(temp)) {
      assertThatThrownBy(() -> run(fork, wish))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("lists no ports in its category makefiles");
    }
    assertThatThrownBy(() -> wish(SmallFork.TARGET, Optional.of(0), 1, false))
        .hasMessage("0 ports cannot be a sample; give at least 1");
    assertThatThrownBy(() -> wish(SmallFork.TARGET, Optional.empty(), 0, false))
        .hasMessage("0 rounds measure nothing; give at least 1");
    assertThatThrownBy(() -> new EvaluateBench(jails, temp, 0, Told.NOBODY))
        .hasMessage("0 workers cannot evaluate; give at least 1");
  }

  private static EvaluateBench.Wish wish(
      Target target, Optional<Integer> sample, int rounds, boolean verify) {
    return new EvaluateBench.Wish(target, SmallFork.NO_DEFINES, sample, true, rounds, verify);
  }

  private static EvaluateReport run(SmallFork fork, EvaluateBench.Wish wish) throws Exception {
    fork.commit("All");
    try (PortsTree tree = fork.open();
        Checkout checkout = tree.checkout(tree.resolve("main"))) {
      return new EvaluateBench(jails, fork.folder(), 2, Told.NOBODY).run(checkout, wish);
    }
  }
}
