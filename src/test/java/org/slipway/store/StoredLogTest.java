package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;

final class StoredLogTest {
  private static final BuildId BUILD = new BuildId(7);
  private static final OriginSpec SPEC = Sample.spec("devel/foo");
  private static final Instant START = Instant.parse("2026-02-03T04:05:06Z");

  @TempDir
  Path folder;

  private Instant now = START;
  private LogStore logs;

  @BeforeEach
  void open() throws IOException {
    logs = again();
  }

  private LogStore again() throws IOException {
    InstantSource clock = () -> now;
    return new LogStore(folder, clock);
  }

  /** Long enough for several blocks: line n is n and some more. */
  private static String line(int n) {
    return n + " cc -O2 -pipe -c src/unit" + n + ".c -o unit" + n + ".o";
  }

  private void write(LogWriter log, int from, int to) throws IOException {
    for (int n = from; n <= to; n++) {
      log.write((line(n) + "\n").getBytes(StandardCharsets.UTF_8));
      now = now.plusMillis(10);
    }
  }

  private static String read(StoredLog log, long from, int count) throws IOException {
    BufferedReader in =
        new BufferedReader(new InputStreamReader(log.from(from), StandardCharsets.UTF_8));
    return in.lines().limit(count).collect(Collectors.joining("\n"));
  }

  private StoredLog stored() throws IOException {
    return logs.open(BUILD, SPEC).orElseThrow();
  }

  @Test
  void readsLinesFromTheMiddleWhileItIsWrittenAndAfter() throws IOException {
    LogWriter log = logs.write(BUILD, SPEC);
    write(log, 1, 20_000);
    for (boolean over : new boolean[] {false, true}) {
      if (over) {
        log.close();
      }
      try (StoredLog stored = stored()) {
        assertThat(stored.index().lines()).isEqualTo(20_000);
        assertThat(stored.index().bytes()).isGreaterThan(3L * LogIndex.BLOCK_BYTES);
        for (int n : new int[] {1, 2, 5_000, 7_777, 19_999, 20_000}) {
          assertThat(read(stored, n, 1)).isEqualTo(line(n));
        }
        assertThat(read(stored, 20_001, 1)).isEmpty();
      }
    }
    assertThat(folder.resolve("7/devel/foo.log")).doesNotExist();
  }

  @Test
  void everyLineIsFoundFromEveryBlockAlsoWhereLinesAreLong() throws IOException {
    try (LogWriter log = logs.write(BUILD, SPEC)) {
      print(log, "first\n" + "x".repeat(3 * LogIndex.BLOCK_BYTES) + "\nthird\n");
      // The next line begins exactly where a block does.
      long over = (4L * LogIndex.BLOCK_BYTES) - log.index().bytes();
      print(log, "y".repeat((int) over - 1) + "\nfifth\nno end");
    }
    try (StoredLog stored = stored()) {
      assertThat(stored.index().lines()).isEqualTo(6);
      assertThat(read(stored, 1, 1)).isEqualTo("first");
      assertThat(read(stored, 2, 1)).hasSize(3 * LogIndex.BLOCK_BYTES);
      assertThat(read(stored, 3, 1)).isEqualTo("third");
      assertThat(read(stored, 5, 2)).isEqualTo("fifth\nno end");
    }
  }

  @Test
  void readsFromAnyByte() throws IOException {
    try (LogWriter log = logs.write(BUILD, SPEC)) {
      write(log, 1, 10_000);
    }
    byte[] whole;
    try (InputStream in = logs.read(BUILD, SPEC).orElseThrow()) {
      whole = in.readAllBytes();
    }
    try (StoredLog stored = stored()) {
      for (int at : new int[] {0, 1, LogIndex.BLOCK_BYTES, 300_001, whole.length - 3}) {
        assertThat(stored.fromByte(at).readNBytes(3))
            .isEqualTo(java.util.Arrays.copyOfRange(whole, at, at + 3));
      }
      assertThat(stored.fromByte(whole.length).read()).isEqualTo(-1);
    }
  }

