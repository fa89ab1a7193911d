package org.slipway.bench;

import java.io.PrintStream;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * A benchmark's progress as a person sees it: on a terminal one living line with a bar and the time
 * left, else a plain line as each part ends. Never wider than 80 columns.
 */
public final class Meanwhile implements Told {
  private static final int BAR = 20;
  private static final long REDRAW_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final PrintStream out;
  private final boolean living;
  private String what = "";
  private int steps;
  private int done;
  private long began;
  private long drawn;

  /** @param living whether {@code out} is a terminal on which a line can be drawn anew */
  public Meanwhile(PrintStream out, boolean living) {
    this.out = out;
    this.living = living;
  }

  @Override
  public synchronized void begins(String part, int known) {
    what = part;
    steps = known;
    done = 0;
    began = System.nanoTime();
    drawn = 0;
    draw();
  }

  @Override
  public synchronized void more(int known) {
    steps += known;
    draw();
  }

  @Override
  public synchronized void step() {
    done++;
    draw();
  }

  @Override
  public synchronized void ends() {
    wipe();
    out.println(Text.line(
        String.format(Locale.ROOT, "%-46s %7d in %s", what, done, Text.rough(elapsed()))));
    out.flush();
  }

  private void draw() {
    long now = System.nanoTime();
    if (!living || (drawn != 0 && now - drawn < REDRAW_NANOS)) {
      return;
    }
    drawn = now;
    int full = steps == 0 ? 0 : (int) Math.min(BAR, (long) BAR * done / steps);
    String left = done == 0 || steps <= done
        ? ""
        : ", " + Text.rough(elapsed().multipliedBy(steps - done).dividedBy(done)) + " left";
    String bar = "[" + "#".repeat(full) + ".".repeat(BAR - full) + "]";
    wipe();
    out.print(Text.line(what + " " + bar + " " + done + " of " + steps + left));
    out.flush();
  }

  private void wipe() {
    if (living) {
      out.print("\r\u001b[K");
    }
  }

  private Duration elapsed() {
    return Duration.ofNanos(System.nanoTime() - began);
  }
}
