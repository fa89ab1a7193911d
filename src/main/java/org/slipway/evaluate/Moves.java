package org.slipway.evaluate;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.slipway.packages.Origin;

/**
 * The tree's file MOVED, {@code old|new|date|reason} a line, an empty new for a port that is gone.
 * It only explains: who asks for an old name is told the new one and not given it.
 */
final class Moves {
  private final Map<String, String> sentences = new HashMap<>();

  static Moves read(TreeFiles tree) throws IOException {
    Moves moves = new Moves();
    for (String line : tree.lines("MOVED")) {
      String[] fields = line.split("\\|", 4);
      if (fields.length == 4 && !line.startsWith("#")) {
        String what = fields[1].isEmpty() ? "was removed" : "became " + fields[1];
        // The last line about a name is the one that holds.
        moves.sentences.put(
            fields[0],
            "MOVED says it " + what + " on " + fields[2] + ": " + MakeMessage.clean(fields[3]));
      }
    }
    return moves;
  }

  Optional<String> explain(Origin origin) {
    return Optional.ofNullable(sentences.get(origin.toString()));
  }
}
