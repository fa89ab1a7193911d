package org.slipway.store;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.slipway.tree.CommitId;

/** The tables of what lies over builds' trees, inside a transaction of the caller's. */
final class OverlayRows {
  private OverlayRows() {}

  /** @param overlays in the order in which a port is looked for */
  static void insert(Handle handle, JobName job, BuildId build, List<OverlayCommit> overlays) {
    int position = 0;
    for (OverlayCommit each : overlays) {
      if (!has(handle, job, each.head())) {
        keep(handle, job, each);
      }
      handle
          .createUpdate("INSERT INTO build_overlays (build, position, overlay, commit_id)"
              + " VALUES (:build, :position, :overlay, :commit)")
          .bind("build", build.number())
          .bind("position", position++)
          .bind("overlay", each.name())
          .bind("commit", each.commit().id().hex())
          .execute();
    }
  }

  private static boolean has(Handle handle, JobName job, OverlayHead head) {
    return handle
        .createQuery(
            "SELECT 1 FROM overlay_commits WHERE job = :job AND overlay = :overlay AND id = :id")
        .bind("job", job.name())
        .bind("overlay", head.name())
        .bind("id", head.commit().hex())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  private static void keep(Handle handle, JobName job, OverlayCommit overlay) {
    handle
        .createUpdate("INSERT INTO overlay_commits (job, overlay, id, parent, author, email,"
            + " committed_at, message, changed_paths) VALUES (:job, :overlay, :id, :parent,"
            + " :author, :email, :at, :message, :paths)")
        .bind("job", job.name())
        .bind("overlay", overlay.name())
        .bindMap(CommitRows.columns(overlay.commit()))
        .execute();
  }

  /** Of each of these builds that has any, in their order. */
  static Map<BuildId, List<OverlayCommit>> of(Handle handle, List<BuildId> builds) {
    Map<BuildId, List<OverlayCommit>> overlays = new HashMap<>();
    if (builds.isEmpty()) {
      return overlays;
    }
    handle
        .createQuery("SELECT o.build, o.overlay, " + CommitRows.COLUMNS
            + " FROM build_overlays o JOIN builds b ON b.number = o.build"
            + " JOIN overlay_commits c"
            + " ON c.job = b.job AND c.overlay = o.overlay AND c.id = o.commit_id"
            + " WHERE o.build IN (<builds>) ORDER BY o.build, o.position")
        .bindList("builds", builds.stream().map(BuildId::number).toList())
        .map((row, context) -> Map.entry(
            new BuildId(row.getLong("build")),
            new OverlayCommit(row.getString("overlay"), CommitRows.read(row))))
        .forEach(each ->
            overlays.computeIfAbsent(each.getKey(), any -> new ArrayList<>()).add(each.getValue()));
    return overlays;
  }

  /** Of a job's newest build, in their order. */
  static List<OverlayHead> last(Handle handle, JobName job) {
    return handle
        .createQuery("SELECT overlay, commit_id FROM build_overlays WHERE build ="
            + " (SELECT MAX(number) FROM builds WHERE job = :job) ORDER BY position")
        .bind("job", job.name())
        .map((row, context) ->
            new OverlayHead(row.getString("overlay"), new CommitId(row.getString("commit_id"))))
        .list();
  }
}
