package org.slipway.bench;

import java.util.List;

/**
 * A comparison with the plain way.
 *
 * @param ports that were compared, with their flavors
 * @param answers of theirs that were compared; a port that does not evaluate counts as one
 */
public record Verification(int ports, long answers, List<Difference> differences) {
  public Verification {
    differences = List.copyOf(differences);
  }
}
