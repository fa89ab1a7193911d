package org.slipway.store;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import javax.sql.DataSource;
import org.jdbi.v3.core.Handle;
import org.jdbi.v3.core.Jdbi;
import org.jdbi.v3.core.JdbiException;
import org.slipway.build.BuildResult;
import org.slipway.build.Footprint;
import org.slipway.build.Phase;
import org.slipway.build.PhaseTime;
import org.slipway.evaluate.Finding;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Inventory;
import org.slipway.plan.KnownPackage;
import org.slipway.repository.SnapshotId;
import org.slipway.tree.Commit;
import org.slipway.tree.CommitId;

/**
 * The farm's database: commits, builds, packages. Each method is one transaction. Safe for several
 * threads, interrupted ones included, and for several farms on one PostgreSQL. Instants are kept to
 * the millisecond; texts of strangers are cut to a bound, and NULs and half surrogate pairs in them
 * replaced. A database that fails under way is an unchecked fault.
 */
public final class FarmStore implements AutoCloseable {
  /** Tries of a transaction that another one's commit made fail. */
  private static final int TRIES = 5;

  private static final int SENTENCE_LIMIT = 4_000;

  private final HikariDataSource pool;
  private final Jdbi jdbi;
  private final boolean postgres;
  private final InstantSource clock;
  private final Listeners listeners = new Listeners();

  private FarmStore(HikariDataSource pool, boolean postgres, InstantSource clock) {
    this.pool = pool;
    this.jdbi = Jdbi.create(pool);
    this.postgres = postgres;
    this.clock = clock;
  }

  /** Opens and migrates. */
  public static FarmStore open(DatabaseSettings settings, InstantSource clock)
      throws StoreException {
    return new FarmStore(Database.open(settings), settings.postgres(), clock);
  }

  /** For Quartz's own store in the same database; its tables are there. */
  public DataSource dataSource() {
    return pool;
  }

  /** Whether this is PostgreSQL, and not the embedded database. */
  public boolean postgres() {
    return postgres;
  }

  /**
   * Calls the listener after each change, from the thread that made it; closing the answer ends
   * that.
   */
  public AutoCloseable listen(Consumer<FarmEvent> listener) {
    return listeners.add(listener);
  }

  /**
   * Keeps commits of a job's tree, given oldest first; those that are kept already stay as they
   * are.
   */
  public void recordCommits(JobName job, List<Commit> commits) {
    transaction(handle -> {
      CommitRows.record(handle, job, commits);
      return true;
    });
  }

  /** The commits recorded last of a job's tree, newest first. */
  public List<Commit> commits(JobName job, int limit) {
    return transaction(handle -> CommitRows.newest(handle, job, limit));
  }

  /** The commit of the job's newest build. */
  public Optional<CommitId> lastBuilt(JobName job) {
    return transaction(handle -> BuildRows.lastCommit(handle, job));
  }

  /** What lay over the tree of the job's newest build, in its order. */
  public List<OverlayHead> lastOverlays(JobName job) {
    return transaction(handle -> OverlayRows.last(handle, job));
  }

  /** A new build of a tree that nothing lies over. */
  public BuildId begin(JobName job, CommitId commit) {
    return begin(job, commit, List.of());
  }

  /**
   * A new build in state QUEUED.
   *
   * @param overlays what lies over the tree, in the order in which a port is looked for
   * @throws IllegalArgumentException where the commit was not recorded
   */
  public BuildId begin(JobName job, CommitId commit, List<OverlayCommit> overlays) {
    Instant now = clock.instant();
    BuildId build = transaction(handle -> {
      if (!CommitRows.has(handle, job, commit)) {
        throw new IllegalArgumentException("commit " + commit + " of " + job + " is not recorded");
      }
      BuildId begun = BuildRows.insert(handle, job, commit, now);
      OverlayRows.insert(handle, job, begun, overlays);
      return begun;
    });
    listeners.tell(new FarmEvent(job, build, Optional.empty()));
    return build;
  }

  /**
   * Says how far a build is; of a finished one nothing changes. The first state after QUEUED is its
   * start.
   *
   * @throws IllegalArgumentException for a state that ends a build, which {@link #finish} does
   */
  public void state(BuildId build, BuildState state) {
    if (state.finished()) {
      throw new IllegalArgumentException("a build is ended with finish, not with " + state);
    }
    Instant now = clock.instant();
    change(build, handle -> BuildRows.state(handle, build, state, now));
  }

