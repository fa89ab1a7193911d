package org.slipway;

import java.util.List;

/**
 * A line of a tree of ports.
 *
 * @param branch the lines that lead to it
 * @param name of the port
 * @param kinds for which its neighbour needs it, or it its neighbour
 * @param remark on where its own neighbours are shown
 * @param trouble why it cannot be built; the only part that is cut to fit
 */
record LineageRow(String branch, String name, String kinds, String remark, String trouble) {
  static final int COLUMNS = 80;

  /** Beyond this a long name does not push every other line's kinds away from their names. */
  private static final int MOST_ALIGNED = 44;

  /** A reason that is cut to less says nothing; then the line is wider. */
  private static final int SHORTEST = 24;

  /** How wide the columns of a tree are: the branches and names, and the kinds. */
  record Layout(int head, int kinds) {
    static Layout of(List<LineageRow> rows) {
      int head = 0;
      int kinds = 0;
      for (LineageRow row : rows) {
        if (!row.kinds().isEmpty()) {
          head = Math.max(head, row.head().length());
          kinds = Math.max(kinds, row.kinds().length());
        }
      }
      return new Layout(Math.min(head, MOST_ALIGNED), kinds);
    }
  }

  String text(Layout layout) {
    StringBuilder line = new StringBuilder(padded(head(), layout.head()));
    add(line, padded(kinds, layout.kinds()));
    add(line, remark);
    if (!trouble.isEmpty()) {
      add(line, cut(trouble, Math.max(COLUMNS - line.length() - 2, SHORTEST)));
    }
    return line.toString().stripTrailing();
  }

  private String head() {
    return branch + name;
  }

  private static String padded(String text, int columns) {
    return text + " ".repeat(Math.max(0, columns - text.length()));
  }

  private static void add(StringBuilder line, String word) {
    if (!word.isEmpty()) {
      line.append("  ").append(word);
    }
  }

  /** Shortened to so many columns, with dots where something was left out. */
  static String cut(String text, int columns) {
    if (width(text) <= columns) {
      return text;
    }
    int end = 0;
    for (int width = 3; ; end += Character.charCount(text.codePointAt(end))) {
      width += width(text.codePointAt(end));
      if (width > columns) {
        return text.substring(0, end) + "...";
      }
    }
  }

  /** How many columns of a terminal it takes. */
  static int width(String text) {
    return text.codePoints().map(LineageRow::width).sum();
  }

  private static int width(int character) {
    // From Hangul on many characters are two columns wide; that all are is the safe guess.
    return character < 0x1100 ? 1 : 2;
  }
}
