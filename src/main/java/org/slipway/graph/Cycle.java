package org.slipway.graph;

import java.util.List;
import org.slipway.packages.OriginSpec;

/**
 * Ports that need one another.
 *
 * @param members all of them, sorted
 * @param path one way round: each needs the next, the last needs the first
 */
public record Cycle(List<OriginSpec> members, List<OriginSpec> path) {
  public Cycle {
    members = List.copyOf(members);
    path = List.copyOf(path);
  }
}
