package org.slipway.jail;

/**
 * What a kept base is called: a folder below HOME/bases and a word in job files. Letters, digits,
 * dots, dashes and underscores, 64 at most, beginning with a letter or digit; not {@code host},
 * which means the host's own system.
 */
public record BaseName(String name) implements Comparable<BaseName> {
  /** What stands for the host's own system where a base is asked for. */
  public static final String HOST = "host";

  public BaseName {
    if (!fits(name)) {
      throw new IllegalArgumentException("\"" + BaseText.shown(name) + "\" cannot name a base;"
          + " letters, digits, dots, dashes and underscores can, 64 at most, but not host");
    }
  }

  /** Whether a base can be called so. */
  public static boolean fits(String name) {
    return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}") && !name.equals(HOST);
  }

  @Override
  public int compareTo(BaseName other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
