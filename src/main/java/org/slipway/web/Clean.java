package org.slipway.web;

/**
 * Hostile text made fit to be read: no control characters, nothing that turns the direction of what
 * follows, no more than fits. HTML is the templates' matter.
 */
final class Clean {
  private Clean() {}

  /** One line. */
  static String line(String text, int longest) {
    return text(text.replace('\n', ' '), longest).strip();
  }

  /** Several lines. */
  static String text(String text, int longest) {
    StringBuilder clean = new StringBuilder(Math.min(text.length(), longest + 1));
    for (int i = 0; i < text.length(); ) {
      int point = text.codePointAt(i);
      i += Character.charCount(point);
      if (clean.length() >= longest) {
        return clean.append('…').toString();
      }
      clean.appendCodePoint(readable(point) ? point : '\uFFFD');
    }
    return clean.toString();
  }

  /** Whether a character shows as itself. */
  static boolean readable(int point) {
    if (point == '\n' || point == '\t') {
      return true;
    }
    boolean turns = (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2066 && point <= 0x2069)
        || point == 0x200E
        || point == 0x200F
        || point == 0x061C;
    return !turns
        && !Character.isISOControl(point)
        && Character.getType(point) != Character.SURROGATE;
  }
}
