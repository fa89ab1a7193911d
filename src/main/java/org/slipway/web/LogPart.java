package org.slipway.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slipway.build.Phase;

/**
 * A window on a log.
 *
 * @param total lines in the whole log
 * @param firstError the first line that looks like an error, where one does
 */
record LogPart(List<Line> lines, long total, @Nullable Long firstError, List<Section> sections) {
  static final int LINES = 400;
  private static final int SECTIONS = 64;

  /** One line; {@code kind} is {@code phase}, {@code error} or empty. */
  record Line(long number, String text, String kind) {}

  /** Where a phase begins. */
  record Section(String phase, long line) {}

  private static final Pattern ERROR = Pattern.compile(
      "(?<![\\w-])(?:fatal )?error(?:\\[\\w+\\])?:|^\\*\\*\\* |: \\*\\*\\* |undefined reference"
          + "|^Traceback |: not found$"
          + "|No such file or directory|mismatch|Killed$");

  /**
   * Reads a log once through.
   *
   * @param from the first line of the window, counted from 1; 0 for the log's end
   */
  static LogPart read(InputStream in, long from) throws IOException {
    ArrayDeque<Line> window = new ArrayDeque<>();
    List<Section> sections = new ArrayList<>();
    Long firstError = null;
    long number = 0;
    try (LogLines lines = new LogLines(in)) {
      for (String text = lines.next(); text != null; text = lines.next()) {
        number++;
        Optional<String> phase = phase(text);
        boolean error = phase.isEmpty() && looksLikeError(text);
        if (phase.isPresent() && sections.size() < SECTIONS) {
          sections.add(new Section(phase.get(), number));
        }
        if (error && firstError == null) {
          firstError = number;
        }
        if (from == 0 || (number >= from && number < from + LINES)) {
          window.add(new Line(number, text, phase.isPresent() ? "phase" : error ? "error" : ""));
        }
        if (window.size() > LINES) {
          window.remove();
        }
      }
    }
    return new LogPart(List.copyOf(window), number, firstError, sections);
  }

  /** The phase that a line announces, as in {@code ===>  Phase: build}. */
  static Optional<String> phase(String line) {
    if (!line.startsWith("=") || line.length() > 200) {
      return Optional.empty();
    }
    int start = 0;
    while (start < line.length() && "=<> ".indexOf(line.charAt(start)) >= 0) {
      start++;
    }
    String text = line.substring(start).toLowerCase(Locale.ROOT);
    if (!text.startsWith("phase:")) {
      return Optional.empty();
    }
    String rest = text.substring("phase:".length()).strip();
    return Stream.of(Phase.values())
        .map(Phase::word)
        .filter(word -> rest.startsWith(word) && ends(rest, word.length()))
        .findFirst();
  }

  /** {@code build} is a phase, {@code build-depends} and "building" are not. */
  private static boolean ends(String text, int at) {
    return at == text.length() || " =:>.\t".indexOf(text.charAt(at)) >= 0;
  }

  static boolean looksLikeError(String line) {
    return ERROR
        .matcher(line.length() > 2_000 ? line.substring(0, 2_000) : line)
        .find();
  }
}
