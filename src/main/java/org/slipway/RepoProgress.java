package org.slipway;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import org.slipway.repository.FolderWatch;

/**
 * How a repository gets on, on one living line of a terminal with the time left; in a pipe it says
 * nothing. To be wiped before anything else is printed.
 */
final class RepoProgress implements FolderWatch {
  private static final int BAR = 24;
  private static final long BETWEEN_NANOS = 100_000_000;

  private final PrintStream out;
  private final boolean living;
  private final long began = System.nanoTime();
  private long drawn = began;
  private int all;
  private int done;
  private boolean shown;

  /** @param living whether {@code out} is a terminal on which a line can be drawn anew */
  RepoProgress(PrintStream out, boolean living) {
    this.out = out;
    this.living = living;
  }

  @Override
  public synchronized void found(int packages) {
    all = packages;
  }

  @Override
  public synchronized void listed() {
    done++;
    long now = System.nanoTime();
    if (!living || now - drawn < BETWEEN_NANOS) {
      return;
    }
    drawn = now;
    int full = (int) ((long) BAR * done / Math.max(1, all));
    Duration left =
        Duration.ofNanos(now - began).multipliedBy(Math.max(0, all - done)).dividedBy(done);
    out.printf(
        Locale.ROOT,
        "\r[%s%s] %,d of %,d packages, %s left\u001b[K",
        "#".repeat(full),
        ".".repeat(Math.max(0, BAR - full)),
        done,
        all,
        EvaluationProgress.time(left));
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
}
