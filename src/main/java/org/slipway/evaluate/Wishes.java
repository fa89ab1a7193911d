package org.slipway.evaluate;

import java.io.IOException;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;

/** Reads the words in which ports are asked for; who asks for a port by an old name gets the new one. */
final class Wishes {
  private final TreeFiles tree;
  private final Moves moves;
  private final List<Finding> findings;

  /** @param findings to which is added what people should know */
  Wishes(TreeFiles tree, Moves moves, List<Finding> findings) {
    this.tree = tree;
    this.moves = moves;
    this.findings = findings;
  }

  /**
   * @param words {@code all}, {@code all@all} (every flavor too), or ports
   * @throws IllegalArgumentException where a word is none
   */
  Set<WantedWord> read(List<String> words) throws IOException {
    Set<WantedWord> wanted = new LinkedHashSet<>();
    for (String word : words) {
      if (word.equals("all") || word.equals("all@all")) {
        Categories categories = new Categories(tree);
        for (Origin origin : categories.origins()) {
          wanted.add(new WantedWord(origin, Optional.empty(), word.equals("all@all")));
        }
        findings.addAll(categories.findings());
      } else {
        wanted.add(present(WantedWord.parse(word)));
      }
    }
    return wanted;
  }

  private WantedWord present(WantedWord word) {
    if (tree.absence(word.origin()).isEmpty()) {
      return word;
    }
    Moved moved = moves.resolve(word.asWritten(), origin -> tree.absence(origin).isEmpty());
    if (moved instanceof Moved.To to) {
      OriginSpec now = to.now();
      findings.add(new Finding(
          Optional.of(now), "was asked for as " + word.asWritten() + "; " + to.sentence()));
      return new WantedWord(now.origin(), now.flavor(), word.every());
    }
    return word;
  }
}
