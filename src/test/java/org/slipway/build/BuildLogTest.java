package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class BuildLogTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  @Test
  void framesWhatAPhaseSays() throws IOException {
    BuildLog log = new BuildLog(out, 1000);
    log.begin(Phase.CONFIGURE);
    log.write("checking \u001b[1m...".getBytes(StandardCharsets.UTF_8));
    log.end(Phase.CONFIGURE, "exit status 1", Duration.ofMillis(1250));
    assertThat(out).hasToString("""
            ===>  Phase: configure
            checking \u001b[1m...
            ===>  configure: exit status 1, 1.3 s
            """);
  }

  @Test
  void aFullLogKeepsItsHeadingsAndTheCause() throws IOException {
    BuildLog log = new BuildLog(out, 10);
    log.begin(Phase.BUILD);
    log.say("0123456789abcdef");
    log.say("a.c:1:1: error: late");
    log.end(Phase.BUILD, "exit status 1", Duration.ZERO);
    assertThat(out).hasToString("""
            ===>  Phase: build
            0123456789
            ===>  The log is full at 10 bytes of output, its limit; what the phases say from here on is left out
            ===>  build: 28 bytes were left out; the last 28 of them:
            abcdef
            a.c:1:1: error: late
            ===>  build: exit status 1, 0.0 s
            """);
    Notes.Told told = log.notes().told().orElseThrow();
    assertThat(told.sentence()).isEqualTo("a.c:1:1: error: late");
    assertThat(told.quote()).as("it stands in no line that has a number").isEmpty();
    assertThat(log.saidBytes()).isEqualTo(38);
  }

  @Test
  void aLogWithoutEndCostsItsLimitAndItsLastWords() throws IOException {
    BuildLog log = new BuildLog(out, 1 << 16);
    log.begin(Phase.BUILD);
    byte[] chunk = "y\n".repeat(1 << 14).getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < 1_000; i++) {
      log.write(chunk);
    }
    log.say("x.c:3:1: error: at last");
    log.end(Phase.BUILD, "exit status 1", Duration.ZERO);
    assertThat(out.size()).isBetween((1 << 16) + 16_384, (1 << 16) + 17_000);
    assertThat(out.toString(StandardCharsets.UTF_8))
        .contains("\nx.c:3:1: error: at last\n===>  build: exit status 1")
        .contains(" bytes were left out; the last 16384 of them:\n");
    assertThat(log.saidBytes()).isEqualTo(1_000L * (1 << 15) + 24);
  }

  @Test
  void countsLinesOverTheWholeLog() throws IOException {
    BuildLog log = new BuildLog(out, 1000);
    log.begin(Phase.FETCH);
    log.write("10 %\r60 %\rno end".getBytes(StandardCharsets.UTF_8));
    log.end(Phase.FETCH, "done", Duration.ZERO);
    log.begin(Phase.BUILD);
    log.say("cc");
    log.say("a.c:1:1: error: here");
    log.end(Phase.BUILD, "exit status 1", Duration.ZERO);
    long number = log.notes().told().orElseThrow().number();
    assertThat(out.toString(StandardCharsets.UTF_8).split("\n", -1)[(int) number - 1])
        .isEqualTo("a.c:1:1: error: here");
  }
}
