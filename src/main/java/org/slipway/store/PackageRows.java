package org.slipway.store;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Query;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Footprint;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/** What is read from the table of a build's packages, inside a transaction of the caller's. */
final class PackageRows {
  static final String UNFINISHED = "('WAITING', 'READY', 'BUILDING')";

  private static final String SELECT = "SELECT r.build, r.spec, r.name, r.state, r.reason,"
      + " r.comment, r.maintainer, r.waits_for, r.expected_millis, r.critical_millis, r.attempt,"
      + " r.tries, r.retry_at, r.slot, r.phase, r.phase_started_at, r.started_at, r.finished_at, r.phases, r.failure,"
      + " r.message, r.cpu_millis, r.peak_memory_bytes, r.disk_bytes, r.log_bytes, r.quote_line,"
      + " r.quote, " + KnownRows.BUILT + " FROM build_packages r LEFT JOIN packages p"
      + " ON p.key_digest = r.key_digest AND p.sum = r.sum ";

  private PackageRows() {}

  /** Sorted here, for the databases' orders of text differ. */
  static List<PackageRecord> all(Handle handle, BuildId build, Set<PackageState> states) {
    if (states.isEmpty()) {
      return List.of();
    }
    Map<String, PackageRecord> bySpec = new TreeMap<>();
    handle
        .createQuery(SELECT + "WHERE r.build = :build AND r.state IN (<states>)")
        .bind("build", build.number())
        .bindList("states", states.stream().map(PackageState::name).toList())
        .map((row, context) -> Map.entry(row.getString("spec"), read(row)))
        .forEach(each -> bySpec.put(each.getKey(), each.getValue()));
    return List.copyOf(bySpec.values());
  }

  static Optional<PackageRecord> find(Handle handle, BuildId build, OriginSpec spec) {
    return handle
        .createQuery(SELECT + "WHERE r.build = :build AND r.spec = :spec")
        .bind("build", build.number())
        .bind("spec", spec.toString())
        .map((row, context) -> read(row))
        .findOne();
  }

  static List<PackageRecord> history(Handle handle, JobName job, OriginSpec spec, int limit) {
    return handle
        .createQuery(SELECT + "JOIN builds b ON b.number = r.build WHERE r.spec = :spec"
            + " AND b.job = :job AND r.state IN ('BUILT', 'FAILED')"
            + " ORDER BY r.build DESC LIMIT :limit")
        .bind("spec", spec.toString())
        .bind("job", job.name())
        .bind("limit", limit)
        .map((row, context) -> read(row))
        .list();
  }

  /** The first build of the failures that no success has ended, as seen from the newest build. */
  static Optional<Long> failingSince(Handle handle, JobName job, OriginSpec spec) {
    Query query = handle.createQuery("SELECT MIN(r.build) FROM build_packages r"
        + " JOIN builds b ON b.number = r.build"
        + " WHERE b.job = :job AND r.spec = :spec AND r.state = 'FAILED' AND r.build >"
        + " (SELECT COALESCE(MAX(g.build), 0) FROM build_packages g"
        + " JOIN builds gb ON gb.number = g.build"
        + " WHERE gb.job = :job AND g.spec = :spec AND g.state IN ('BUILT', 'REUSED'))");
    return query
        .bind("job", job.name())
        .bind("spec", spec.toString())
        .map((row, context) -> {
          long number = row.getLong(1);
          return row.wasNull() ? Optional.<Long>empty() : Optional.of(number);
        })
        .one();
  }

  static Counts count(Handle handle, BuildId build) {
    Map<PackageState, Integer> numbers = new EnumMap<>(PackageState.class);
    handle
        .createQuery("SELECT state, COUNT(*) AS number FROM build_packages"
            + " WHERE build = :build GROUP BY state")
        .bind("build", build.number())
        .map((row, context) ->
            Map.entry(PackageState.valueOf(row.getString("state")), row.getInt("number")))
        .forEach(each -> numbers.put(each.getKey(), each.getValue()));
    return new Counts(
        numbers.getOrDefault(PackageState.WAITING, 0),
        numbers.getOrDefault(PackageState.READY, 0),
        numbers.getOrDefault(PackageState.BUILDING, 0),
        numbers.getOrDefault(PackageState.BUILT, 0),
        numbers.getOrDefault(PackageState.REUSED, 0),
        numbers.getOrDefault(PackageState.FAILED, 0),
        numbers.getOrDefault(PackageState.SKIPPED, 0),
        numbers.getOrDefault(PackageState.IGNORED, 0));
  }

  private static PackageRecord read(ResultSet row) throws SQLException {
    PackageState state = PackageState.valueOf(row.getString("state"));
    int attempt = row.getInt("attempt");
    int slot = row.getInt("slot");
    Optional<Integer> inSlot = row.wasNull() ? Optional.empty() : Optional.of(slot);
    OptionalLong line = KnownRows.number(row, "quote_line");
    return new PackageRecord(
        new BuildId(row.getLong("build")),
        OriginSpec.parse(row.getString("spec")),
        PackageName.parse(row.getString("name")),
        state,
        row.getString("reason"),
        row.getString("comment"),
        row.getString("maintainer"),
        Texts.specs(row.getString("waits_for")),
        Duration.ofMillis(row.getLong("expected_millis")),
        Duration.ofMillis(row.getLong("critical_millis")),
        attempt,
        new Tries(Texts.tries(row.getString("tries")), BuildRows.instant(row, "retry_at")),
        inSlot,
        Optional.ofNullable(row.getString("phase")).map(Phase::valueOf),
        BuildRows.instant(row, "phase_started_at"),
        BuildRows.instant(row, "started_at"),
        BuildRows.instant(row, "finished_at"),
        Texts.phases(row.getString("phases")),
        KnownRows.built(row),
        Optional.ofNullable(row.getString("failure")).map(FailureClass::valueOf),
        Optional.ofNullable(row.getString("message")),
        Optional.ofNullable(row.getString("quote"))
            .map(text -> new BuildResult.Quote(line.orElse(0), text)),
        new Footprint(
            KnownRows.duration(row, "cpu_millis"),
            KnownRows.number(row, "peak_memory_bytes"),
            KnownRows.number(row, "disk_bytes"),
            row.getLong("log_bytes")),
        attempt > 0 && state != PackageState.REUSED);
  }
}
