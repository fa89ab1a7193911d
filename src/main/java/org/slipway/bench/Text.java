package org.slipway.bench;

import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Figures and hostile values in words for a terminal of 80 columns. */
final class Text {
  static final int COLUMNS = 79;
  static final String UNKNOWN = "-";

  private Text() {}

  /** Without control characters, which a hostile value could move a terminal's cursor with. */
  static String clean(String text) {
    StringBuilder clean = new StringBuilder();
    text.codePoints()
        .forEach(point -> clean.appendCodePoint(Character.isISOControl(point) ? '?' : point));
    return clean.toString();
  }

  /** Cleaned, and at most this long; three dots stand for what was cut off. */
  static String cut(String text, int length) {
    String clean = clean(text);
    return clean.length() <= length ? clean : clean.substring(0, length - 3) + "...";
  }

  static String line(String text) {
    return cut(text, COLUMNS);
  }

  static String seconds(Duration duration) {
    double seconds = number(duration);
    return String.format(Locale.ROOT, seconds < 10 ? "%.2f s" : "%.1f s", seconds);
  }

  static String seconds(Optional<Duration> duration) {
    return duration.map(Text::seconds).orElse(UNKNOWN);
  }

  /** For people who wait: the larger the coarser. */
  static String rough(Duration duration) {
    long all = Math.max(0, duration.toSeconds());
    if (all >= 3600) {
      return all / 3600 + " h " + String.format(Locale.ROOT, "%02d", all / 60 % 60) + " min";
    }
    return all >= 60
        ? all / 60 + " min " + String.format(Locale.ROOT, "%02d", all % 60) + " s"
        : all + " s";
  }

  static double number(Duration duration) {
    return duration.toNanos() / 1e9;
  }

  static String mebibytes(OptionalLong bytes) {
    return bytes.isPresent() ? (bytes.getAsLong() >> 20) + " MiB" : UNKNOWN;
  }

  static String ratio(OptionalDouble ratio) {
    return ratio.isPresent() ? String.format(Locale.ROOT, "%.2f", ratio.getAsDouble()) : UNKNOWN;
  }
}