  @Test
  void anyZcatReadsACompressedLog() throws IOException {
    try (LogWriter log = logs.write(BUILD, SPEC)) {
      write(log, 1, 20_000);
    }
    try (InputStream in =
        new GZIPInputStream(Files.newInputStream(folder.resolve("7/devel/foo.log.gz")))) {
      assertThat(new String(in.readAllBytes(), StandardCharsets.UTF_8))
          .startsWith(line(1) + "\n")
          .endsWith(line(20_000) + "\n");
    }
  }

  @Test
  void markedPhasesStandInTheIndexAndWhatALineSaysDoesNot() throws IOException {
    LogWriter log = logs.write(BUILD, SPEC);
    log.phase(Phase.FETCH);
    print(log, "===>  Phase: fetch\nno end");
    now = now.plusSeconds(5);
    log.phase(Phase.BUILD);
    print(log, "\n===>  Phase: build\n===>  Phase: stage\n");
    log.close();
    try (StoredLog stored = stored()) {
      assertThat(stored.index().sections())
          .containsExactly(
              new LogIndex.Section(Phase.FETCH, 1, 0, Optional.of(START)),
              new LogIndex.Section(Phase.BUILD, 3, 26, Optional.of(START.plusSeconds(5))));
    }
  }

  @Test
  void withoutMarksPhasesAreReadFromTheirHeadings() throws IOException {
    try (LogWriter log = logs.write(BUILD, SPEC)) {
      print(log, "x\n=======================<phase: check-sanity   >====\ny\n===>  Phase: build\n");
    }
    try (StoredLog stored = stored()) {
      assertThat(stored.index().sections())
          .extracting(LogIndex.Section::phase, LogIndex.Section::line)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(Phase.CHECK_SANITY, 2L),
              org.assertj.core.groups.Tuple.tuple(Phase.BUILD, 4L));
    }
  }

  @Test
  void tellsWhenALineWasWritten() throws IOException {
    try (LogWriter log = logs.write(BUILD, SPEC)) {
      write(log, 1, 3_000);
    }
    try (StoredLog stored = stored()) {
      for (int n : new int[] {1, 500, 2_999}) {
        assertThat(stored.index().time(n).orElseThrow())
            .isBetween(START.plusMillis(10L * n - 1_100), START.plusMillis(10L * n));
      }
    }
  }

  @Test
  void timesAreBoundedHoweverLongALogGoesOn() {
    LogTimes times = new LogTimes();
    for (int n = 1; n <= 100_000; n++) {
      times.add(n, 1_000L * n);
      assertThat(times.count()).isLessThanOrEqualTo(LogTimes.MOST);
    }
    assertThat(times.of(90_000).orElseThrow().toEpochMilli())
        .isBetween(1_000L * (90_000 - 64), 1_000L * 90_000);
    assertThat(times.of(1)).contains(Instant.ofEpochMilli(1_000));
  }

  @Test
  void theIndexOfALogThatAKillCutShortIsMadeAnew() throws IOException {
    LogWriter log = logs.write(BUILD, SPEC);
    log.phase(Phase.CONFIGURE);
    write(log, 1, 10_000);
    log.phase(Phase.BUILD);
    print(log, "===>  Phase: build\nhalf a li");
    // The journal's last line was not written whole either.
    Path journal = folder.resolve("7/devel/foo.log.idx");
    Files.writeString(journal, Files.readString(journal) + "time 12");

    logs = again();
    try (StoredLog stored = stored()) {
      assertThat(stored.index().lines()).isEqualTo(10_002);
      assertThat(stored.index().sections())
          .extracting(LogIndex.Section::phase)
          .containsExactly(Phase.CONFIGURE, Phase.BUILD);
      assertThat(stored.index().time(10_001)).isPresent();
      assertThat(read(stored, 9_999, 4))
          .isEqualTo(line(9_999) + "\n" + line(10_000) + "\n===>  Phase: build\nhalf a li");
    }
  }

  @Test
  void aLogThatAnotherProcessWritesIsReadOn() throws IOException {
    LogWriter log = logs.write(BUILD, SPEC);
    LogStore other = again();
    for (int n = 0; n < 10_000; n += 2_500) {
      log.phase(n == 0 ? Phase.CONFIGURE : Phase.BUILD);
      write(log, n + 1, n + 2_500);
      print(log, "half ");
      try (StoredLog stored = other.open(BUILD, SPEC).orElseThrow()) {
        assertThat(stored.finished()).isFalse();
        assertThat(stored.index().lines()).isEqualTo(n + 2_501 + n / 2_500);
        assertThat(stored.index().sections()).hasSize(1 + n / 2_500);
        assertThat(read(stored, stored.index().lines(), 1)).isEqualTo("half ");
      }
      print(log, "done\n");
    }
    log.close();
  }

  @Test
  void anotherAttemptsLogIsNotTakenForTheOneBefore() throws IOException {
    LogStore other = again();
    for (int attempt = 1; attempt <= 3; attempt++) {
      now = now.plusSeconds(1);
      LogWriter log = logs.write(BUILD, SPEC);
      print(log, "no end ".repeat(attempt) + "\n".repeat(9 * attempt));
      try (StoredLog stored = other.open(BUILD, SPEC).orElseThrow()) {
        assertThat(stored.index().lines()).isEqualTo(9L * attempt);
        assertThat(read(stored, 1, 1)).isEqualTo("no end ".repeat(attempt));
      }
      // Its file's number is free for the next one's.
      log.close();
    }
  }

  @Test
  void readsLogsOfOlderFarmsAndLogsWhoseIndexIsOfNoUse() throws IOException {
    try (LogWriter log = logs.write(BUILD, SPEC)) {
      write(log, 1, 9_000);
    }
    Path index = folder.resolve("7/devel/foo.log.idx");
    String good = Files.readString(index);
    for (String wrong : new String[] {
      "",
      "something else\n",
      good.replace("block ", "block -"),
      good.replace("end 9000", "end 9000 1"),
      good.replace("member ", "member 9"),
      good.replaceAll("(?s)member.*?\n", "")
    }) {
      Files.writeString(index, wrong);
      logs = again();
      try (StoredLog stored = stored()) {
        assertThat(stored.index().lines()).as(wrong).isEqualTo(9_000);
        assertThat(read(stored, 8_000, 1)).isEqualTo(line(8_000));
      }
    }
    Files.delete(index);
    ByteArrayOutputStream one = new ByteArrayOutputStream();
    try (GZIPOutputStream out = new GZIPOutputStream(one)) {
      out.write("===>  Phase: depends\n".repeat(30_000).getBytes(StandardCharsets.UTF_8));
    }
    Files.write(folder.resolve("7/devel/foo.log.gz"), one.toByteArray());
    logs = again();
    try (StoredLog stored = stored()) {
      assertThat(stored.index().lines()).isEqualTo(30_000);
      assertThat(stored.index().sections())
          .hasSize(64)
          .allMatch(each -> each.phase() == Phase.PKG_DEPENDS);
      assertThat(read(stored, 29_999, 5)).isEqualTo("===>  Phase: depends\n===>  Phase: depends");
    }
  }

  @Test
  void aDamagedCompressedLogIsShownAsFarAsItGoes() throws IOException {
    try (LogWriter log = logs.write(BUILD, SPEC)) {
      write(log, 1, 9_000);
    }
    Path file = folder.resolve("7/devel/foo.log.gz");
    byte[] bytes = Files.readAllBytes(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length / 2));
    try (StoredLog stored = stored()) {
      assertThat(stored.index().lines()).isBetween(1_000L, 8_999L);
      assertThat(read(stored, 700, 1)).isEqualTo(line(700));
    }
  }

  private static void print(LogWriter log, String text) throws IOException {
    log.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
