package org.slipway.evaluate;

import java.util.List;

/**
 * What a question once came to, and what that hangs on: it holds where each place shows again what
 * it showed then.
 *
 * @param file the key under which it is on disk
 * @param seen what each place showed, in their order
 */
record Kept(String file, List<Place> places, List<String> seen, Outcome outcome) {
  Kept {
    places = List.copyOf(places);
    seen = List.copyOf(seen);
    if (places.size() != seen.size()) {
      throw new IllegalArgumentException(places.size() + " places and " + seen.size() + " sights");
    }
  }
}
