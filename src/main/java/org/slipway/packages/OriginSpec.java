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

  @Override
  public int compareTo(OriginSpec other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public String toString() {
    return origin + flavor.map(name -> "@" + name).orElse("");
  }
}
