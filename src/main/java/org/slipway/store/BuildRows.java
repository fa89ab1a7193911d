package org.slipway.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.jspecify.annotations.Nullable;
import org.slipway.repository.SnapshotId;
import org.slipway.tree.CommitId;

/** The table of builds, inside a transaction of the caller's. */
final class BuildRows {
  static final String UNFINISHED = "('QUEUED', 'EVALUATING', 'BUILDING', 'PUBLISHING')";

  private static final String SELECT = "SELECT b.number, b.job, b.state, b.created_at,"
      + " b.started_at, b.finished_at, b.problem, b.snapshot, b.findings, b.counts, "
      + CommitRows.COLUMNS
      + " FROM builds b JOIN commits c ON c.job = b.job AND c.id = b.commit_id ";

  private static final Counts NONE = new Counts(0, 0, 0, 0, 0, 0, 0, 0);
  private static final int SENTENCE_LIMIT = 4_000;

  private BuildRows() {}

  static BuildId insert(Handle handle, JobName job, CommitId commit, Instant now) {
    // The counter's row is the lock that makes two farms count one after the other, without gaps.
    handle.execute("UPDATE counters SET current_number = current_number + 1 WHERE name = 'build'");
    long number = handle
        .createQuery("SELECT current_number FROM counters WHERE name = 'build'")
        .mapTo(Long.class)
        .one();
    handle
        .createUpdate("INSERT INTO builds (number, job, commit_id, state, created_at, findings)"
            + " VALUES (:number, :job, :commit, 'QUEUED', :now, '[]')")
        .bind("number", number)
        .bind("job", job.name())
        .bind("commit", commit.hex())
        .bind("now", now.toEpochMilli())
        .execute();
    return new BuildId(number);
  }

  /** False where the build is finished, or in that state already. */
  static boolean state(Handle handle, BuildId build, BuildState state, Instant now) {
    return handle
            .createUpdate("UPDATE builds SET state = :state,"
                + " started_at = CASE WHEN :state = 'QUEUED' THEN started_at"
                + " ELSE COALESCE(started_at, :now) END"
                + " WHERE number = :build AND state <> :state AND state IN " + UNFINISHED)
            .bind("state", state.name())
            .bind("now", now.toEpochMilli())
            .bind("build", build.number())
            .execute()
        == 1;
  }

  static boolean finish(
      Handle handle,
      BuildId build,
      BuildState state,
      Optional<SnapshotId> snapshot,
      Optional<String> problem,
      Counts counts,
      Instant now) {
    return handle
            .createUpdate("UPDATE builds SET state = :state, finished_at = :now,"
                + " snapshot = :snapshot, problem = :problem, counts = :counts"
                + " WHERE number = :build AND state IN " + UNFINISHED)
            .bind("state", state.name())
            .bind("now", now.toEpochMilli())
            .bind("snapshot", snapshot.map(SnapshotId::hex).orElse(null))
            .bind(
                "problem",
                problem.map(each -> Texts.clean(each, SENTENCE_LIMIT)).orElse(null))
            .bind("counts", Texts.counts(counts))
            .bind("build", build.number())
            .execute()
        == 1;
  }

  static void findings(Handle handle, BuildId build, List<String> findings) {
    handle
        .createUpdate("UPDATE builds SET findings = :findings WHERE number = :build")
        .bind("findings", Texts.json(findings))
        .bind("build", build.number())
        .execute();
  }

  /**
   * Puts sentences in the place of those with the same start; false where they stood there.
   *
   * @param start of each, which the given sentences go on from
   */
  static boolean remark(Handle handle, BuildId build, String start, List<String> sentences) {
    List<String> before = find(handle, build.number()).orElseThrow().findings();
    List<String> now = new ArrayList<>(before);
    now.removeIf(each -> each.startsWith(start));
    sentences.forEach(each -> now.add(Texts.clean(start + each, SENTENCE_LIMIT)));
    if (now.equals(before)) {
      return false;
    }
    findings(handle, build, now);
    return true;
  }

  /** The build's state, and no other transaction changes the build before this one ends. */
  static BuildState lock(Handle handle, BuildId build) {
    return handle
        .createQuery("SELECT state FROM builds WHERE number = :build FOR UPDATE")
        .bind("build", build.number())
        .mapTo(String.class)
        .findOne()
        .map(BuildState::valueOf)
        .orElseThrow(() -> unknown(build));
  }

