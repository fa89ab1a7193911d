package org.slipway.schedule;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.build.PackageBuilder;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Reach;
import org.slipway.evaluate.Watch;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Inventory;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;
import org.slipway.plan.Planner;
import org.slipway.plan.SourceDates;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.FarmStore;
import org.slipway.store.LogStore;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageStore;
import org.slipway.store.Tries;
import org.slipway.tree.CommitId;

/**
 * One job's stages in the data's order: watch, evaluate and plan, build, publish. Each is a task of the engine and may be run
 * again after a kill: what is finished stays finished.
 */
final class Pipeline implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

  /** How many commits of a fork's past are recorded when it is seen for the first time. */
  private static final int COMMITS_AT_FIRST = 50;

  /** What a job's stages share with other jobs. */
  record Parts(
      Evaluator evaluator,
      PackageBuilder builder,
      FarmStore store,
      PackageStore packages,
      LogStore logs,
      KeptWork work,
      InstantSource clock) {}

  private final Job job;
  private final Trees trees;
  private final Parts parts;
  private final Publishing publishing;
  private final Dispatcher dispatcher;
  private final Optional<Bulks> bulks;
  private final Planner planner;
  private final Workers workers = new Workers();
  private final Attempts attempts;
  private final Map<BuildId, BuildRun> runs = new ConcurrentHashMap<>();
  private final Map<BuildId, SourceDates> dates = new ConcurrentHashMap<>();
  private final Map<BuildId, CatalogueNotes> notes = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  /** @param bulks of a job that poudriere builds */
  Pipeline(
      Job job,
      Trees trees,
      Parts parts,
      Publishing publishing,
      Dispatcher dispatcher,
      Optional<Bulks> bulks) {
    this.job = job;
    this.trees = trees;
    this.parts = parts;
    this.publishing = publishing;
    this.dispatcher = dispatcher;
    this.bulks = bulks;
    this.attempts = new Attempts(job, parts, dispatcher, workers);
    this.planner = new Planner(job.makeText());
  }

  /**
   * Brings the fork's news into the store; a new head of it or of an overlay becomes a build, unless
   * one of this job is going on.
   */
  synchronized void watch() throws IOException {
    if (stopping) {
      return;
    }
    Trees.Heads heads = trees.fetch();
    Optional<CommitId> last = parts.store().lastBuilt(job.name());
    boolean news = last.isEmpty() || !last.get().equals(heads.fork());
    if (news) {
      parts.store().recordCommits(job.name(), trees.news(last, heads.fork(), COMMITS_AT_FIRST));
    }
    news |= !parts.store().lastOverlays(job.name()).equals(heads.overlays());
    boolean busy =
        parts.store().unfinished().stream().anyMatch(each -> each.job().equals(job.name()));
    if (news && !busy) {
      BuildId begun =
          parts.store().begin(job.name(), heads.fork(), trees.commits(heads.overlays()));
      dispatcher.evaluate(job, begun);
    }
  }

  /** Evaluates and plans a build, and queues what may start. */
  void begin(BuildId build) throws InterruptedException {
    if (!workers.enter(build)) {
      return;
    }
    try {
      prepare(build);
    } catch (IOException e) {
      fail(build, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      rethrowUnlessOver(build, e);
    } catch (RuntimeException e) {
      log.error("build {} could not be planned", build, e);
      fail(build, "Slipway failed while planning it: " + e);
    } finally {
      workers.leave(build);
    }
  }

  /** A build that ended in the middle interrupts who works for it, and no one else. */
  private void rethrowUnlessOver(BuildId build, InterruptedException e)
      throws InterruptedException {
    if (!workers.over(build)) {
      throw e;
    }
  }

  private void prepare(BuildId build) throws IOException, InterruptedException {
    BuildRecord record = parts.store().build(build).orElseThrow();
    if (record.state().finished()) {
      return;
    }
    parts.store().state(build, BuildState.EVALUATING);
    Ground ground = trees.pin(record);
    try {
      Evaluation evaluation = workers.stoppable(
          build,
          () -> parts
              .evaluator()
              .evaluate(ground.sources(), job.request(), Reach.NEEDED, Watch.NONE));
      Inventory inventory = inStore(parts.store().inventory(job.name()));
      notes.put(
          build, CatalogueNotes.read(ground.sources(), job.publish().groups(), inventory.latest()));
      BuildPlan plan = planner.plan(evaluation, inventory);
      if (bulks.isPresent()) {
        parts.store().plan(build, Bulks.asked(plan));
        parts.store().state(build, BuildState.BUILDING);
        bulks.get().begin(record, plan, ground, inventory, planner);
        dispatcher.follow(job, build);
        return;
      }
      dates.put(build, new SourceDates(trees.lastChanges(record, SourceDates.folders(plan))));
      parts.work().prune(job.name(), job.build().manner().keepWork().orElse(Duration.ZERO));
      parts.store().plan(build, plan);
      parts.store().state(build, BuildState.BUILDING);
      BuildRun run = new BuildRun(
          build,
          plan,
          ground,
          parts.evaluator().kit(ground.sources(), job.request()),
          inventory,
          planner,
          parts.store(),
          parts.packages());
      runs.put(build, run);
      List<PackageRecord> rows = parts.store().packages(build);
      dispatch(build, run, run.begin(rows), rows);
    } catch (IOException | InterruptedException | RuntimeException e) {
      runs.remove(build);
      dates.remove(build);
      notes.remove(build);
      ground.close();
      throw e;
    }
  }

  /** A package whose archive someone removed does not exist. */
  private Inventory inStore(Inventory inventory) {
    Map<Digest, KnownPackage> there = new HashMap<>(inventory.byKey());
    there.values().removeIf(each -> !parts.packages().has(each.built().sum()));
    return new Inventory(there, inventory.latest());
  }

  /** @param rows of packages that have been tried before, among others */
  private void dispatch(
      BuildId build, BuildRun run, List<PlannedPackage> ready, List<PackageRecord> rows)
      throws FarmException {
    Map<OriginSpec, Tries> tries = new HashMap<>();
    rows.forEach(each -> tries.put(each.spec(), each.tries()));
    for (PlannedPackage each : ready) {
      Tries before = tries.getOrDefault(each.spec(), Tries.NONE);
      Duration wait = before
          .next()
          .map(next -> Duration.between(parts.clock().instant(), next))
          .orElse(Duration.ZERO);
      if (wait.isNegative() || wait.isZero()) {
        queue(build, each, before);
      } else {
        dispatcher.again(job, build, each.spec(), wait);
      }
    }
    if (run.done()) {
      dispatcher.publish(job, build);
    }
  }

  private void queue(BuildId build, PlannedPackage next, Tries before) throws FarmException {
    dispatcher.build(job, build, next, before.failed().size(), Retries.alone(before));
  }

  /** The wait of a package that failed is over. */
  void again(BuildId build, OriginSpec spec) {
    BuildRun run = runs.get(build);
    if (run == null || stopping) {
      return;
    }
    try {
      queue(build, run.planned(spec), attempts.tries(build, spec));
    } catch (FarmException e) {
      fail(build, String.valueOf(e.getMessage()));
    }
  }

  /** Looks at a build that poudriere does, and ends it where it is over. */
  void follow(BuildId build) throws InterruptedException {
    Optional<Bulk> bulk = bulks.flatMap(each -> each.find(build));
    if (stopping || bulk.isEmpty()) {
      return;
    }
    try {
      Optional<Bulk.End> end = bulk.get().look();
      if (stopping || end.isEmpty()) {
        return;
      }
      dispatcher.followed(build);
      if (end.get().state() == BuildState.PUBLISHING) {
        dispatcher.publish(job, build);
      } else {
        finish(build, end.get().state(), end.get().problem());
      }
    } catch (IOException | RuntimeException e) {
      log.warn("build {} was not followed to its end", build, e);
      fail(build, String.valueOf(e.getMessage()));
    }
  }

  /** Ends a build in the middle, or asks poudriere to. */
  Cancellation cancel(BuildId build, String problem) {
    Optional<Bulk> bulk = bulks.flatMap(each -> each.find(build));
    // What ended stays in memory for a moment after its row says so.
    if (bulk.isPresent() && standing(build) == Cancellation.CANCELLED) {
      bulk.get().cancel(problem);
      return Cancellation.ASKED;
    }
    if (parts.store().cancel(build, problem)) {
      end(build);
      return Cancellation.CANCELLED;
    }
    return standing(build);
  }

  /** What asking for its end would come to. */
  private Cancellation standing(BuildId build) {
    BuildState state = parts.store().build(build).orElseThrow().state();
    return state.finished()
        ? Cancellation.OVER
        : state == BuildState.PUBLISHING ? Cancellation.PUBLISHING : Cancellation.CANCELLED;
  }

  /** Builds one package in a slot and queues what that makes ready. */
  void build(BuildId build, OriginSpec spec, int slot) throws InterruptedException {
    if (!workers.enter(build)) {
      return;
    }
    try {
      BuildRun run = runs.get(build);
      // Else queued by a farm that is no more; the build is being planned anew and will queue it
      // again.
      Optional<Integer> attempt =
          stopping || run == null ? Optional.empty() : parts.store().claim(build, spec, slot);
      if (run != null && attempt.isPresent()) {
        SourceDates dated = dates.getOrDefault(build, SourceDates.NONE);
        dispatch(build, run, attempts.attempt(build, run, spec, attempt.get(), dated), List.of());
      }
    } catch (FarmException e) {
      fail(build, String.valueOf(e.getMessage()));
    } catch (InterruptedException e) {
      rethrowUnlessOver(build, e);
    } finally {
      workers.leave(build);
    }
  }

  /** Writes the snapshot of a build that has ended and moves the channel, where the job's terms are met. */
  void publish(BuildId build) {
    Made run =
        bulks.<Made>flatMap(each -> each.find(build).map(found -> found)).orElse(runs.get(build));
    CatalogueNotes said = notes.get(build);
    if (run == null || said == null) {
      return;
    }
    try {
      parts.store().state(build, BuildState.PUBLISHING);
      BuildRecord record = parts.store().build(build).orElseThrow();
      if (record.state().finished()) {
        // Somebody cancelled it.
        return;
      }
      Optional<String> refusal = publishing.refusal(run, record.counts());
      if (refusal.isPresent()) {
        fail(build, refusal.get());
        return;
      }
      Publishing.Published published = publishing.publish(record, run, said);
      parts
          .store()
          .finish(build, BuildState.DONE, Optional.of(published.snapshot()), published.stays());
      end(build);
    } catch (IOException | RuntimeException e) {
      log.error("build {} could not be published", build, e);
      fail(build, "it could not be published: " + e.getMessage());
    }
  }

  /** Which of these archives its builds have. */
  Set<Digest> using(Set<Digest> sums) {
    Set<Digest> used = new HashSet<>();
    runs.values().forEach(each -> used.addAll(each.using(sums)));
    bulks.ifPresent(all -> used.addAll(all.using(sums)));
    return used;
  }

  private void fail(BuildId build, String problem) {
    finish(build, BuildState.FAILED, Optional.of(problem));
  }

  private void finish(BuildId build, BuildState state, Optional<String> problem) {
    if (stopping) {
      return;
    }
    parts.store().finish(build, state, Optional.empty(), problem);
    end(build);
  }

  /** Stops who still works for it, and gives back what it has once they have. */
  private void end(BuildId build) {
    workers.end(build, () -> settle(build));
  }

  /** What came in meanwhile is looked at at once. */
  private void settle(BuildId build) {
    BuildRun run = runs.remove(build);
    dates.remove(build);
    notes.remove(build);
    if (run != null) {
      run.close();
    }
    bulks.ifPresent(each -> each.end(build));
    try {
      if (bulks.isPresent()) {
        dispatcher.followed(build);
      }
      dispatcher.watch(job);
    } catch (FarmException e) {
      log.warn("{}: {}", job.name(), e.getMessage());
    }
  }

  /** From here on nothing is recorded as failed: what ends now ends because the farm does. */
  void stop() {
    stopping = true;
    attempts.stop();
    bulks.ifPresent(Bulks::stop);
  }

  @Override
  public void close() {
    runs.values().forEach(BuildRun::close);
    bulks.ifPresent(Bulks::close);
    trees.close();
  }
}