  /**
   * Keeps a plan: a row for each package, READY where it waits for nothing. Planned again after a
   * restart, rows that are finished stay, all others are as the new plan says and not taken by any
   * slot; so a package that this very build made before the restart stays BUILT, though the new
   * plan would reuse it. Of a finished build nothing changes.
   */
  public void plan(BuildId build, BuildPlan plan) {
    Instant now = clock.instant();
    List<String> findings = plan.findings().stream().map(FarmStore::sentence).toList();
    change(build, handle -> {
      boolean running = !BuildRows.lock(handle, build).finished();
      if (running) {
        BuildRows.findings(handle, build, findings);
        PlanRows.write(handle, build, plan, now);
      }
      return running;
    });
  }

  /**
   * Says something of a build as a whole, beside the findings of its plan and in the place of what
   * was said under the same mark before. Of a finished build nothing changes.
   *
   * @param mark stands before each sentence, with a colon
   */
  public void remark(BuildId build, String mark, List<String> sentences) {
    change(
        build,
        handle -> !BuildRows.lock(handle, build).finished()
            && BuildRows.remark(handle, build, mark + ": ", sentences));
  }

  private static String sentence(Finding finding) {
    String port = finding.port().map(spec -> spec + ": ").orElse("");
    return Texts.clean(port + finding.message(), SENTENCE_LIMIT);
  }

  /** Its dependencies are there. */
  public void ready(BuildId build, OriginSpec spec) {
    change(build, spec, handle -> SlotRows.ready(handle, build, spec));
  }

  /**
   * Takes a package that is WAITING or READY into a slot; gives the attempt's number, empty where
   * it is taken or finished, or its build is.
   */
  public Optional<Integer> claim(BuildId build, OriginSpec spec, int slot) {
    Instant now = clock.instant();
    Optional<Claim> claim = transaction(handle -> SlotRows.claim(handle, build, spec, slot, now)
        .map(attempt -> new Claim(attempt, BuildRows.job(handle, build))));
    claim.ifPresent(each -> listeners.tell(new FarmEvent(each.job, build, Optional.of(spec))));
    return claim.map(Claim::attempt);
  }

  private record Claim(int attempt, JobName job) {}

  /** A phase begins; of an attempt that is no longer the current one nothing is kept. */
  public void phase(BuildId build, OriginSpec spec, int attempt, Phase phase) {
    Instant now = clock.instant();
    change(build, spec, handle -> SlotRows.phase(handle, build, spec, attempt, phase, now));
  }

  /** As below, where it is not known what the build used. */
  public boolean built(BuildId build, int attempt, KnownPackage known, List<PhaseTime> phases) {
    return built(build, attempt, known, phases, Footprint.NONE);
  }

  /**
   * The package and its row in one transaction; false where the attempt is no longer the current
   * one.
   */
  public boolean built(
      BuildId build, int attempt, KnownPackage known, List<PhaseTime> phases, Footprint footprint) {
    Instant now = clock.instant();
    return change(
        build,
        known.spec(),
        handle -> SlotRows.built(handle, build, attempt, known, phases, footprint, now));
  }

  /** It exists already after all, in a slot or not; false where the row is finished. */
  public boolean reused(BuildId build, KnownPackage known, String reason) {
    Instant now = clock.instant();
    return change(
        build, known.spec(), handle -> SlotRows.reused(handle, build, known, reason, now));
  }

  /** False where the attempt is no longer the current one. */
  public boolean failed(BuildId build, OriginSpec spec, int attempt, BuildResult.Failed failed) {
    Instant now = clock.instant();
    return change(
        build, spec, handle -> SlotRows.failed(handle, build, spec, attempt, failed, now));
  }

  /**
   * An attempt failed, and there will be another: the package is READY again. False where the
   * attempt is no longer the current one.
   *
   * @param most how many attempts there would be if all failed like this one
   * @param next when it is tried again; only kept here
   */
  public boolean again(
      BuildId build,
      OriginSpec spec,
      int attempt,
      BuildResult.Failed failed,
      int most,
      Instant next) {
    return change(
        build, spec, handle -> SlotRows.again(handle, build, spec, attempt, failed, most, next));
  }

  /**
   * It is not built for what became of others; nothing changes where it is in a slot or finished.
   */
  public void skipped(BuildId build, OriginSpec spec, String reason) {
    Instant now = clock.instant();
    change(build, spec, handle -> SlotRows.skipped(handle, build, spec, reason, now));
  }

