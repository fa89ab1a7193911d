package org.slipway.evaluate;

import java.util.Optional;
import org.slipway.packages.Flavor;
import org.slipway.packages.Origin;

/**
 * One word of a dependency variable, {@code key:origin[@flavor][:target]}, as the port wrote it.
 */
record DependencyWord(DependencyKind kind, String key, WantedWord on) {
  /** @throws IllegalArgumentException where it is none; the message quotes it */
  static DependencyWord parse(DependencyKind kind, String word) {
    String[] parts = word.split(":", -1);
    if (parts.length < 2 || parts.length > 3 || parts[0].isEmpty()) {
      throw wrong(kind, word);
    }
    String prefix = Evaluator.TREE + "/";
    String place = parts[1].startsWith(prefix) ? parts[1].substring(prefix.length()) : parts[1];
    try {
      WantedWord on = WantedWord.parse(place);
      if (on.every()) {
        throw wrong(kind, word);
      }
      return new DependencyWord(kind, parts[0], on);
    } catch (IllegalArgumentException e) {
      throw wrong(kind, word);
    }
  }

  private static IllegalArgumentException wrong(DependencyKind kind, String word) {
    return new IllegalArgumentException(
        kind.variable() + " holds \"" + word + "\"; write key:category/port");
  }

  Origin origin() {
    return on.origin();
  }

  Optional<Flavor> flavor() {
    return on.flavor();
  }
}
