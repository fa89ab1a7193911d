package org.slipway.packages;

/**
 * A package's name and version as one word, such as {@code libfoo-1.2_1,1}: the text after the last
 * dash is the version (pkg-repo-format: PORTVERSION[_REVISION][,EPOCH]). No slash, no white space,
 * no control character, not starting with a dot.
 */
public record PackageName(String base, String version) implements Comparable<PackageName> {
  private static final int BASE_LENGTH = 128;
  private static final int VERSION_LENGTH = 96;

  public PackageName {
    if (!isWord(base, BASE_LENGTH, "_.+-")
        || ".+-".indexOf(base.charAt(0)) >= 0
        || !isWord(version, VERSION_LENGTH, "_.+,")) {
      throw new IllegalArgumentException(
          "\"" + base + "-" + version + "\" is not a package name; write name-version");
    }
  }

  /** Asked for every package of a repository; an expression would take several times as long. */
  private static boolean isWord(String text, int longest, String marks) {
    for (int i = 0; i < text.length(); i++) {
      char each = text.charAt(i);
      if ((each < 'a' || each > 'z')
          && (each < 'A' || each > 'Z')
          && (each < '0' || each > '9')
          && marks.indexOf(each) < 0) {
        return false;
      }
    }
    return !text.isEmpty() && text.length() <= longest;
  }

  /** Reads {@code name-version}. */
  public static PackageName parse(String text) {
    int dash = text.lastIndexOf('-');
    if (dash < 1) {
      throw new IllegalArgumentException(
          "\"" + text + "\" is not a package name; write name-version");
    }
    return new PackageName(text.substring(0, dash), text.substring(dash + 1));
  }

  @Override
  public int compareTo(PackageName other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return base + "-" + version;
  }
}
