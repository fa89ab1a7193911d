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
            ===>  The log is full; what the phases say from here on is left out
            ===>  build: exit status 1, 0.0 s
            """);
    assertThat(log.notes().cause()).isEqualTo("a.c:1:1: error: late");
  }
}
