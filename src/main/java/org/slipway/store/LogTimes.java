package org.slipway.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.Optional;

/**
 * When the lines of a log were written, kept beside the log: a moment for a line now and then, at
 * most {@link #MOST}; a log that goes on for long has them further apart. Not safe for several
 * threads.
 */
final class LogTimes {
  static final int MOST = 4096;
  private static final long FIRST_STEP_MILLIS = 1000;

  private long[] lines = new long[16];
  private long[] millis = new long[16];
  private int count;
  private long step = FIRST_STEP_MILLIS;

  LogTimes() {}

  private LogTimes(LogTimes other) {
    lines = Arrays.copyOf(other.lines, other.count);
    millis = Arrays.copyOf(other.millis, other.count);
    count = other.count;
    step = other.step;
  }

  /**
   * The line was begun at this moment; true where that is kept.
   *
   * @param line from 1, not smaller than the one before
   */
  boolean add(long line, long atMillis) {
    if (count > 0 && (line <= lines[count - 1] || atMillis - millis[count - 1] < step)) {
      return false;
    }
    if (count == MOST) {
      thin();
      if (atMillis - millis[count - 1] < step) {
        return false;
      }
    }
    if (count == lines.length) {
      lines = Arrays.copyOf(lines, Math.min(MOST, count * 2));
      millis = Arrays.copyOf(millis, Math.min(MOST, count * 2));
    }
    lines[count] = line;
    millis[count] = atMillis;
    count++;
    return true;
  }

  /** Every second one goes. */
  private void thin() {
    int kept = 0;
    for (int i = 0; i < count; i += 2) {
      lines[kept] = lines[i];
      millis[kept] = millis[i];
      kept++;
    }
    count = kept;
    step *= 2;
  }

  /** The moment that is known of the line or of the nearest line before it. */
  Optional<Instant> of(long line) {
    int found = Arrays.binarySearch(lines, 0, count, line);
    int at = found >= 0 ? found : -found - 2;
    return at < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis[at]));
  }

  /** The first moment of all. */
  Optional<Instant> began() {
    return count == 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis[0]));
  }

  int count() {
    return count;
  }

  long line(int i) {
    return lines[i];
  }

  long millis(int i) {
    return millis[i];
  }

  LogTimes copy() {
    return new LogTimes(this);
  }
}
