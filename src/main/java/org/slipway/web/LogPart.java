package org.slipway.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.slipway.build.PhaseHeading;
import org.slipway.store.LogIndex;
import org.slipway.store.LogLines;
import org.slipway.store.StoredLog;

/**
 * A window on a log.
 *
 * @param total lines in the whole log
 * @param bytes of the whole log
 * @param times whether the lines say when they were written
 * @param quoted the line that tells why the build failed, where one does
 */
record LogPart(
    List<Line> lines,
    long total,
    long bytes,
    boolean times,
    @Nullable Long quoted,
    List<Section> sections) {
  static final int LINES = 400;

  /** Of a line on a page; the text of the whole log has all of it. */
  private static final int LONGEST = 4_000;

  private static final int LINES_ABOVE = 20;

  /**
   * One line.
   *
   * @param kind {@code phase}, {@code quoted}, {@code error} or empty
   * @param time when it was written, where that was asked for and is known
   */
  record Line(
      long number, String text, String kind, @Nullable String time) {}

  /**
   * Where a phase begins.
   *
   * @param started where that is known
   */
  record Section(String phase, long line, @Nullable String started) {}

  /**
   * What a visitor wants to see.
   *
   * @param from the first line, counted from 1; 0 for the log's end
   * @param line to be seen with what stands above it, in place of {@code from}; 0 for none
   * @param times whether to say when lines were written
   */
  record Wanted(long from, long line, boolean times) {
    static Wanted of(Asked asked) {
      return new Wanted(
          asked.number("from"), asked.number("line"), asked.parameter("times").equals("1"));
    }

    private long first(long total) {
      if (line > 0) {
        return Math.max(1, Math.min(line, total) - LINES_ABOVE);
      }
      return from > 0 ? from : Math.max(1, total - LINES + 1);
    }
  }

  private static final Pattern ERROR = Pattern.compile(
      "(?<![\\w-])(?:fatal )?error(?:\\[\\w+\\])?:|^\\*\\*\\* |: \\*\\*\\* |undefined reference"
          + "|^Traceback |: not found$"
          + "|No such file or directory|mismatch|Killed$");

  /** Reads the window, and little more of the log. */
  static LogPart read(StoredLog log, Wanted wanted, @Nullable Long quoted) throws IOException {
    LogIndex index = log.index();
    List<Line> window = new ArrayList<>();
    long number = wanted.first(index.lines());
    long end = number + LINES;
    LogLines lines = new LogLines(log.from(number));
    for (String text = lines.next(); text != null && number < end; text = lines.next()) {
      String shown = text;
      if (lines.goesOn() || text.length() > LONGEST) {
        int cut = Math.min(text.length(), LONGEST);
        shown = text.substring(0, Character.isHighSurrogate(text.charAt(cut - 1)) ? cut - 1 : cut)
            + "…";
      }
      while (lines.goesOn()) {
        lines.next();
      }
      String time = wanted.times() ? Look.moment(index.time(number)) : null;
      window.add(new Line(number, shown, kind(number, text, quoted), time));
      number++;
    }
    return new LogPart(
        List.copyOf(window),
        index.lines(),
        index.bytes(),
        wanted.times(),
        quoted,
        index.sections().stream()
            .map(each -> new Section(each.phase().word(), each.line(), Look.moment(each.started())))
            .toList());
  }

  private static String kind(long number, String text, @Nullable Long quoted) {
    if (quoted != null && quoted == number) {
      return "quoted";
    } else if (PhaseHeading.read(text).isPresent()) {
      return "phase";
    }
    return looksLikeError(text) ? "error" : "";
  }

  /** Where a phase begins, the first time that it is run. */
  Optional<Long> lineOf(String phase) {
    return sections.stream()
        .filter(section -> section.phase().equals(phase))
        .findFirst()
        .map(Section::line);
  }

  static boolean looksLikeError(String line) {
    return ERROR
        .matcher(line.length() > 2_000 ? line.substring(0, 2_000) : line)
        .find();
  }
}
