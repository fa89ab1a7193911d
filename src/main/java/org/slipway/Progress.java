package org.slipway;

import java.io.PrintStream;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.schedule.Forecast;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.Counts;
import org.slipway.store.FarmStore;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

/**
 * A build as a person at a terminal sees it: one living line per slot and a total with the time left; plain lines, one for
 * each package that was built or failed, where the output is no terminal. Never wider than 80 columns.
 */
final class Progress {
  private static final int COLUMNS = 79;
  private static final int BAR = 24;

  private final PrintStream out;
  private final boolean living;
  private final FarmStore store;
  private final InstantSource clock;
  private final int slots;
  private final Set<OriginSpec> told = new HashSet<>();
  private int drawn;

  /** @param living whether {@code out} is a terminal on which lines can be drawn anew */
  Progress(PrintStream out, boolean living, FarmStore store, InstantSource clock, int slots) {
    this.out = out;
    this.living = living;
    this.store = store;
    this.clock = clock;
    this.slots = slots;
  }

  /** Shows a build until it has finished; gives it as it ended. */
  BuildRecord follow(BuildId build) throws Exception {
    Semaphore news = new Semaphore(0);
    told.clear();
    try (AutoCloseable listening = store.listen(event -> {
      if (event.build().equals(build)) {
        news.release();
      }
    })) {
      for (; ; ) {
        BuildRecord record = store.build(build).orElseThrow();
        show(record, store.packages(build));
        if (record.state().finished()) {
          wipe();
          return record;
        }
        awaitNews(news);
      }
    }
  }

  private void awaitNews(Semaphore news) throws InterruptedException {
    if (!living) {
      news.acquire();
    } else if (!news.tryAcquire(1, TimeUnit.SECONDS)) {
      // The times on the living lines go on without news.
      return;
    }
    news.drainPermits();
  }

  private void show(BuildRecord record, List<PackageRecord> packages) {
    wipe();
    for (PackageRecord each : packages) {
      boolean worthALine = each.state() == PackageState.BUILT
          || each.state() == PackageState.FAILED
          || each.state() == PackageState.SKIPPED
          || each.state() == PackageState.IGNORED;
      if (worthALine && told.add(each.spec())) {
        out.println(line(record.counts(), each));
      }
    }
    if (living) {
      draw(record, packages);
    }
    out.flush();
  }

  private String line(Counts counts, PackageRecord each) {
    int width = Integer.toString(counts.total()).length();
    String head = String.format(
        Locale.ROOT,
        "[%" + width + "d/%d] %-8s",
        counts.finished(),
        counts.total(),
        each.state().word());
    String tail = switch (each.state()) {
      case BUILT -> each.spec() + "  " + each.name().version() + took(each);
      case FAILED ->
        each.spec()
            + " in "
            + each.phase().map(Phase::word).orElse("?")
            + each.message().map(text -> ": " + text).orElse("");
      case WAITING, READY, BUILDING, REUSED, SKIPPED, IGNORED -> each.spec() + ": " + each.reason();
    };
    return cut(head + " " + tail);
  }

  private static String took(PackageRecord each) {
    return each.started().isPresent() && each.finished().isPresent()
        ? "  " + seconds(Duration.between(each.started().get(), each.finished().get()))
        : "";
  }

  private void draw(BuildRecord record, List<PackageRecord> packages) {
    Instant now = clock.instant();
    List<String> lines = new ArrayList<>();
    for (int slot = 1; slot <= slots; slot++) {
      lines.add(slotLine(slot, packages, now));
    }
    Counts counts = record.counts();
    if (counts.total() == 0) {
      lines.add("build " + record.id() + "  " + record.state().word() + " ...");
    } else {
      int full = (int) ((long) BAR * counts.finished() / counts.total());
      Duration left = Forecast.remaining(packages, slots, now);
      lines.add(String.format(
          Locale.ROOT,
          "build %s  [%s%s] %d of %d, %d failed, %s left",
          record.id(),
          "#".repeat(full),
          ".".repeat(BAR - full),
          counts.finished(),
          counts.total(),
          counts.failed(),
          seconds(left)));
    }
    for (String each : lines) {
      out.println(cut(each));
    }
    drawn = lines.size();
  }

  private static String slotLine(int slot, List<PackageRecord> packages, Instant now) {
    for (PackageRecord each : packages) {
      if (each.state() == PackageState.BUILDING && each.slot().orElse(0) == slot) {
        String phase = each.phase().map(Phase::word).orElse("starting");
        Duration spent = Duration.between(each.started().orElse(now), now);
        return String.format(
            Locale.ROOT, "%3d  %-44s %-12s %8s", slot, each.spec(), phase, seconds(spent));
      }
    }
    return String.format(Locale.ROOT, "%3d  idle", slot);
  }

  private void wipe() {
    if (drawn > 0) {
      out.print("\u001b[" + drawn + "A\u001b[J");
      drawn = 0;
    }
  }

  /** One line of at most 79 columns; control characters of a hostile name or message do not reach the terminal. */
  private static String cut(String line) {
    StringBuilder clean = new StringBuilder();
    line.codePoints()
        .forEach(point -> clean.appendCodePoint(Character.isISOControl(point) ? '?' : point));
    return clean.length() <= COLUMNS ? clean.toString() : clean.substring(0, COLUMNS - 3) + "...";
  }

  private static String seconds(Duration duration) {
    long all = Math.max(0, duration.toSeconds());
    if (all >= 3600) {
      return "%d h %02d min".formatted(all / 3600, all / 60 % 60);
    }
    if (all >= 60) {
      return "%d min %02d s".formatted(all / 60, all % 60);
    }
    double exact = Math.max(0, duration.toMillis()) / 1000.0;
    return String.format(Locale.ROOT, all >= 10 ? "%.0f s" : "%.1f s", exact);
  }
}
