package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.OriginSpec;

final class LogStoreTest {
  private static final BuildId BUILD = new BuildId(12);
  private static final OriginSpec SPEC = Sample.spec("devel/py-foo@py311");

  @TempDir
  Path folder;

  private LogStore logs;

  @BeforeEach
  void open() throws IOException {
    logs = new LogStore(folder.resolve("logs"));
  }

  @Test
  void readsALogWhileItIsWrittenAndCompressesItAfter() throws IOException {
    OutputStream log = logs.write(BUILD, SPEC);
    print(log, "configure: ok\n");
    assertThat(text(SPEC)).contains("configure: ok\n");
    print(log, "build: ok\n");
    assertThat(text(SPEC)).contains("configure: ok\nbuild: ok\n");
    assertThat(files())
        .containsExactly("12/devel/py-foo@py311.log", "12/devel/py-foo@py311.log.idx");

    log.close();
    assertThat(text(SPEC)).contains("configure: ok\nbuild: ok\n");
    assertThat(files())
        .containsExactly("12/devel/py-foo@py311.log.gz", "12/devel/py-foo@py311.log.idx");
    log.close();
    assertThat(text(SPEC)).contains("configure: ok\nbuild: ok\n");
  }

  @Test
  void aReaderGoesOnWhereTheWriterDoes() throws IOException {
    OutputStream log = logs.write(BUILD, SPEC);
    print(log, "one\n");
    try (InputStream in = logs.read(BUILD, SPEC).orElseThrow()) {
      assertThat(new String(in.readNBytes(4), StandardCharsets.UTF_8)).isEqualTo("one\n");
      assertThat(in.read()).isEqualTo(-1);
      print(log, "two\n");
      log.close();
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8)).isEqualTo("two\n");
    }
  }

  @Test
  void thereIsNoLogOfWhatWasNotBuilt() throws IOException {
    assertThat(logs.read(BUILD, SPEC)).isEmpty();
    logs.write(BUILD, SPEC).close();
    assertThat(text(SPEC)).contains("");
    assertThat(logs.read(new BuildId(13), SPEC)).isEmpty();
    assertThat(logs.read(BUILD, Sample.spec("devel/py-foo"))).isEmpty();
  }

  @Test
  void readsWhatAKilledFarmLeft() throws IOException {
    OutputStream log = logs.write(BUILD, SPEC);
    print(log, "half a li");
    LogStore later = new LogStore(folder.resolve("logs"));
    assertThat(text(later, SPEC)).contains("half a li");

    // Killed while it compressed.
    Files.write(folder.resolve("logs/12/devel/py-foo@py311.log.gz.part"), new byte[] {31, -117});
    assertThat(text(later, SPEC)).contains("half a li");
    try (OutputStream again = later.write(BUILD, SPEC)) {
      print(again, "anew\n");
    }
    assertThat(text(later, SPEC)).contains("anew\n");
    assertThat(files())
        .containsExactly("12/devel/py-foo@py311.log.gz", "12/devel/py-foo@py311.log.idx");
  }

  @Test
  void aNewAttemptsLogTakesTheOldOnesPlace() throws IOException {
    OutputStream old = logs.write(BUILD, SPEC);
    print(old, "first attempt\n");
    try (OutputStream log = logs.write(BUILD, SPEC)) {
      print(old, "late words\n");
      print(log, "second attempt\n");
      old.close();
      assertThat(text(SPEC)).contains("second attempt\n");
    }
    assertThat(text(SPEC)).contains("second attempt\n");

    OutputStream third = logs.write(BUILD, SPEC);
    assertThat(text(SPEC)).contains("");
    third.close();
  }

  @Test
  void anInterruptedSlotStillWritesItsLog() throws IOException {
    OutputStream log = logs.write(BUILD, SPEC);
    Thread.currentThread().interrupt();
    try {
      print(log, "cancelled\n");
      log.close();
    } finally {
      assertThat(Thread.interrupted()).isTrue();
    }
    assertThat(text(SPEC)).contains("cancelled\n");
  }

  @Test
  void noTwoPackagesShareALog() throws IOException {
    String longest = "x".repeat(127);
    List<OriginSpec> specs = Stream.of(
            "a_b/c",
            "a/b_c",
            "a/b",
            "a/b@c",
            "a/b.log",
            "a/b.log.gz",
            "a/" + longest + "y@" + "f".repeat(64),
            "a/" + longest + "z@" + "f".repeat(64))
        .map(OriginSpec::parse)
        .toList();
    for (OriginSpec each : specs) {
      try (OutputStream log = logs.write(BUILD, each)) {
        print(log, each.toString());
      }
    }
    for (OriginSpec each : specs) {
      assertThat(text(each)).contains(each.toString());
    }
    assertThat(files()).hasSize(2 * specs.size());
  }

  @Test
  void saysThatACompressedLogIsCutShort() throws IOException {
    try (OutputStream log = logs.write(BUILD, SPEC)) {
      print(log, "whole\n");
    }
    Path file = folder.resolve("logs/12/devel/py-foo@py311.log.gz");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 6));
    assertThatThrownBy(() -> text(SPEC)).isInstanceOf(EOFException.class);
  }

  private static void print(OutputStream log, String text) throws IOException {
    log.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private Optional<String> text(OriginSpec spec) throws IOException {
    return text(logs, spec);
  }

  private static Optional<String> text(LogStore logs, OriginSpec spec) throws IOException {
    Optional<InputStream> log = logs.read(BUILD, spec);
    if (log.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = log.get()) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    }
  }

  /** Relative to the logs' folder. */
  private List<String> files() throws IOException {
    Path top = folder.resolve("logs");
    try (Stream<Path> walk = Files.walk(top)) {
      return walk.filter(Files::isRegularFile)
          .map(each -> top.relativize(each).toString())
          .sorted()
          .toList();
    }
  }
}
