package org.slipway.build;

import java.util.regex.Pattern;

/** A port's words made fit for one cell of a table. */
final class OneLine {
  private static final int LONGEST = 300;

  /** ECMA-48: CSI sequences, OSC strings, and two-character escapes. */
  private static final Pattern ESCAPES = Pattern.compile(
      "\u001b\\[[0-?]*[ -/]*[@-~]|\u001b\\][^\u0007\u001b]*(\u0007|\u001b\\\\)|\u001b[ -~]");

  private static final Pattern INVISIBLE = Pattern.compile("[\\s\\p{Cc}\\p{Cf}]+");

  private OneLine() {}

  /** Without escape sequences and control characters, at most 300 characters. */
  static String of(String text) {
    String shown = ESCAPES.matcher(text).replaceAll("");
    shown = INVISIBLE.matcher(shown).replaceAll(" ").strip();
    if (shown.length() <= LONGEST) {
      return shown;
    }
    int end = LONGEST - 1;
    return shown.substring(0, Character.isHighSurrogate(shown.charAt(end - 1)) ? end - 1 : end)
        + "…";
  }
}
