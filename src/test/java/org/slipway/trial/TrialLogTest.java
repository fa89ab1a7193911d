package org.slipway.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;

final class TrialLogTest {
  @TempDir
  private Path folder;

  @Test
  void keepsAllInTheFileAndTheLastLinesOfTheLastPhaseAtHand() throws Exception {
    try (TrialLog log = log()) {
      log.phase(Phase.BUILD);
      say(log, "of the phase before\n");
      log.phase(Phase.STAGE);
      for (int line = 1; line <= 40; line++) {
        say(log, "line " + line + "\n");
      }
      say(log, "unfinished");
      TrialReport report = log.report();
      assertThat(report.tail()).hasSize(30).startsWith("line 12").endsWith("line 40", "unfinished");
      assertThat(report.findings()).isEmpty();
    }
    assertThat(Files.readAllLines(folder.resolve("logs/a.log"))).hasSize(42);
  }

  @Test
  void findsComplaintsOfThePhasesThatTestAndNoOthers() throws Exception {
    try (TrialLog log = log()) {
      log.phase(Phase.BUILD);
      say(log, "Error: of a compiler\n");
      log.phase(Phase.CHECK_PLIST);
      say(log, "===>  Phase: check-plist\n====> Checking\n");
      say(log, "Error: Orphaned: bin/x\nWarning: odd\nerrors are fine words\n");
      log.phase(Phase.LEFTOVERS);
      say(log, "=> Left over: /usr/local/etc/x\n");
      assertThat(log.report().findings())
          .extracting(each -> each.phase() + ": " + each.text())
          .containsExactly(
              "check-plist: Error: Orphaned: bin/x",
              "check-plist: Warning: odd",
              "leftovers: => Left over: /usr/local/etc/x");
    }
  }

  @Test
  void takesThePathsBeforeTheEndWhereThatIsWhatFailed() throws Exception {
    try (TrialLog log = log()) {
      log.phase(Phase.STAGE);
      say(log, "+ /said/by/a/shell\nok\n+ /usr/local/x\nM /etc/hosts\n===>  stage: failed\n");
      assertThat(log.report(FailureClass.STAGE).findings()).isEmpty();
      assertThat(log.report(FailureClass.FS_VIOLATION).findings())
          .extracting(TrialReport.Finding::text)
          .containsExactly("+ /usr/local/x", "M /etc/hosts");
    }
  }

  @Test
  void countsWhatIsTooMuchToKeep() throws Exception {
    try (TrialLog log = log()) {
      log.phase(Phase.STAGE_QA);
      say(log, "Error: again\n".repeat(250));
      assertThat(log.report().findings()).hasSize(200);
      assertThat(log.report().omitted()).isEqualTo(50);
    }
  }

  @Test
  void showsNothingThatMovesACursor() throws Exception {
    try (TrialLog log = log()) {
      log.phase(Phase.BUILD);
      say(log, "\u001b]0;title\u0007\u001b[31mred\u001b[0m\tand\u0007 \u202eback\n");
      say(log, "10%\r20%\r100%\r\n");
      say(log, "x".repeat(5000) + "\n");
      assertThat(log.report().tail()).containsExactly("red and? ?back", "100%", "x".repeat(2000));
    }
  }

  private TrialLog log() throws IOException {
    return new TrialLog(folder.resolve("logs/a.log"));
  }

  private static void say(TrialLog log, String text) throws IOException {
    log.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
