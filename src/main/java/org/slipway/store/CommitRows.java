package org.slipway.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.slipway.tree.Commit;
import org.slipway.tree.CommitId;

/** The table of commits, inside a transaction of the caller's. */
final class CommitRows {
  static final String COLUMNS =
      "c.id AS commit_id, c.parent, c.author, c.email, c.committed_at, c.message, c.changed_paths";

  private static final int NAME_LIMIT = 512;
  private static final int MESSAGE_LIMIT = 65_536;

  private CommitRows() {}

  /** @param commits oldest first, which is the order that they are given back by, reversed */
  static void record(Handle handle, JobName job, List<Commit> commits) {
    Set<String> kept = new HashSet<>();
    long position = handle
        .createQuery("SELECT COALESCE(MAX(position), 0) FROM commits WHERE job = :job")
        .bind("job", job.name())
        .mapTo(Long.class)
        .one();
    PreparedBatch batch = handle.prepareBatch("INSERT INTO commits (job, id, position, parent,"
        + " author, email, committed_at, message, changed_paths) VALUES (:job, :id, :position,"
        + " :parent, :author, :email, :at, :message, :paths)");
    for (Commit commit : commits) {
      if (kept.add(commit.id().hex()) && !has(handle, job, commit.id())) {
        position++;
        batch
            .bind("job", job.name())
            .bind("position", position)
            .bindMap(columns(commit))
            .add();
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
  }

  /** A commit as the parameters of an insertion, in the bounds of the tables. */
  static Map<String, @Nullable Object> columns(Commit commit) {
    Map<String, @Nullable Object> columns = new HashMap<>();
    columns.put("id", commit.id().hex());
    columns.put("parent", commit.parent().map(CommitId::hex).orElse(null));
    columns.put("author", Texts.clean(commit.author(), NAME_LIMIT));
    columns.put("email", Texts.clean(commit.email(), NAME_LIMIT));
    columns.put("at", commit.time().toEpochMilli());
    columns.put("message", Texts.clean(commit.message(), MESSAGE_LIMIT));
    columns.put("paths", Texts.json(commit.changedPaths()));
    return columns;
  }

  static boolean has(Handle handle, JobName job, CommitId id) {
    return handle
        .createQuery("SELECT 1 FROM commits WHERE job = :job AND id = :id")
        .bind("job", job.name())
        .bind("id", id.hex())
        .mapTo(Integer.class)
        .findOne()
        .isPresent();
  }

  static List<Commit> newest(Handle handle, JobName job, int limit) {
    return handle
        .createQuery("SELECT " + COLUMNS
            + " FROM commits c WHERE c.job = :job ORDER BY c.position DESC LIMIT :limit")
        .bind("job", job.name())
        .bind("limit", limit)
        .map((row, context) -> read(row))
        .list();
  }

  /** From a row that has {@link #COLUMNS}. */
  static Commit read(ResultSet row) throws SQLException {
    return new Commit(
        new CommitId(row.getString("commit_id")),
        Optional.ofNullable(row.getString("parent")).map(CommitId::new),
        row.getString("author"),
        row.getString("email"),
        Instant.ofEpochMilli(row.getLong("committed_at")),
        row.getString("message"),
        Texts.list(row.getString("changed_paths")));
  }
}
