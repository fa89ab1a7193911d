package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;
import org.slipway.store.LogStore;
import org.slipway.store.LogWriter;
import org.slipway.store.StoredLog;

class LogPartTest {
  private static final BuildId BUILD = new BuildId(1);
  private static final OriginSpec SPEC = OriginSpec.parse("devel/foo");
  private static final Instant START = Instant.parse("2026-02-03T04:05:06Z");

  @TempDir
  Path folder;

  private LogPart part(String text, LogPart.Wanted wanted, @Nullable Long quoted)
      throws IOException {
    LogStore logs = new LogStore(folder, InstantSource.fixed(START));
    try (LogWriter log = logs.write(BUILD, SPEC)) {
      log.phase(Phase.FETCH);
      log.write(text.getBytes(StandardCharsets.UTF_8));
    }
    try (StoredLog log = logs.open(BUILD, SPEC).orElseThrow()) {
      return LogPart.read(log, wanted, quoted);
    }
  }

  private static String text() {
    StringBuilder text = new StringBuilder("===>  Phase: fetch\n");
    for (int i = 2; i <= 1_000; i++) {
      text.append(i == 700 ? "x.c:1: error: no\n" : "line\n");
    }
    return text.toString();
  }

  @Test
  void givesTheEndWithPhasesAndWhatIsQuoted() throws Exception {
    LogPart end = part(text(), new LogPart.Wanted(0, 0, false), 800L);
    assertThat(end.total()).isEqualTo(1_000);
    assertThat(end.lines()).hasSize(LogPart.LINES);
    assertThat(end.lines().get(0)).isEqualTo(new LogPart.Line(601, "line", "", null));
    assertThat(end.lines().get(99).kind()).isEqualTo("error");
    assertThat(end.lines().get(199).kind()).isEqualTo("quoted");
    assertThat(end.quoted()).isEqualTo(800);
    assertThat(end.sections())
        .containsExactly(new LogPart.Section("fetch", 1, "2026-02-03T04:05:06Z"));
  }

  @Test
  void givesAWindowFromALineAndAroundOne() throws Exception {
    LogPart from = part(text(), new LogPart.Wanted(1, 0, true), null);
    assertThat(from.lines()).hasSize(LogPart.LINES);
    assertThat(from.lines().get(0))
        .isEqualTo(new LogPart.Line(1, "===>  Phase: fetch", "phase", "2026-02-03T04:05:06Z"));
    LogPart around = part(text(), new LogPart.Wanted(0, 700, false), null);
    assertThat(around.lines().get(20).number()).isEqualTo(700);
    assertThat(part(text(), new LogPart.Wanted(5_000, 0, false), null).lines()).isEmpty();
    assertThat(part(text(), new LogPart.Wanted(0, 5_000, false), null).lines()).hasSize(21);
  }

  @Test
  void aLineWithoutEndIsShownByItsBeginningAndCountsAsOne() throws Exception {
    LogPart part = part("x".repeat(100_000) + "\nnext\n", new LogPart.Wanted(1, 0, false), null);
    assertThat(part.lines()).hasSize(2);
    assertThat(part.lines().get(0).text()).hasSize(4_001).endsWith("x…");
    assertThat(part.lines().get(1)).isEqualTo(new LogPart.Line(2, "next", "", null));
  }
}