  static JobName job(Handle handle, BuildId build) {
    return handle
        .createQuery("SELECT job FROM builds WHERE number = :build")
        .bind("build", build.number())
        .mapTo(String.class)
        .findOne()
        .map(JobName::new)
        .orElseThrow(() -> unknown(build));
  }

  private static IllegalArgumentException unknown(BuildId build) {
    return new IllegalArgumentException("there is no build " + build);
  }

  static Optional<CommitId> lastCommit(Handle handle, JobName job) {
    return handle
        .createQuery("SELECT commit_id FROM builds WHERE job = :job ORDER BY number DESC LIMIT 1")
        .bind("job", job.name())
        .mapTo(String.class)
        .findOne()
        .map(CommitId::new);
  }

  static List<BuildRecord> newest(Handle handle, Optional<JobName> job, int limit) {
    String where = job.isPresent() ? "WHERE b.job = :job " : "";
    Query query = handle
        .createQuery(SELECT + where + "ORDER BY b.number DESC LIMIT :limit")
        .bind("limit", limit);
    job.ifPresent(name -> query.bind("job", name.name()));
    return read(handle, query);
  }

  static List<BuildRecord> unfinished(Handle handle) {
    return read(
        handle,
        handle.createQuery(SELECT + "WHERE b.state IN " + UNFINISHED + " ORDER BY b.number"));
  }

  static Optional<BuildRecord> find(Handle handle, long number) {
    Query query = handle.createQuery(SELECT + "WHERE b.number = :build").bind("build", number);
    return read(handle, query).stream().findFirst();
  }

  static Map<BuildId, Counts> counts(Handle handle, List<BuildId> builds) {
    Map<BuildId, Counts> counts = new LinkedHashMap<>();
    for (BuildId build : builds) {
      handle
          .createQuery("SELECT COALESCE(counts, '') FROM builds WHERE number = :build")
          .bind("build", build.number())
          .mapTo(String.class)
          .findOne()
          .ifPresent(kept -> counts.put(
              build, kept.isEmpty() ? PackageRows.count(handle, build) : Texts.counts(kept)));
    }
    return counts;
  }

  private static List<BuildRecord> read(Handle handle, Query query) {
    List<Row> rows =
        query.map((row, context) -> new Row(read(row), row.getString("counts"))).list();
    Map<BuildId, List<OverlayCommit>> overlays =
        OverlayRows.of(handle, rows.stream().map(row -> row.record.id()).toList());
    return rows.stream()
        .map(row -> whole(
            row.record,
            row.kept == null ? PackageRows.count(handle, row.record.id()) : row.record.counts(),
            overlays.getOrDefault(row.record.id(), List.of())))
        .toList();
  }

  /** @param kept the counts' text, which an unfinished build has not */
  private record Row(BuildRecord record, @Nullable String kept) {}

  private static BuildRecord read(ResultSet row) throws SQLException {
    String counts = row.getString("counts");
    return new BuildRecord(
        new BuildId(row.getLong("number")),
        new JobName(row.getString("job")),
        CommitRows.read(row),
        BuildState.valueOf(row.getString("state")),
        Instant.ofEpochMilli(row.getLong("created_at")),
        instant(row, "started_at"),
        instant(row, "finished_at"),
        Optional.ofNullable(row.getString("problem")),
        Optional.ofNullable(row.getString("snapshot")).map(SnapshotId::new),
        Texts.list(row.getString("findings")),
        counts == null ? NONE : Texts.counts(counts),
        List.of());
  }

  private static BuildRecord whole(
      BuildRecord record, Counts counts, List<OverlayCommit> overlays) {
    return new BuildRecord(
        record.id(),
        record.job(),
        record.commit(),
        record.state(),
        record.created(),
        record.started(),
        record.finished(),
        record.problem(),
        record.snapshot(),
        record.findings(),
        counts,
        overlays);
  }

  /** A column of milliseconds that may be empty. */
  static Optional<Instant> instant(ResultSet row, String column) throws SQLException {
    long millis = row.getLong(column);
    return row.wasNull() ? Optional.empty() : Optional.of(Instant.ofEpochMilli(millis));
  }
}
