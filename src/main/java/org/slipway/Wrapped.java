package org.slipway;

import java.io.PrintStream;

/** Sentences for a terminal: broken between words at 80 columns, further lines set in. */
final class Wrapped {
  private static final int COLUMNS = 79;

  private Wrapped() {}

  /** Control characters of a hostile text do not reach the terminal. */
  static void print(PrintStream out, String sentence) {
    StringBuilder clean = new StringBuilder();
    sentence
        .codePoints()
        .forEach(point -> clean.appendCodePoint(Character.isISOControl(point) ? '?' : point));
    String text = clean.toString().stripLeading();
    String indent = " ".repeat(clean.length() - text.length());
    StringBuilder line = new StringBuilder(indent);
    String before = "";
    for (String word : text.split(" ", -1)) {
      if (!before.isEmpty() && line.length() + 1 + word.length() > COLUMNS) {
        out.println(line);
        line.setLength(0);
        line.append(indent).append("   ");
      }
      line.append(before).append(word);
      before = " ";
    }
    out.println(line);
  }
}
