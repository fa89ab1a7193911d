package org.slipway.build;

import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** The line of a log with which a phase begins. */
public final class PhaseHeading {
  private static final int LONGEST = 200;

  private PhaseHeading() {}

  /** As the farm writes it, such as {@code ===>  Phase: build}. */
  static String of(Phase phase) {
    return "===>  Phase: " + phase;
  }

  /**
   * The phase that a line announces, in the farm's words or in poudriere's, such as
   * {@code =====<phase: build >=====}. A port may write such a line too.
   */
  public static Optional<Phase> read(String line) {
    if (!line.startsWith("=") || line.length() > LONGEST) {
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
    if (isWord(rest, "depends")) {
      // What the phase was called in logs that are older than the dependency phases.
      return Optional.of(Phase.PKG_DEPENDS);
    }
    return Stream.of(Phase.values()).filter(each -> isWord(rest, each.word())).findFirst();
  }

  /** {@code build} is a phase, {@code building} is not. */
  private static boolean isWord(String text, String word) {
    return text.startsWith(word)
        && (text.length() == word.length() || " =:>.\t".indexOf(text.charAt(word.length())) >= 0);
  }
}
