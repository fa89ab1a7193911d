package org.slipway.publish;

import java.util.regex.Pattern;

/**
 * Who moves a channel, and why; kept in its history.
 *
 * @param who a person or a program, one line of 1 to 64 characters
 * @param why one line of up to 400 characters, empty where nobody said
 */
public record Note(String who, String why) {
  private static final int LONGEST_WHO = 64;
  private static final int LONGEST_WHY = 400;

  /** What a terminal would obey, or what would turn the direction of the words after it. */
  private static final Pattern UNREADABLE =
      Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\x{2028}\\x{2029}]");

  public Note {
    if (who.isBlank() || who.length() > LONGEST_WHO || UNREADABLE.matcher(who).find()) {
      throw new IllegalArgumentException(
          "a move is made by somebody: one line of 1 to " + LONGEST_WHO + " characters");
    }
    if (why.length() > LONGEST_WHY || UNREADABLE.matcher(why).find()) {
      throw new IllegalArgumentException(
          "why a move is made is one line of up to " + LONGEST_WHY + " characters");
    }
  }

  /** What the farm does by itself. */
  public static Note ofFarm() {
    return new Note("slipway", "");
  }
}
