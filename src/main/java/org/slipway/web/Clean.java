package org.slipway.web;

import org.slipway.store.LogLines;

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
      clean.appendCodePoint(LogLines.readable(point) ? point : '\uFFFD');
    }
    return clean.toString();
  }
}
