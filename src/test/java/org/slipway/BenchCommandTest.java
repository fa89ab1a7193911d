package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

final class BenchCommandTest {
  @TempDir
  private Path temp;

  private final StringWriter errors = new StringWriter();

  @Test
  void refusesWrongWordsInOneSentenceEach() {
    assertThat(says("evaluate", "--tree", temp.toString(), "--target", "FreeBSD"))
        .isEqualTo(
            "\"FreeBSD\" is not a target; write OS:VERSION:ARCH, such as FreeBSD:14.2:amd64");
    assertThat(says("evaluate", "--tree", temp.toString(), "--sample", "0"))
        .isEqualTo("0 ports cannot be a sample; give at least 1");
    assertThat(says("evaluate", "--tree", temp.toString(), "--workers", "0"))
        .isEqualTo("0 workers cannot evaluate; give at least 1");
    assertThat(says("evaluate")).isEqualTo("Missing required option: '--tree=DIR'");
    assertThat(says("replay", "--tree", temp.toString()))
        .isEqualTo("Missing required option: '--commits=N'");
    assertThat(says()).isEqualTo("which? evaluate, replay, jail, build, package, publish or serve");
  }

  private String says(String... words) {
    errors.getBuffer().setLength(0);
    int status =
        new CommandLine(new BenchCommand()).setErr(new PrintWriter(errors)).execute(words);
    assertThat(status).isEqualTo(2);
    return errors.toString().lines().findFirst().orElse("");
  }
}
