package org.slipway.evaluate;

import java.io.IOException;
import java.util.Optional;
import org.slipway.packages.OriginSpec;

/** What became of ports that a tree and its overlays no longer have, as their MOVED tells it. */
public final class Departures {
  private static final String BEGINNING = "MOVED says it ";

  private final TreeFiles tree;
  private final Moves moves;

  private Departures(TreeFiles tree, Moves moves) {
    this.tree = tree;
    this.moves = moves;
  }

  /**
   * A port that left.
   *
   * @param reason in MOVED's words, such as {@code was removed on 2026-01-31: Abandoned upstream}
   * @param now the port of the tree that took its place; empty where none did
   */
  public record Departure(String reason, Optional<OriginSpec> now) {}

  /** Reads MOVED of all sources; closing their checkouts later does no harm to what was asked. */
  public static Departures of(Sources sources) throws IOException {
    TreeFiles tree = new TreeFiles(sources);
    return new Departures(tree, Moves.read(tree));
  }

  /** Empty where the port is still there, and where MOVED does not say where it went. */
  public Optional<Departure> of(OriginSpec spec) {
    Moved moved = moves.resolve(spec, origin -> tree.absence(origin).isEmpty());
    if (moved instanceof Moved.Expired expired) {
      return Optional.of(new Departure(reason(expired.sentence()), Optional.empty()));
    }
    return moved instanceof Moved.To to
        ? Optional.of(new Departure(reason(to.sentence()), Optional.of(to.now())))
        : Optional.empty();
  }

  private static String reason(String sentence) {
    return sentence.startsWith(BEGINNING) ? sentence.substring(BEGINNING.length()) : sentence;
  }
}
