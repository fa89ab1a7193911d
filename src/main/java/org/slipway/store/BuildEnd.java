package org.slipway.store;

import java.time.Instant;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.slipway.repository.SnapshotId;

/** The end of a build, of which the row is locked, inside a transaction of the caller's. */
final class BuildEnd {
  private BuildEnd() {}

  /** What is not finished is skipped, and the counts are kept as they are then. */
  static void write(
      Handle handle,
      BuildId build,
      BuildState state,
      Optional<SnapshotId> snapshot,
      Optional<String> problem,
      Instant now) {
    String reason = state == BuildState.CANCELLED
        ? "the build was " + problem.orElse("cancelled")
        : "the build ended before" + problem.map(each -> ": " + each).orElse("");
    SlotRows.skipRest(handle, build, reason, now);
    Counts counts = PackageRows.count(handle, build);
    BuildRows.finish(handle, build, state, snapshot, problem, counts, now);
  }
}
