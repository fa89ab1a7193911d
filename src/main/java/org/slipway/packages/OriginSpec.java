package org.slipway.packages;

import java.util.Optional;

/**
 * What is built: an origin and, where the port has flavors, one of them; written
 * {@code category/port@flavor}. In an evaluation's answers a port with flavors always carries one,
 * its default included.
 */
public record OriginSpec(Origin origin, Optional<Flavor> flavor) implements Comparable<OriginSpec> {
  /** A port without flavors, or its default one where the question is asked. */
  public static OriginSpec of(Origin origin) {
    return new OriginSpec(origin, Optional.empty());
  }

  /** Reads {@code category/port} or {@code category/port@flavor}. */
  public static OriginSpec parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return of(Origin.parse(text));
    }
    return new OriginSpec(
        Origin.parse(text.substring(0, at)), Optional.of(new Flavor(text.substring(at + 1))));
  }

  /** The order of {@link #toString}, mostly without making the texts. */
  @Override
  public int compareTo(OriginSpec other) {
    int order = origin.compareTo(other.origin);
    if (order == 0) {
      return flavor
          .map(Flavor::name)
          .orElse("")
          .compareTo(other.flavor.map(Flavor::name).orElse(""));
    }
    String name = origin.name();
    String otherName = other.origin.name();
    boolean oneBeginsTheOther = name.startsWith(otherName) || otherName.startsWith(name);
    return oneBeginsTheOther ? toString().compareTo(other.toString()) : order;
  }

  @Override
  public String toString() {
    return origin + flavor.map(name -> "@" + name).orElse("");
  }
}
