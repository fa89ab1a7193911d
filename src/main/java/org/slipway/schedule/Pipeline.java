package org.slipway.schedule;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
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
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Footprint;
import org.slipway.build.PackageBuilder;
import org.slipway.build.Phase;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Evaluator;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.BuildKey;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Inventory;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;
import org.slipway.plan.Planner;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.FarmStore;
import org.slipway.store.LogStore;
import org.slipway.store.LogWriter;
import org.slipway.store.PackageStore;
import org.slipway.tree.Checkout;
import org.slipway.tree.CommitId;
import org.slipway.tree.PortsTree;

/**
 * One job's stages in the data's order: watch, evaluate and plan, build, publish. Each is a task of the engine and may be run
 * again after a kill: what is finished stays finished.
 */
final class Pipeline implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Pipeline.class);

  /** How many commits of a fork's past are recorded when it is seen for the first time. */
  private static final int COMMITS_AT_FIRST = 50;

  /** The stages' outside: who queues the next task. */
  interface Dispatcher {
    void evaluate(Job job, BuildId build) throws FarmException;

    void build(Job job, BuildId build, PlannedPackage next) throws FarmException;

    void publish(Job job, BuildId build) throws FarmException;

    void watch(Job job) throws FarmException;

    /** Looks at a bulk again and again, until it is over. */
    void follow(Job job, BuildId build) throws FarmException;

    void followed(BuildId build) throws FarmException;
  }

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
  private final PortsTree tree;
  private final Parts parts;
  private final Publishing publishing;
  private final Dispatcher dispatcher;
  private final Optional<Bulks> bulks;
  private final Planner planner;
  private final BuildOrders orders;
  private final Map<BuildId, BuildRun> runs = new ConcurrentHashMap<>();
  private final Map<BuildId, SourceDates> dates = new ConcurrentHashMap<>();
  private volatile boolean stopping;

  /** @param bulks of a job that poudriere builds */
  Pipeline(
      Job job,
      PortsTree tree,
      Parts parts,
      Publishing publishing,
      Dispatcher dispatcher,
      Optional<Bulks> bulks) {
    this.job = job;
    this.tree = tree;
    this.parts = parts;
    this.publishing = publishing;
    this.dispatcher = dispatcher;
    this.bulks = bulks;
    this.orders = new BuildOrders(job, parts.packages(), parts.work());
    this.planner = new Planner(job.makeText());
  }

  /** Brings the fork's news into the store; a new head becomes a build, unless one of this job is going on. */
  synchronized void watch() throws IOException {
    if (stopping) {
      return;
    }
    CommitId head = tree.fetch();
    Optional<CommitId> last = parts.store().lastBuilt(job.name());
    boolean news = last.isEmpty() || !last.get().equals(head);
    if (news) {
      parts.store().recordCommits(job.name(), tree.between(last, head, COMMITS_AT_FIRST));
      parts.store().recordCommits(job.name(), List.of(tree.commit(head)));
    }
    boolean busy =
        parts.store().unfinished().stream().anyMatch(each -> each.job().equals(job.name()));
    if (news && !busy) {
      dispatcher.evaluate(job, parts.store().begin(job.name(), head));
    }
  }

  /** Evaluates and plans a build, and queues what may start. */
  void begin(BuildId build) throws InterruptedException {
    try {
      prepare(build);
    } catch (IOException e) {
      fail(build, String.valueOf(e.getMessage()));
    } catch (RuntimeException e) {
      log.error("build {} could not be planned", build, e);
      fail(build, "Slipway failed while planning it: " + e);
    }
  }

  private void prepare(BuildId build) throws IOException, InterruptedException {
    BuildRecord record = parts.store().build(build).orElseThrow();
    if (record.state().finished()) {
      return;
    }
    parts.store().state(build, BuildState.EVALUATING);
    Checkout checkout = tree.checkout(record.commit().id());
    try {
      Evaluation evaluation = parts.evaluator().evaluate(checkout, job.request());
      Inventory inventory = inStore(parts.store().inventory(job.name()));
      BuildPlan plan = planner.plan(evaluation, inventory);
      if (bulks.isPresent()) {
        parts.store().plan(build, Bulks.asked(plan));
        parts.store().state(build, BuildState.BUILDING);
        bulks.get().begin(record, plan, checkout, inventory, planner);
        dispatcher.follow(job, build);
        return;
      }
      dates.put(build, SourceDates.of(tree, record.commit().id(), plan));
      parts.work().prune(job.name(), job.build().manner().keepWork().orElse(Duration.ZERO));
      parts.store().plan(build, plan);
      parts.store().state(build, BuildState.BUILDING);
      BuildRun run = new BuildRun(
          build,
          plan,
          checkout,
          parts.evaluator().kit(job.request()),
          inventory,
          planner,
          parts.store(),
          parts.packages());
      runs.put(build, run);
      dispatch(build, run, run.begin(parts.store().packages(build)));
    } catch (IOException | InterruptedException | RuntimeException e) {
      runs.remove(build);
      dates.remove(build);
      checkout.close();
      throw e;
    }
  }

  /** A package whose archive someone removed does not exist. */
  private Inventory inStore(Inventory inventory) {
    Map<Digest, KnownPackage> there = new HashMap<>(inventory.byKey());
    there.values().removeIf(each -> !parts.packages().has(each.built().sum()));
    return new Inventory(there, inventory.latest());
  }

  private void dispatch(BuildId build, BuildRun run, List<PlannedPackage> ready)
      throws FarmException {
    for (PlannedPackage each : ready) {
      dispatcher.build(job, build, each);
    }
    if (run.done()) {
      dispatcher.publish(job, build);
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

  /** Asks poudriere to stop; false where it does not do this build, or no longer. */
  boolean cancel(BuildId build) {
    // What ended stays in memory for a moment after its row says so.
    Optional<Bulk> bulk = parts
        .store()
        .build(build)
        .filter(record -> !record.state().finished())
        .flatMap(record -> bulks.flatMap(each -> each.find(build)));
    bulk.ifPresent(Bulk::cancel);
    return bulk.isPresent();
  }

  /** Builds one package in a slot and queues what that makes ready. */
  void build(BuildId build, OriginSpec spec, int slot) throws InterruptedException {
    BuildRun run = runs.get(build);
    if (run == null) {
      // Queued by a farm that is no more; the build is being planned anew and will queue it again.
      return;
    }
    Optional<Integer> attempt =
        stopping ? Optional.empty() : parts.store().claim(build, spec, slot);
    if (attempt.isEmpty()) {
      return;
    }
    try {
      dispatch(build, run, attempt(build, run, spec, attempt.get()));
    } catch (FarmException e) {
      fail(build, String.valueOf(e.getMessage()));
    }
  }

  private List<PlannedPackage> attempt(BuildId build, BuildRun run, OriginSpec spec, int attempt)
      throws InterruptedException {
    BuildResult result;
    Instant start = parts.clock().instant();
    try {
      BuildKey key = run.key(spec);
      try (LogWriter output = parts.logs().write(build, spec)) {
        result = parts.builder().build(orders.of(build, run, spec, dated(build)), output, phase -> {
          output.phase(phase);
          parts.store().phase(build, spec, attempt, phase);
        });
      }
      if (result instanceof BuildResult.Built built) {
        parts.packages().take(built.file(), built.built().sum());
        Duration took = Duration.between(start, parts.clock().instant());
        Footprint used = built.footprint();
        KnownPackage known =
            new KnownPackage(spec, key, built.built(), took, used.cpu(), used.peakMemoryBytes());
        boolean current = parts.store().built(build, attempt, known, built.phases(), used);
        return current ? run.built(spec, known) : List.of();
      }
    } catch (IOException | RuntimeException e) {
      log.error("{} of build {} could not be built", spec, build, e);
      result = new BuildResult.Failed(
          FailureClass.JAIL,
          Phase.PACKAGE,
          "the farm could not build it: " + e.getMessage(),
          List.of());
    }
    if (stopping) {
      return List.of();
    }
    boolean current = parts.store().failed(build, spec, attempt, (BuildResult.Failed) result);
    return current ? run.failed(spec) : List.of();
  }

  private SourceDates dated(BuildId build) {
    return dates.getOrDefault(build, SourceDates.NONE);
  }

  /** Writes the snapshot of a build that has ended and moves the channel, where the job's terms are met. */
  void publish(BuildId build) {
    Made run =
        bulks.<Made>flatMap(each -> each.find(build).map(found -> found)).orElse(runs.get(build));
    if (run == null) {
      return;
    }
    try {
      parts.store().state(build, BuildState.PUBLISHING);
      BuildRecord record = parts.store().build(build).orElseThrow();
      Optional<String> refusal = publishing.refusal(run, record.counts());
      if (refusal.isPresent()) {
        fail(build, refusal.get());
        return;
      }
      Publishing.Published published = publishing.publish(record, run);
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

  /** What came in meanwhile is looked at at once. */
  private void end(BuildId build) {
    BuildRun run = runs.remove(build);
    dates.remove(build);
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
    bulks.ifPresent(Bulks::stop);
  }

  @Override
  public void close() {
    runs.values().forEach(BuildRun::close);
    bulks.ifPresent(Bulks::close);
    tree.close();
  }
}
