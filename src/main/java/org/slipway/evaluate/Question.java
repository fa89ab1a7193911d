package org.slipway.evaluate;

import java.util.Optional;
import org.slipway.packages.Flavor;
import org.slipway.packages.Origin;

/** One run of make: a port, and the flavor it is told, if any. */
record Question(Origin origin, Optional<Flavor> flavor) {
  static Question ofDefault(Origin origin) {
    return new Question(origin, Optional.empty());
  }

  @Override
  public String toString() {
    return origin + flavor.map(name -> "@" + name).orElse("");
  }
}
