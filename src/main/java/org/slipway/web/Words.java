package org.slipway.web;

import freemarker.template.SimpleScalar;
import freemarker.template.TemplateMethodModelEx;
import freemarker.template.TemplateModelException;
import freemarker.template.TemplateNumberModel;
import freemarker.template.TemplateScalarModel;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Times, spans and sizes as a person reads them. */
final class Words {
  private static final DateTimeFormatter DAY =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss", Locale.ROOT).withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter CLOCK =
      DateTimeFormatter.ofPattern("HH:mm", Locale.ROOT).withZone(ZoneOffset.UTC);

  private Words() {}

  /**
   * For templates: {@code span(seconds)}, {@code day(iso)}, {@code clock(iso)}, {@code
   * bytes(count)}.
   */
  static Map<String, TemplateMethodModelEx> functions() {
    return Map.of(
        "span", arguments -> new SimpleScalar(span(number(arguments))),
        "bytes", arguments -> new SimpleScalar(bytes((long) number(arguments))),
        "day", arguments -> new SimpleScalar(DAY.format(Instant.parse(text(arguments)))),
        "clock", arguments -> new SimpleScalar(CLOCK.format(Instant.parse(text(arguments)))));
  }

  /** Two units at most, such as {@code 4 min 05 s}. */
  static String span(double seconds) {
    if (seconds < 10) {
      return String.format(Locale.ROOT, "%.1f s", seconds);
    }
    long whole = Math.round(seconds);
    if (whole < 60) {
      return whole + " s";
    }
    if (whole < 3_600) {
      return String.format(Locale.ROOT, "%d min %02d s", whole / 60, whole % 60);
    }
    long minutes = whole / 60;
    return minutes < 48 * 60
        ? String.format(Locale.ROOT, "%d h %02d min", minutes / 60, minutes % 60)
        : String.format(Locale.ROOT, "%d d %02d h", minutes / 1_440, minutes / 60 % 24);
  }

  /** In units of 1,000, as disks and downloads are. */
  static String bytes(long count) {
    if (count < 1_000) {
      return count + " B";
    }
    double size = count;
    String[] units = {"kB", "MB", "GB", "TB"};
    int unit = -1;
    while (size >= 999.5 && unit < units.length - 1) {
      size /= 1_000;
      unit++;
    }
    return String.format(Locale.ROOT, size < 9.95 ? "%.1f %s" : "%.0f %s", size, units[unit]);
  }

  private static double number(List<?> arguments) throws TemplateModelException {
    if (arguments.size() == 1 && arguments.get(0) instanceof TemplateNumberModel number) {
      return number.getAsNumber().doubleValue();
    }
    throw new TemplateModelException("one number is needed");
  }

  private static String text(List<?> arguments) throws TemplateModelException {
    if (arguments.size() == 1 && arguments.get(0) instanceof TemplateScalarModel text) {
      return text.getAsString();
    }
    throw new TemplateModelException("one text is needed");
  }
}
