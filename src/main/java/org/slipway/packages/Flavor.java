package org.slipway.packages;

import java.util.regex.Pattern;

/**
 * A port's flavor, such as {@code py311}: lower-case letters, digits and underscores (ports
 * framework, FLAVORS).
 */
public record Flavor(String name) implements Comparable<Flavor> {
  private static final Pattern NAME = Pattern.compile("[a-z0-9_]{1,64}");

  public Flavor {
    if (!NAME.matcher(name).matches()) {
      throw new IllegalArgumentException(
          "\"" + name + "\" is not a flavor; a flavor has lower-case letters, digits and _ only");
    }
  }

  @Override
  public int compareTo(Flavor other) {
    return name.compareTo(other.name);
  }

  @Override
  public String toString() {
    return name;
  }
}
