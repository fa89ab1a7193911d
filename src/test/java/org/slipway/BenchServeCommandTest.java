package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class BenchServeCommandTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--seconds=0     | 0 seconds measure nothing; give at least 1",
        "--rounds=-1     | -1 rounds measure nothing; give at least 1",
        "--connections=0 | 0 connections ask for nothing; give at least 1",
        "--warm=0        | 0 seconds warm nothing; give at least 1",
        "--load=large,x  | Invalid value for option '--load' (LOAD): there is no load \"x\"; give small, large or unchanged"
      })
  void refusesWhatMeasuresNothing(String word, String sentence) {
    StringWriter errors = new StringWriter();
    int status =
        new CommandLine(new BenchServeCommand()).setErr(new PrintWriter(errors)).execute(word);
    assertThat(status).isEqualTo(2);
    assertThat(errors.toString().lines().findFirst()).hasValue(sentence);
  }
}
