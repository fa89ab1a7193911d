package org.slipway.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slipway.repository.SnapshotId;
import org.slipway.tree.Commit;

/**
 * A build: one commit for one job.
 *
 * @param commit of the fork
 * @param findings what was wrong with the tree, a sentence each
 * @param overlays the commits of what lies over the fork, in the order in which a port is looked for
 */
public record BuildRecord(
    BuildId id,
    JobName job,
    Commit commit,
    BuildState state,
    Instant created,
    Optional<Instant> started,
    Optional<Instant> finished,
    Optional<String> problem,
    Optional<SnapshotId> snapshot,
    List<String> findings,
    Counts counts,
    List<OverlayCommit> overlays) {
  public BuildRecord {
    findings = List.copyOf(findings);
    overlays = List.copyOf(overlays);
  }
}
