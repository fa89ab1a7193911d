package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.slipway.jail.Exit;

class NotesTest {
  private static final Exit.Usage USAGE =
      new Exit.Usage(Duration.ofSeconds(1), Optional.empty(), OptionalLong.empty(), 0);
  private static final Exit ONE = new Exit.Exited(1, USAGE);

  private static PhaseFailure failure(Phase phase, Exit exit, String output) {
    Notes notes = new Notes(phase);
    byte[] bytes = output.getBytes(StandardCharsets.UTF_8);
    // In uneven pieces, as a pipe gives them.
    for (int at = 0; at < bytes.length; at += 7) {
      notes.take(bytes, at, Math.min(7, bytes.length - at));
    }
    return PhaseFailure.of(phase, exit, notes);
  }

  private static String sentence(Phase phase, String output) {
    return failure(phase, ONE, output).sentence();
  }

  @Test
  void theFirstCompilerErrorCountsNotTheLast() {
    assertThat(sentence(Phase.BUILD, """
            cc -O2 -c a.c
            a.c:3:5: warning: unused variable 'x'
            a.c:7:10: fatal error: foo.h: No such file or directory
                7 | #include "foo.h"
            b.c:1:1: error: something that follows
            *** Error code 1

            Stop.
            bmake: stopped in /wrkdirs/xports/a/b
            """))
        .isEqualTo("a.c:7:10: fatal error: foo.h: No such file or directory");
  }

  @Test
  void linkersShellsAndMakeTellTheirCauseToo() {
    assertThat(sentence(
            Phase.BUILD, "a.o: in function `main':\na.c:(.text+0x5): undefined reference to `f'\n"))
        .isEqualTo("a.c:(.text+0x5): undefined reference to `f'");
    assertThat(sentence(Phase.BUILD, "sh: 1: perl: not found\n*** Error code 127\n"))
        .isEqualTo("the program perl is not there: sh: 1: perl: not found");
    assertThat(sentence(Phase.STAGE, "bmake: don't know how to make install. Stop\n"))
        .isEqualTo("bmake: don't know how to make install. Stop");
  }

  @Test
  void withoutAKnownCauseTheLastWordsThatAreNotMakesCount() {
    assertThat(sentence(
            Phase.BUILD, "one\nthe tests are unhappy\n*** Error code 3\nbmake: stopped in /x\n"))
        .isEqualTo("the tests are unhappy");
    assertThat(sentence(Phase.BUILD, "*** Error code 3\n")).isEqualTo("*** Error code 3");
    assertThat(sentence(Phase.BUILD, "")).isEqualTo("build: exit status 1");
  }

  @Test
  void thePlistTheSumAndThePatchAreNamed() {
    assertThat(sentence(
            Phase.CHECK_PLIST,
            "===>  Checking\nError: staged, but not in the plist: /usr/local/x\nError: more\n"))
        .isEqualTo("staged, but not in the plist: /usr/local/x");
    assertThat(
            sentence(Phase.CHECKSUM, "=> SHA256 checksum mismatch of a.tgz: it differs\n*** E\n"))
        .isEqualTo("SHA256 checksum mismatch of a.tgz: it differs");
    assertThat(sentence(Phase.PATCH, "patching a\nHunk #1 FAILED at 3.\n1 out of 1 hunk\n"))
        .isEqualTo("Hunk #1 FAILED at 3.");
    assertThat(sentence(Phase.CHECK_SANITY, "===>  NOTICE: old\n===>  a/b: COMMENT is not set\n"))
        .isEqualTo("a/b: COMMENT is not set");
  }

  @Test
  void aFullDiskIsItsOwnClassWhateverThePhase() {
    PhaseFailure failure = failure(
        Phase.STAGE, ONE, "cp: error writing 'x': No space left on device\n*** Error code 1\n");
    assertThat(failure.failure()).isEqualTo(FailureClass.DISK);
    assertThat(failure.sentence()).startsWith("no space left on the device: cp: ");
  }

