package org.slipway.evaluate;

import java.util.List;
import java.util.stream.Collectors;

/**
 * make's words for people: in one line, without the farm's folder names, control characters and
 * make's closing words.
 */
final class MakeMessage {
  private static final int CHARACTERS = 1_000;

  private MakeMessage() {}

  static String tidy(List<String> lines) {
    String text = lines.stream()
        .map(String::strip)
        .filter(line -> !line.isEmpty() && !closing(line))
        .map(line -> line.replaceFirst("^b?make(\\[\\d+\\])?: ", ""))
        .collect(Collectors.joining("; "));
    return clean(text);
  }

  /** Hostile text made fit for a terminal and a page, and short. */
  static String clean(String text) {
    String plain =
        text.replace(Evaluator.TREE + "/", "").replaceAll("\\p{Cntrl}", " ").strip();
    return plain.length() <= CHARACTERS ? plain : plain.substring(0, CHARACTERS) + " ...";
  }

  private static boolean closing(String line) {
    return line.contains("Fatal errors encountered -- cannot continue")
        || line.matches("b?make(\\[\\d+\\])?: stopped (making .* )?in .*");
  }
}
