package org.slipway.packages;

import java.util.regex.Pattern;

/**
 * A package's name and version as one word, such as {@code libfoo-1.2_1,1}: the text after the last
 * dash is the version (pkg-repo-format: PORTVERSION[_REVISION][,EPOCH]). No slash, no white space,
 * no control character, not starting with a dot.
 */
public record PackageName(String base, String version) implements Comparable<PackageName> {
  private static final Pattern BASE = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}");
  private static final Pattern VERSION = Pattern.compile("[A-Za-z0-9_.+,]{1,96}");

  public PackageName {
    if (!BASE.matcher(base).matches() || !VERSION.matcher(version).matches()) {
      throw new IllegalArgumentException(
          "\"" + base + "-" + version + "\" is not a package name; write name-version");
    }
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
