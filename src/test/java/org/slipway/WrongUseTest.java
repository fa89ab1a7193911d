package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

final class WrongUseTest {
  @Command(name = "slipway")
  static final class Top {
    @Command(name = "count")
    int count(
        @Option(names = "--most", defaultValue = "7") int most,
        @Parameters(paramLabel = "BUILD") long build) {
      counted = most + " " + build;
      return 0;
    }

    private String counted = "";
  }

  private final Top top = new Top();
  private final StringWriter said = new StringWriter();

  private int run(String... arguments) {
    CommandLine line = new CommandLine(top);
    line.setErr(new PrintWriter(said));
    WrongUse.answer(line);
    return line.execute(arguments);
  }

  @ParameterizedTest
  @CsvSource({
    "x, 'index 0 (BUILD): ''x'' is not a whole number'",
    "1.5, 'index 0 (BUILD): ''1.5'' is not a whole number'",
    "99999999999999999999, 'is out of range; the most is 9223372036854775807'"
  })
  void saysWhatIsNoNumber(String word, String sentence) {
    assertThat(run("count", word)).isEqualTo(2);
    assertThat(said.toString().lines())
        .hasSize(2)
        .first()
        .asString()
        .startsWith("slipway: ")
        .endsWith(sentence);
  }

  @Test
  void namesTheHelpOfTheCommandThatWasMeant() {
    assertThat(run("count", "--most", "3000000000", "1")).isEqualTo(2);
    assertThat(said.toString().lines())
        .containsExactly(
            "slipway: Invalid value for option '--most': '3000000000' is out of range; the most is"
                + " 2147483647",
            "How it is called: ./slipway count --help");
  }

  @Test
  void namesWhatAMisspeltOptionMayHaveMeant() {
    assertThat(run("count", "--mots", "3", "1")).isEqualTo(2);
    assertThat(said.toString()).contains("--most").contains("./slipway count --help");
  }

  @Test
  void takesNumbers() {
    assertThat(run("count", "--most", "-2147483647", "9223372036854775807")).isZero();
    assertThat(top.counted).isEqualTo("-2147483647 9223372036854775807");
  }
}