  /**
   * Ends a build; one that has ended stays as it is. Packages that are not finished become SKIPPED,
   * and an attempt that still runs is no longer the current one.
   *
   * @param state DONE, FAILED or CANCELLED
   * @param problem of a build that was CANCELLED it reads on from "the build was"
   */
  public void finish(
      BuildId build, BuildState state, Optional<SnapshotId> snapshot, Optional<String> problem) {
    if (!state.finished()) {
      throw new IllegalArgumentException("a build does not end as " + state);
    }
    Instant now = clock.instant();
    change(build, handle -> {
      boolean running = !BuildRows.lock(handle, build).finished();
      if (running) {
        BuildEnd.write(handle, build, state, snapshot, problem, now);
      }
      return running;
    });
  }

  /**
   * Ends a build as CANCELLED, as {@link #finish} does; false where it is PUBLISHING or has ended.
   *
   * @param problem such as {@code cancelled by ada: the wrong branch}
   */
  public boolean cancel(BuildId build, String problem) {
    Instant now = clock.instant();
    return change(build, handle -> {
      BuildState before = BuildRows.lock(handle, build);
      boolean stops = !before.finished() && before != BuildState.PUBLISHING;
      if (stops) {
        BuildEnd.write(
            handle, build, BuildState.CANCELLED, Optional.empty(), Optional.of(problem), now);
      }
      return stops;
    });
  }

  /**
   * What exists for a job's plan: {@code byKey} over all jobs, the newest of each key, and
   * {@code latest} over this job's builds. Whether an archive is still in the package store is not
   * asked here.
   */
  public Inventory inventory(JobName job) {
    return transaction(handle -> KnownRows.inventory(handle, job));
  }

  /** Newest first. */
  public List<BuildRecord> builds(Optional<JobName> job, int limit) {
    return transaction(handle -> BuildRows.newest(handle, job, limit));
  }

  /** All that are not finished, oldest first. */
  public List<BuildRecord> unfinished() {
    return transaction(BuildRows::unfinished);
  }

  public Optional<BuildRecord> build(BuildId id) {
    return transaction(handle -> BuildRows.find(handle, id.number()));
  }

  /** By spec. */
  public List<PackageRecord> packages(BuildId build) {
    return packages(build, EnumSet.allOf(PackageState.class));
  }

  /**
   * Those in one of these states, by spec: what is in the slots of a large build, without reading
   * all of it.
   */
  public List<PackageRecord> packages(BuildId build, Set<PackageState> states) {
    return transaction(handle -> PackageRows.all(handle, build, states));
  }

  public Optional<PackageRecord> find(BuildId build, OriginSpec spec) {
    return transaction(handle -> PackageRows.find(handle, build, spec));
  }

  /** This package in the job's builds where it was built or failed, newest first. */
  public List<PackageRecord> history(JobName job, OriginSpec spec, int limit) {
    return transaction(handle -> PackageRows.history(handle, job, spec, limit));
  }

  /**
   * The build, and with it the commit, since which a package fails in this job; empty where it does
   * not.
   */
  public Optional<BuildRecord> failingSince(JobName job, OriginSpec spec) {
    return transaction(handle -> PackageRows.failingSince(handle, job, spec)
        .flatMap(number -> BuildRows.find(handle, number)));
  }

  /**
   * How many of its packages each build has in each state; a build that there is not is left out.
   */
  public Map<BuildId, Counts> counts(List<BuildId> builds) {
    return transaction(handle -> BuildRows.counts(handle, builds));
  }

  @Override
  public void close() {
    pool.close();
  }

  private boolean change(BuildId build, Predicate<Handle> step) {
    return change(build, Optional.empty(), step);
  }

  private boolean change(BuildId build, OriginSpec spec, Predicate<Handle> step) {
    return change(build, Optional.of(spec), step);
  }

  /** Tells the listeners once it is committed, where the step changed anything. */
  private boolean change(BuildId build, Optional<OriginSpec> spec, Predicate<Handle> step) {
    Optional<FarmEvent> event = transaction(handle -> step.test(handle)
        ? Optional.of(new FarmEvent(BuildRows.job(handle, build), build, spec))
        : Optional.empty());
    event.ifPresent(listeners::tell);
    return event.isPresent();
  }

  private <T> T transaction(Function<Handle, T> work) {
    for (int tries = 1; ; tries++) {
      try {
        return jdbi.<T, RuntimeException>inTransaction(work::apply);
      } catch (JdbiException e) {
        if (tries == TRIES || !Database.passing(e)) {
          throw e;
        }
      }
    }
  }
}
