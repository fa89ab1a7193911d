package org.slipway.store;

import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.PreparedBatch;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Digest;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Decision;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;

/**
 * A plan as rows, merged with what an interrupted build left, inside a transaction of the caller's.
 */
final class PlanRows {
  private static final int BATCH = 1_000;
  private static final int SENTENCE_LIMIT = 4_000;
  private static final int NAME_LIMIT = 512;

  private static final String INSERT = "INSERT INTO build_packages (build, spec, name, state,"
      + " reason, comment, maintainer, waits_for, expected_millis, critical_millis, attempt,"
      + " tries, retry_at, finished_at, phases, key_digest, sum) VALUES (:build, :spec, :name, :state, :reason,"
      + " :comment, :maintainer, :waits, :expected, :critical, :attempt, :tries, :next, :finished, '', :key,"
      + " :sum)";

  private PlanRows() {}

  static void write(Handle handle, BuildId build, BuildPlan plan, Instant now) {
    Map<String, Before> before = before(handle, build);
    // Attempts go on counting, so that a result from before the restart is known for what it is.
    handle
        .createUpdate("DELETE FROM build_packages WHERE build = :build AND state IN "
            + PackageRows.UNFINISHED)
        .bind("build", build.number())
        .execute();
    PreparedBatch batch = handle.prepareBatch(INSERT);
    Map<String, KnownPackage> reused = new HashMap<>();
    for (PlannedPackage planned : plan.packages()) {
      String spec = planned.spec().toString();
      Before kept = before.getOrDefault(spec, Before.NOTHING);
      if (!kept.state.finished()) {
        batch.bind("build", build.number()).bind("spec", spec).bind("attempt", kept.attempt);
        batch.bind("tries", kept.tries).bind("next", state(planned).finished() ? null : kept.next);
        bind(batch, planned, now);
        if (planned.decision() instanceof Decision.Reuse reuse) {
          reused.put(spec, reuse.known());
        }
        batch.add();
        if (batch.size() == BATCH) {
          batch.execute();
        }
      }
    }
    if (batch.size() > 0) {
      batch.execute();
    }
    for (String spec : KnownRows.missing(handle, build)) {
      KnownPackage known = reused.get(spec);
      if (known != null) {
        KnownRows.keep(handle, known, now);
      }
    }
  }

  private static void bind(PreparedBatch batch, PlannedPackage planned, Instant now) {
    Decision decision = planned.decision();
    PackageState state = state(planned);
    Digest key = null;
    Digest sum = null;
    if (decision instanceof Decision.Reuse reuse) {
      key = reuse.known().key().digest();
      sum = reuse.known().built().sum();
    }
    batch
        .bind("name", planned.port().name().toString())
        .bind("state", state.name())
        .bind("reason", Texts.clean(decision.reason(), SENTENCE_LIMIT))
        .bind("comment", Texts.clean(planned.port().variable("COMMENT"), NAME_LIMIT))
        .bind("maintainer", Texts.clean(planned.port().variable("MAINTAINER"), NAME_LIMIT))
        .bind("waits", Texts.specs(planned.waitsFor()))
        .bind("expected", planned.expected().toMillis())
        .bind("critical", planned.critical().toMillis())
        .bind("finished", state.finished() ? (Long) now.toEpochMilli() : null)
        .bind("key", key == null ? null : key.hex())
        .bind("sum", sum == null ? null : sum.hex());
  }

  private static PackageState state(PlannedPackage planned) {
    Decision decision = planned.decision();
    if (decision instanceof Decision.Build) {
      return planned.waitsFor().isEmpty() ? PackageState.READY : PackageState.WAITING;
    }
    if (decision instanceof Decision.Reuse) {
      return PackageState.REUSED;
    }
    return decision instanceof Decision.Skip ? PackageState.SKIPPED : PackageState.IGNORED;
  }

  private static Map<String, Before> before(Handle handle, BuildId build) {
    Map<String, Before> before = new HashMap<>();
    handle
        .createQuery("SELECT spec, state, attempt, tries, retry_at FROM build_packages"
            + " WHERE build = :build")
        .bind("build", build.number())
        .map((row, context) -> Map.entry(
            row.getString("spec"),
            new Before(
                PackageState.valueOf(row.getString("state")),
                row.getInt("attempt"),
                row.getString("tries"),
                BuildRows.instant(row, "retry_at").map(Instant::toEpochMilli).orElse(null))))
        .forEach(each -> before.put(each.getKey(), each.getValue()));
    return before;
  }

  private record Before(
      PackageState state,
      int attempt,
      String tries,
      @Nullable Long next) {
    static final Before NOTHING = new Before(PackageState.WAITING, 0, "[]", null);
  }
}
