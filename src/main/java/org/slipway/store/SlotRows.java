package org.slipway.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.statement.Update;
import org.slipway.build.BuildResult;
import org.slipway.build.Footprint;
import org.slipway.build.Phase;
import org.slipway.build.PhaseTime;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.KnownPackage;

/**
 * How a row of a build's packages goes from state to state: each step is one conditional update, so
 * of several farms one wins. Inside a transaction of the caller's.
 */
final class SlotRows {
  private static final String THIS = " WHERE build = :build AND spec = :spec";
  private static final String THIS_ATTEMPT =
      THIS + " AND state = 'BUILDING' AND attempt = :attempt";
  private static final String USED =
      ", cpu_millis = :cpu, peak_memory_bytes = :memory, disk_bytes = :disk, log_bytes = :log";
  private static final int SENTENCE_LIMIT = 4_000;

  /** There may be twenty of them in a row that every page reads. */
  private static final int TRY_LIMIT = 400;

  private SlotRows() {}

  static boolean ready(Handle handle, BuildId build, OriginSpec spec) {
    return one(update(
        handle,
        build,
        spec,
        "UPDATE build_packages SET state = 'READY'" + THIS + " AND state = 'WAITING'"));
  }

  static Optional<Integer> claim(
      Handle handle, BuildId build, OriginSpec spec, int slot, Instant now) {
    Optional<Integer> before = handle
        .createQuery("SELECT attempt FROM build_packages" + THIS
            + " AND state IN ('WAITING', 'READY') AND EXISTS (SELECT 1 FROM builds"
            + " WHERE number = :build AND state IN " + BuildRows.UNFINISHED + ")")
        .bind("build", build.number())
        .bind("spec", spec.toString())
        .mapTo(Integer.class)
        .findOne();
    return before
        .filter(attempt -> one(update(
                handle,
                build,
                spec,
                "UPDATE build_packages SET state = 'BUILDING', attempt = attempt + 1, slot = :slot,"
                    + " started_at = :now, phase = NULL, phase_started_at = NULL, retry_at = NULL"
                    + THIS
                    + " AND state IN ('WAITING', 'READY') AND attempt = :attempt")
            .bind("slot", slot)
            .bind("now", now.toEpochMilli())
            .bind("attempt", attempt)))
        .map(attempt -> attempt + 1);
  }

  static boolean phase(
      Handle handle, BuildId build, OriginSpec spec, int attempt, Phase phase, Instant now) {
    return one(update(
            handle,
            build,
            spec,
            "UPDATE build_packages SET phase = :phase, phase_started_at = :now" + THIS_ATTEMPT)
        .bind("phase", phase.name())
        .bind("now", now.toEpochMilli())
        .bind("attempt", attempt));
  }

  static boolean built(
      Handle handle,
      BuildId build,
      int attempt,
      KnownPackage known,
      List<PhaseTime> phases,
      Footprint footprint,
      Instant now) {
    boolean current = one(used(
            update(
                handle,
                build,
                known.spec(),
                "UPDATE build_packages SET state = 'BUILT', slot = NULL, phase = NULL,"
                    + " phase_started_at = NULL, finished_at = :now, phases = :phases,"
                    + " key_digest = :key, sum = :sum" + USED + THIS_ATTEMPT),
            footprint)
        .bind("now", now.toEpochMilli())
        .bind("phases", Texts.phases(phases))
        .bind("key", known.key().digest().hex())
        .bind("sum", known.built().sum().hex())
        .bind("attempt", attempt));
    if (current) {
      KnownRows.keep(handle, known, now);
    }
    return current;
  }

  static boolean reused(
      Handle handle, BuildId build, KnownPackage known, String reason, Instant now) {
    boolean current = one(update(
            handle,
            build,
            known.spec(),
            "UPDATE build_packages SET state = 'REUSED', slot = NULL, phase = NULL,"
                + " phase_started_at = NULL, retry_at = NULL, finished_at = :now, reason = :reason,"
                + " key_digest = :key, sum = :sum" + THIS + " AND state IN "
                + PackageRows.UNFINISHED)
        .bind("now", now.toEpochMilli())
        .bind("reason", Texts.clean(reason, SENTENCE_LIMIT))
        .bind("key", known.key().digest().hex())
        .bind("sum", known.built().sum().hex()));
    if (current) {
      KnownRows.keep(handle, known, now);
    }
    return current;
  }

