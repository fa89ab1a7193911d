package org.slipway.evaluate;

import java.util.Optional;
import org.slipway.packages.Flavor;
import org.slipway.packages.Origin;

/**
 * One run of make: a port, and the flavor it is told, if any.
 *
 * @param folder the port's, as a jail sees it: in the tree or in an overlay
 */
record Question(Origin origin, Optional<Flavor> flavor, String folder) {
  @Override
  public String toString() {
    return origin + flavor.map(name -> "@" + name).orElse("");
  }
}
