package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** How the farm runs a command of its host's. */
final class HostProcessTest {
  @TempDir
  private Path folder;

  @Test
  void runsToItsEndForACallerWhoWasInterrupted() throws Exception {
    Path file = folder.resolve("file");
    Thread.currentThread().interrupt();
    String said =
        HostProcess.run(List.of("sh", "-c", "exec >&- 2>&-; sleep 0.2; echo done >" + file), 60);
    assertThat(Thread.interrupted()).isTrue();
    assertThat(said).isNull();
    assertThat(file).hasContent("done");
  }

  @Test
  void saysWhatTheCommandSaidWhenItFailed() throws Exception {
    assertThat(HostProcess.run(List.of("sh", "-c", "echo it broke >&2; exit 3"), 60))
        .isEqualTo("sh failed: it broke");
    assertThat(HostProcess.run(List.of("no-such-command"), 60))
        .startsWith("no-such-command cannot be run: ");
  }

  @Test
  void endsWhatTakesTooLong() throws Exception {
    assertThat(HostProcess.run(List.of("sh", "-c", "exec >&- 2>&-; exec sleep 1000"), 1))
        .isEqualTo("sh did not end in 1 s");
  }
}
