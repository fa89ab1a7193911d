package org.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Evaluator;
import org.slipway.jail.Jails;
import org.slipway.tree.Checkout;
import org.slipway.tree.CommitId;
import org.slipway.tree.PortsTree;
import org.slipway.tree.TreeException;

final class ReplayBenchTest {
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
  void walksFromCommitToCommitAndFindsNoDifference() throws Exception {
    try (SmallFork fork = new SmallFork(temp).dozen()) {
      fork.commit("Before");
      fork.commit("Oldest");
      for (int i = 0; i < 8; i++) {
        fork.port("misc", "leaf" + i, "9." + i).commit("Update leaf" + i);
      }
      fork.file("NOTES", "Nothing that make reads.\n").commit("Say something");
      fork.port("misc", "late", "1.0").commit("Add a port");
      fork.file("devel/tool/extra.mk", "WWW=\thttps://example.org\n")
          .port("devel", "tool", "3.1", ".include \"extra.mk\"")
          .commit("Change what others need");
      CommitId newest =
          fork.file("Mk/Uses/unused.mk", "# Read by nobody.\n").commit("Change the framework");
      ReplayReport report;
      try (PortsTree tree = fork.open()) {
        report = bench().run(tree, wish(newest, 12, Optional.of(5)));
      }
      assertThat(report.ports()).isEqualTo(12);
      assertThat(report.first().asked()).isEqualTo(13);
      assertThat(report.steps()).hasSize(12);
      assertThat(report.steps().subList(0, 9))
          .map(Step::asked)
          .containsExactly(1, 1, 1, 1, 1, 1, 1, 1, 0);
      assertThat(report.steps().get(11).commit()).isEqualTo(newest);
      assertThat(report.steps()).map(Step::framework).filteredOn(each -> each).hasSize(1);
      assertThat(report.asked(ReplayReport.Commits.OUTSIDE).count()).isEqualTo(11);
      assertThat(report.asked(ReplayReport.Commits.ALL).median()).isEqualTo(1);
      assertThat(report.restart().effort().asked()).isZero();
      assertThat(report.restart().effort().kept()).isEqualTo(13);
      assertThat(report.checks()).hasSize(3);
      assertThat(report.checks()).allMatch(check -> check.verification().ports() >= 12);
      assertThat(report.differences()).isEmpty();
      assertThat(report.lines()).allMatch(line -> line.length() <= 80);
      JsonNode json = new ObjectMapper().readTree(report.json());
      assertThat(json.at("/steps")).hasSize(12);
      assertThat(json.at("/commits/outside_mk/count").asInt()).isEqualTo(11);
      assertThat(json.at("/checks/2/differences")).isEmpty();
    }
  }

  @Test
  void findsAllThatDiffersBetweenTwoEvaluations() throws Exception {
    try (SmallFork fork = new SmallFork(temp)
            .port("misc", "same", "1.0")
            .port("misc", "gone", "1.0")
            .port("misc", "other", "1.0", "RUN_DEPENDS=\tx:misc/same");
        Evaluator evaluator = new Evaluator(jails, temp.resolve("kit"), 1)) {
      CommitId one = fork.commit("One");
      CommitId two = fork.port("misc", "gone", "1.0", ".error gone")
          .port("misc", "other", "1.1")
          .commit("Two");
      try (PortsTree tree = fork.open()) {
        Evaluation first = evaluate(evaluator, tree, one);
        Evaluation second = evaluate(evaluator, tree, two);
        Verification verification = EvaluationCheck.compare(first, second);
        assertThat(verification.ports()).isEqualTo(3);
        assertThat(verification.differences())
            .map(each -> each.port() + " " + each.what())
            .contains(
                "misc/gone evaluation",
                "misc/gone unevaluable",
                "misc/other name",
                "misc/other dependencies",
                "misc/other sources",
                "misc/other PORTVERSION",
                "misc/other RUN_DEPENDS")
            .noneMatch(each -> each.startsWith("misc/same"));
        assertThat(
                EvaluationCheck.compare(first, evaluate(evaluator, tree, one)).differences())
            .isEmpty();
      }
    }
  }

  @Test
  void refusesAWalkThatCannotBe() throws Exception {
    try (SmallFork fork = new SmallFork(temp).port("misc", "one", "1.0")) {
      CommitId only = fork.commit("Only");
      try (PortsTree tree = fork.open()) {
        assertThatThrownBy(() -> bench().run(tree, wish(only, 3, Optional.empty())))
            .isInstanceOf(TreeException.class)
            .hasMessageContaining("a walk needs two commits");
      }
      assertThatThrownBy(() -> wish(only, 0, Optional.empty()))
          .hasMessage("0 commits are no walk; give at least 1");
      assertThatThrownBy(() -> wish(only, 1, Optional.of(0)))
          .hasMessage("a comparison every 0 commits cannot be; give at least 1");
    }
  }

  private static Evaluation evaluate(Evaluator evaluator, PortsTree tree, CommitId commit)
      throws Exception {
    try (Checkout checkout = tree.checkout(commit)) {
      return evaluator.evaluate(checkout, SmallFork.everything());
    }
  }

  private ReplayBench bench() {
    return new ReplayBench(jails, temp, 2, Told.NOBODY);
  }

  private ReplayBench.Wish wish(CommitId newest, int commits, Optional<Integer> checkEvery) {
    return new ReplayBench.Wish(
        SmallFork.TARGET,
        SmallFork.NO_DEFINES,
        newest,
        commits,
        checkEvery,
        temp.resolve("evaluations"));
  }
}
