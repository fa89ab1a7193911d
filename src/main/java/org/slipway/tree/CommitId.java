package org.slipway.tree;

import java.util.regex.Pattern;

/** A git commit's name: 40 lower-case hexadecimal digits. */
public record CommitId(String hex) {
  private static final Pattern HEX = Pattern.compile("[0-9a-f]{40}");

  public CommitId {
    if (!names(hex)) {
      throw new IllegalArgumentException(
          "\"" + hex + "\" is not a commit; 40 hexadecimal digits are");
    }
  }

  /** Whether a text is a commit's whole name. */
  static boolean names(String text) {
    return HEX.matcher(text).matches();
  }

  /** The first ten digits, for people. */
  public String abbreviated() {
    return hex.substring(0, 10);
  }

  @Override
  public String toString() {
    return hex;
  }
}
