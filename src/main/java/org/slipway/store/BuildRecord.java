package org.slipway.store;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slipway.repository.SnapshotId;
import org.slipway.tree.Commit;

/**
 * A build: one commit for one job.
 *
 * @param findings what was wrong with the tree, a sentence each
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
    Counts counts) {
  public BuildRecord {
    findings = List.copyOf(findings);
  }
}
