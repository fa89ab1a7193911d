package org.slipway.poudriere;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Words of a command as a shell reads them. What comes out means the same to sh and to csh, which
 * was root's shell on FreeBSD before 14 and is what ssh hands a command to.
 */
final class Words {
  private static final Pattern PLAIN = Pattern.compile("[A-Za-z0-9_./:@%+,=-]+");

  private Words() {}

  /** A line that a shell takes apart into these very words. */
  static String line(List<String> words) {
    return words.stream().map(Words::quote).collect(Collectors.joining(" "));
  }

  /**
   * A word in quotes, where it needs any.
   *
   * @throws IllegalArgumentException for control characters: csh has no quotes for a line's end,
   *     and no name that the farm sends has any
   */
  static String quote(String word) {
    if (word.chars().anyMatch(each -> each < ' ' || each == 0x7f)) {
      throw new IllegalArgumentException(
          "a word with control characters cannot be sent to another host's shell");
    }
    if (PLAIN.matcher(word).matches() && !word.startsWith("=")) {
      return word;
    }
    // Neither quotes nor csh's history marks can stand within quotes; each stands for itself.
    return "'" + word.replace("'", "'\\''").replace("!", "'\\!'") + "'";
  }
}
