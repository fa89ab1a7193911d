package org.slipway;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.slipway.jail.BaseProgress;

/**
 * How the making of a base gets on: one living line of a terminal with the time left, or the time
 * spent where nobody knows how much there is, and a line a step elsewhere.
 */
final class BaseProgressLine implements BaseProgress {
  private static final int COLUMNS = 79;
  private static final long BETWEEN_NANOS = 100_000_000;

  /** Before that, a guess of the time left jumps about. */
  private static final long GUESS_NANOS = 1_000_000_000;

  private final PrintWriter out;
  private final boolean living;
  private final boolean silent;
  private final List<String> remarks = new ArrayList<>();
  private final Set<String> told = new HashSet<>();
  private String step = "";
  private long began;
  private long beganAt;
  private long drawn;

  /**
   * @param living whether {@code out} is a terminal on which a line can be drawn anew
   * @param silent whether steps are not told where it is none
   */
  BaseProgressLine(PrintWriter out, boolean living, boolean silent) {
    this.out = out;
    this.living = living;
    this.silent = silent;
  }

  @Override
  public synchronized void at(String now, long doneBytes, long totalBytes) {
    long time = System.nanoTime();
    if (!now.equals(step)) {
      step = now;
      began = time;
      beganAt = doneBytes;
      drawn = 0;
      if (!living && !silent && told.add(now)) {
        out.println(Quoted.printable(now) + " ...");
        out.flush();
      }
    }
    if (living && (drawn == 0 || time - drawn >= BETWEEN_NANOS)) {
      drawn = time;
      draw(doneBytes, totalBytes, time);
    }
  }

  private void draw(long doneBytes, long totalBytes, long time) {
    StringBuilder line = new StringBuilder(Quoted.printable(step));
    if (doneBytes > 0) {
      line.append("  ").append(BaseText.size(doneBytes));
    }
    if (totalBytes == 0) {
      line.append(", ").append(EvaluationProgress.time(Duration.ofNanos(time - began)));
    } else {
      line.append(" of ").append(BaseText.size(totalBytes));
      line.append(String.format(Locale.ROOT, ", %d%%", 100 * doneBytes / totalBytes));
      long gained = doneBytes - beganAt;
      if (time - began > GUESS_NANOS && gained > 0) {
        double each = (time - began) / (double) gained;
        long left = (long) (each * Math.max(0, totalBytes - doneBytes));
        line.append(", ")
            .append(EvaluationProgress.time(Duration.ofNanos(left)))
            .append(" left");
      }
    }
    if (line.length() > COLUMNS) {
      line.setLength(COLUMNS);
    }
    out.print("\r" + line + "\u001b[K");
    out.flush();
  }

  @Override
  public synchronized void remark(String sentence) {
    remarks.add(sentence);
  }

  synchronized List<String> remarks() {
    return List.copyOf(remarks);
  }

  /** Takes the line away. */
  synchronized void wipe() {
    if (living && drawn > 0) {
      out.print("\r\u001b[K");
      out.flush();
    }
  }
}
