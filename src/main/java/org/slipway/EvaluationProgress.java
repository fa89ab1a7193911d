package org.slipway;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.slipway.evaluate.Watch;

/**
 * How an evaluation gets on, on one living line of a terminal with the time left; in a pipe it says
 * nothing. To be wiped before anything else is printed.
 */
final class EvaluationProgress implements Watch {
  private static final int COLUMNS = 79;
  private static final int BAR = 24;

  /** Drawing costs more than a port's answer when it is done for each. */
  private static final long BETWEEN_NANOS = 100_000_000;

  private final PrintStream out;
  private final boolean living;
  private final long began = System.nanoTime();
  private int wanted;
  private int answered;
  private long drawn;
  private boolean shown;

  /** @param living whether {@code out} is a terminal on which a line can be drawn anew */
  EvaluationProgress(PrintStream out, boolean living) {
    this.out = out;
    this.living = living;
  }

  @Override
  public synchronized void wanted(int more, int known) {
    wanted += more;
  }

  @Override
  public synchronized void answered(String question) {
    answered++;
    long now = System.nanoTime();
    if (living && (drawn == 0 || now - drawn >= BETWEEN_NANOS)) {
      drawn = now;
      draw(question, now);
    }
  }

  private void draw(String question, long now) {
    int all = Math.max(wanted, answered);
    int full = (int) ((long) BAR * answered / all);
    Duration spent = Duration.ofNanos(now - began);
    Duration left = spent.multipliedBy(all - answered).dividedBy(Math.max(1, answered));
    String line = String.format(
        Locale.ROOT,
        "[%s%s] %,d of %,d, %s left  %s",
        "#".repeat(full),
        ".".repeat(BAR - full),
        answered,
        all,
        time(left),
        question);
    out.print("\r" + (line.length() > COLUMNS ? line.substring(0, COLUMNS) : line) + "\u001b[K");
    out.flush();
    shown = true;
  }

  /** Takes the line away. */
  synchronized void wipe() {
    if (shown) {
      out.print("\r\u001b[K");
      out.flush();
      shown = false;
    }
  }

  static String time(Duration duration) {
    long all = Math.max(0, duration.toSeconds());
    if (all >= 60) {
      return "%d min %02d s".formatted(all / 60, all % 60);
    }
    return String.format(
        Locale.ROOT, all >= 10 ? "%.0f s" : "%.1f s", Math.max(0, duration.toMillis()) / 1000.0);
  }
}
