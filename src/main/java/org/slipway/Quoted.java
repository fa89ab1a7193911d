package org.slipway;

/** Words of a file as they are shown to a person: short, on one line, without what a terminal would obey. */
final class Quoted {
  private static final int LONGEST = 60;

  private Quoted() {}

  /** In quotation marks, shortened. */
  static String of(String text) {
    int end = text.codePointCount(0, text.length()) > LONGEST
        ? text.offsetByCodePoints(0, LONGEST)
        : text.length();
    return "\"" + printable(text.substring(0, end)) + (end < text.length() ? "..." : "") + "\"";
  }

  /** Control and format characters (a line end, an escape, a change of writing direction) become question marks. */
  static String printable(String text) {
    StringBuilder shown = new StringBuilder(text.length());
    text.codePoints().map(Quoted::visible).forEach(shown::appendCodePoint);
    return shown.toString();
  }

  private static int visible(int character) {
    return switch (Character.getType(character)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR -> '?';
      default -> character;
    };
  }
}
