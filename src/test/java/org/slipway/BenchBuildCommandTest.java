package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

final class BenchBuildCommandTest {
  @Test
  void refusesATreeWithoutAPortAndAPortWithoutATree() {
    for (String[] words : new String[][] {{"--tree", "/ports"}, {"--port", "misc/foo"}}) {
      StringWriter errors = new StringWriter();
      int status = new CommandLine(new BenchBuildCommand())
          .setErr(new PrintWriter(errors))
          .execute(words);
      assertThat(status).isEqualTo(2);
      assertThat(errors.toString())
          .startsWith("--tree and --port belong together: give both, or neither");
    }
  }
}
