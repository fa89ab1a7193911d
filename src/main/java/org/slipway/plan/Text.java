package org.slipway.plan;

/** Text of a tree made fit for one line of a table: a port's words are hostile. */
final class Text {
  private static final int LONGEST = 300;

  private Text() {}

  /** White space and control characters as single spaces, at most 300 characters. */
  static String line(String text) {
    String plain = text.replaceAll("[\\s\\p{Cc}\\p{Cf}]+", " ").strip();
    if (plain.length() <= LONGEST) {
      return plain;
    }
    int end = LONGEST - 1;
    return plain.substring(0, Character.isHighSurrogate(plain.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }
}
