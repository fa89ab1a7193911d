package org.slipway;

import java.util.Locale;

/**
 * What is wrong with a port itself.
 *
 * @param reason in the tree's or make's own words, so hostile; empty where there is none
 */
record LineageTrouble(State state, String reason) {
  /** How far a port came. */
  enum State {
    /** It says itself that it must not be built. */
    IGNORED,
    /** It gives no answers. */
    UNEVALUABLE,
    /** A port depends on it and the evaluation has nothing of it: the tree does not have it. */
    MISSING;

    String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** On one line, fit for a terminal. */
  String sentence() {
    String clean = Quoted.printable(reason.strip().replaceAll("\\s+", " "));
    return switch (state) {
      case IGNORED -> "ignored: " + clean;
      case UNEVALUABLE -> "does not evaluate: " + clean;
      case MISSING -> "not in the tree";
    };
  }
}
