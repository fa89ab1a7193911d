package org.slipway.store;

import org.slipway.tree.Commit;

/**
 * The commit of a tree that lies over a build's.
 *
 * @param name the overlay's, as the job file has it or it follows from its address
 */
public record OverlayCommit(String name, Commit commit) {
  /** What it is known by. */
  public OverlayHead head() {
    return new OverlayHead(name, commit.id());
  }
}