  static boolean failed(
      Handle handle,
      BuildId build,
      OriginSpec spec,
      int attempt,
      BuildResult.Failed failed,
      Instant now) {
    return one(used(
            update(
                handle,
                build,
                spec,
                "UPDATE build_packages SET state = 'FAILED', slot = NULL, phase = :phase,"
                    + " phase_started_at = NULL, finished_at = :now, phases = :phases,"
                    + " failure = :failure, message = :message, quote_line = :line,"
                    + " quote = :quote" + USED + THIS_ATTEMPT),
            failed.footprint())
        .bind("phase", failed.phase().name())
        .bind("now", now.toEpochMilli())
        .bind("phases", Texts.phases(failed.phases()))
        .bind("failure", failed.failure().name())
        .bind("message", Texts.clean(failed.message(), SENTENCE_LIMIT))
        .bind("line", failed.quoted().map(BuildResult.Quote::number).orElse(null))
        .bind(
            "quote",
            failed
                .quoted()
                .map(each -> Texts.clean(each.text(), SENTENCE_LIMIT))
                .orElse(null))
        .bind("attempt", attempt));
  }

  /** It leaves its slot, to be tried again. */
  static boolean again(
      Handle handle,
      BuildId build,
      OriginSpec spec,
      int attempt,
      BuildResult.Failed failed,
      int most,
      Instant next) {
    List<Tries.Failed> tries = new ArrayList<>(handle
        .createQuery("SELECT tries FROM build_packages" + THIS)
        .bind("build", build.number())
        .bind("spec", spec.toString())
        .map((row, context) -> Texts.tries(row.getString("tries")))
        .findOne()
        .orElse(List.of()));
    tries.add(new Tries.Failed(
        most, failed.failure(), failed.phase(), Texts.clean(failed.message(), TRY_LIMIT)));
    return one(update(
            handle,
            build,
            spec,
            "UPDATE build_packages SET state = 'READY', slot = NULL, phase = NULL,"
                + " phase_started_at = NULL, tries = :tries, retry_at = :next" + THIS_ATTEMPT)
        .bind("tries", Texts.tries(tries))
        .bind("next", next.toEpochMilli())
        .bind("attempt", attempt));
  }

  private static Update used(Update update, Footprint footprint) {
    return update
        .bind("cpu", footprint.cpu().map(Duration::toMillis).orElse(null))
        .bind("memory", KnownRows.boxed(footprint.peakMemoryBytes()))
        .bind("disk", KnownRows.boxed(footprint.diskBytes()))
        .bind("log", footprint.logBytes());
  }

  static boolean skipped(
      Handle handle, BuildId build, OriginSpec spec, String reason, Instant now) {
    return one(update(
            handle,
            build,
            spec,
            "UPDATE build_packages SET state = 'SKIPPED', finished_at = :now, reason = :reason,"
                + " retry_at = NULL"
                + THIS + " AND state IN ('WAITING', 'READY')")
        .bind("now", now.toEpochMilli())
        .bind("reason", Texts.clean(reason, SENTENCE_LIMIT)));
  }

  /** The build ends: what is not finished never will be. */
  static void skipRest(Handle handle, BuildId build, String reason, Instant now) {
    handle
        .createUpdate("UPDATE build_packages SET state = 'SKIPPED', slot = NULL, phase = NULL,"
            + " phase_started_at = NULL, finished_at = :now, reason = :reason, retry_at = NULL"
            + " WHERE build = :build AND state IN " + PackageRows.UNFINISHED)
        .bind("now", now.toEpochMilli())
        .bind("reason", Texts.clean(reason, SENTENCE_LIMIT))
        .bind("build", build.number())
        .execute();
  }

  private static Update update(Handle handle, BuildId build, OriginSpec spec, String sql) {
    return handle.createUpdate(sql).bind("build", build.number()).bind("spec", spec.toString());
  }

  private static boolean one(Update update) {
    return update.execute() == 1;
  }
}
