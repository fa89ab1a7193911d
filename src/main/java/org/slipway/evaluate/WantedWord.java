package org.slipway.evaluate;

import java.util.Optional;
import org.slipway.packages.Flavor;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;

/**
 * A port as somebody asks for it: {@code category/port}, which is its default flavor, as is
 * {@code category/port@-}; {@code category/port@flavor}; or {@code category/port@all}.
 *
 * @param every all of its flavors
 */
record WantedWord(Origin origin, Optional<Flavor> flavor, boolean every) {
  static WantedWord parse(String text) {
    int at = text.indexOf('@');
    if (at < 0) {
      return of(Origin.parse(text));
    }
    Origin origin = Origin.parse(text.substring(0, at));
    String flavor = text.substring(at + 1);
    return switch (flavor) {
      case "-" -> of(origin);
      case "all" -> new WantedWord(origin, Optional.empty(), true);
      default -> new WantedWord(origin, Optional.of(new Flavor(flavor)), false);
    };
  }

  static WantedWord of(Origin origin) {
    return new WantedWord(origin, Optional.empty(), false);
  }

  OriginSpec asWritten() {
    return new OriginSpec(origin, flavor);
  }
}
