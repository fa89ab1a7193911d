package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.slipway.jail.Exit;

/**
 * Excerpts of logs in the words of the tools, written for the purpose, each with what is expected of
 * it in its first line: the class, the phase, the number of the line that tells counted from the
 * second, and a part of the sentence.
 */
class FailureLogsTest {
  private static final Exit ONE = new Exit.Exited(
      1, new Exit.Usage(Duration.ofSeconds(1), Optional.empty(), OptionalLong.empty(), 0));

  @TestFactory
  Stream<DynamicTest> theLineThatTellsIsFoundInLogsOf() throws IOException, URISyntaxException {
    Path folder = Path.of(
        Objects.requireNonNull(FailureLogsTest.class.getResource("logs")).toURI());
    List<Path> files;
    try (Stream<Path> list = Files.list(folder)) {
      files = list.sorted().toList();
    }
    assertThat(files).hasSizeGreaterThanOrEqualTo(40);
    return files.stream()
        .map(file -> dynamicTest(file.getFileName().toString(), () -> check(file)));
  }

  private static void check(Path file) throws IOException {
    String text = Files.readString(file);
    String[] expected = text.substring(0, text.indexOf('\n')).split(" ", 4);
    String log = text.substring(text.indexOf('\n') + 1);
    Phase phase = Stream.of(Phase.values())
        .filter(each -> each.word().equals(expected[1]))
        .findFirst()
        .orElseThrow();
    Notes notes = new Notes(phase);
    byte[] bytes = log.getBytes(StandardCharsets.UTF_8);
    notes.take(bytes, 0, bytes.length);

    PhaseFailure failure = PhaseFailure.of(phase, ONE, notes);

    assertThat(failure.failure().word().replace(' ', '-')).isEqualTo(expected[0]);
    assertThat(failure.quote().orElseThrow().number())
        .as("line of: %s", failure.quote())
        .isEqualTo(Long.parseLong(expected[2]));
    assertThat(failure.sentence()).contains(expected[3]);
  }
}