  @Test
  void limitsHaveTheirOwnClassAndTheirOwnWords() {
    PhaseFailure time =
        failure(Phase.BUILD, new Exit.TimedOut(Duration.ofHours(1), USAGE), "a.c:1:1: error: x\n");
    assertThat(time.failure()).isEqualTo(FailureClass.TIMEOUT);
    assertThat(time.sentence()).isEqualTo("build: stopped after 3600 s, its time limit");
    assertThat(failure(Phase.BUILD, new Exit.OutOfMemory(1L << 30, USAGE), "").failure())
        .isEqualTo(FailureClass.MEMORY);
    assertThat(failure(Phase.EXTRACT, new Exit.NotStarted("no runc"), "").failure())
        .isEqualTo(FailureClass.JAIL);
    assertThat(failure(Phase.CONFIGURE, new Exit.Silent(Duration.ofSeconds(9), USAGE), "")
            .failure())
        .isEqualTo(FailureClass.SILENT);
  }

  private static Exit one(boolean processLimit, boolean diskLimit) {
    return new Exit.Exited(
        2,
        new Exit.Usage(
            Duration.ofSeconds(1),
            Optional.empty(),
            OptionalLong.empty(),
            0,
            processLimit,
            diskLimit,
            OptionalLong.empty()));
  }

  @Test
  void aLimitThatWasReachedCountsMoreThanWhatTheLogTells() {
    String output = "a.c:1:1: error: x\nsh: Cannot fork\n*** Error code 2\n";
    PhaseFailure processes = failure(Phase.BUILD, one(true, false), output);
    assertThat(processes.failure()).isEqualTo(FailureClass.PROCESS_LIMIT);
    assertThat(processes.sentence())
        .isEqualTo("build: it reached the limit on its processes; exit status 2");
    assertThat(processes.quote()).contains(new BuildResult.Quote(2, "sh: Cannot fork"));
    PhaseFailure disk = failure(Phase.STAGE, one(false, true), output);
    assertThat(disk.failure()).isEqualTo(FailureClass.DISK);
    assertThat(disk.quote())
        .as("nothing tells of a disk")
        .contains(new BuildResult.Quote(2, "sh: Cannot fork"));
    assertThat(failure(Phase.BUILD, one(false, false), output).failure())
        .isEqualTo(FailureClass.PROCESS_LIMIT);
  }

  @Test
  void aSignalIsACrash() {
    PhaseFailure crash = failure(Phase.BUILD, new Exit.Signalled(11, USAGE), "cc -c a.c\n");
    assertThat(crash.failure()).isEqualTo(FailureClass.CRASHED);
    assertThat(crash.sentence()).isEqualTo("build: ended by signal 11");
    assertThat(crash.quote()).contains(new BuildResult.Quote(1, "cc -c a.c"));
  }

  @Test
  void whatWasStoppedIsQuotedByItsLastWords() {
    PhaseFailure time = failure(
        Phase.BUILD,
        new Exit.TimedOut(Duration.ofHours(1), USAGE),
        "a.c:1:1: error: x\n\ntest 7 of 9\n");
    assertThat(time.quote()).contains(new BuildResult.Quote(3, "test 7 of 9"));
  }

  @Test
  void aBuildOfWhichNothingTellsIsNotKnown() {
    PhaseFailure failure = failure(Phase.BUILD, ONE, "odd\n*** Error code 3\n\nStop.\n");
    assertThat(failure.failure()).isEqualTo(FailureClass.UNKNOWN);
    assertThat(failure.quote()).contains(new BuildResult.Quote(1, "odd"));
    assertThat(failure(Phase.BUILD, ONE, "").quote()).isEmpty();
  }

  @Test
  void onlyWhatMayEndOtherwiseIsTriedAgain() {
    assertThat(FailureClass.FETCH.retry()).isEqualTo(new FailureClass.Retry(3, false));
    assertThat(FailureClass.MEMORY.retry()).isEqualTo(new FailureClass.Retry(1, true));
    assertThat(FailureClass.COMPILE.retry().times()).isZero();
    assertThat(FailureClass.DEPENDENCY.retry().times()).isZero();
  }

  @Test
  void hostileOutputBecomesOneShortPlainLine() {
    String sentence = sentence(
        Phase.BUILD,
        "\u001b]0;title\u0007\u001b[31mx.c:1:1: error: \u001b[0mred\u202e\u0000 " + "y".repeat(9000)
            + "\n");
    assertThat(sentence).startsWith("x.c:1:1: error: red y").hasSize(300).endsWith("…");
  }
}
