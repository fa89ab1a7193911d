package org.slipway.trial;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slipway.build.BuildObserver;
import org.slipway.build.BuildRequest;
import org.slipway.build.BuildResult;
import org.slipway.build.PackageBuilder;
import org.slipway.build.Phase;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.graph.PortGraph;
import org.slipway.jail.Command;
import org.slipway.jail.Jail;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageComparison;
import org.slipway.packages.PackageDifference;
import org.slipway.packages.PackageException;
import org.slipway.plan.BuildKey;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Decision;
import org.slipway.plan.Inventory;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;
import org.slipway.plan.Planner;

/**
 * Builds and tests ports of one evaluation, one after the other, with what they need: each package
 * that is needed is taken from a repository where it fits, from the shelf where an earlier run built
 * it from the same inputs, or is built, several beside each other. What is taken from the repository
 * needs nothing to be built. For one thread.
 */
public final class Trial {
  /** A tmpfs takes only what is written to it. */
  private static final long WORK_IN_MEMORY_BYTES = 2L << 30;

  private final PackageBuilder builder;
  private final PackageShelf shelf;
  private final Optional<Depot> depot;
  private final Setting setting;
  private final TrialWatch watch;
  private final Planner planner;
  private final PortGraph graph;
  private final BuildPlan plan;
  private final Map<OriginSpec, BuiltPackage> known = new ConcurrentHashMap<>();
  private final Map<OriginSpec, Path> files = new ConcurrentHashMap<>();
  private final Map<OriginSpec, Outcome> failed = new ConcurrentHashMap<>();

  /** A trial that has built nothing yet. */
  public Trial(
      PackageBuilder builder,
      PackageShelf shelf,
      Optional<Depot> depot,
      Setting setting,
      TrialWatch watch) {
    this.builder = builder;
    this.shelf = shelf;
    this.depot = depot;
    this.setting = setting;
    this.watch = watch;
    this.planner = new Planner(setting.makeText());
    this.graph = PortGraph.of(setting.evaluation());
    this.plan = planner.plan(setting.evaluation(), Inventory.empty());
  }

  /**
   * Makes a port's package, or finds it on the shelf.
   *
   * @throws IOException where the host, or the repository, cannot go on
   */
  public Outcome build(OriginSpec spec) throws IOException, InterruptedException {
    Optional<Outcome> obstacle = prepare(spec);
    return obstacle.isPresent() ? obstacle.get() : obtain(spec, false, setting.jobs());
  }

  /**
   * Builds a port anew, whatever the shelf has, and tests it where the mode says so. A package that
   * comes of it is the caller's, not the shelf's: what a test builds may differ from what a farm
   * does.
   */
  public Outcome build(OriginSpec spec, BuildRequest.Mode mode)
      throws IOException, InterruptedException {
    Optional<Outcome> obstacle = prepare(spec);
    return obstacle.isPresent()
        ? obstacle.get()
        : run(
            spec,
            setting.wishes(port(spec), mode, OptionalLong.empty()),
            setting.jobs(),
            false,
            "");
  }

  /** Packages that an installed package needs beside it, with their archives, in order. */
  public List<BuildRequest.Install> runClosure(OriginSpec spec) {
    return installs(graph.runClosure(spec).stream().filter(files::containsKey).toList());
  }

  /**
   * Builds a port twice as a farm does and holds the packages against each other. The second build
   * has another number of jobs, and another order of names in its folders where its work fits into
   * memory: work folders on a tmpfs list their files otherwise than a disk. Both have the same day,
   * host name, paths and {@code SOURCE_DATE_EPOCH}.
   */
  public TwoBuilds buildTwice(OriginSpec spec) throws IOException, InterruptedException {
    Optional<Outcome> obstacle = prepare(spec);
    if (obstacle.isPresent()) {
      return new TwoBuilds(obstacle.get(), Optional.empty(), List.of(), 0, 0, false);
    }
    int jobs = setting.jobs();
    int otherJobs = jobs == 1 ? 2 : 1;
    BuildRequest.Wishes plain = wishes(spec, OptionalLong.empty());
    Outcome first = run(spec, plain, jobs, false, "");
    if (!(first instanceof Outcome.Done one)) {
      return new TwoBuilds(first, Optional.empty(), List.of(), jobs, otherJobs, false);
    }
    boolean inMemory = fitsIntoMemory(one);
    BuildRequest.Wishes other =
        inMemory ? wishes(spec, OptionalLong.of(WORK_IN_MEMORY_BYTES)) : plain;
    Outcome second = run(spec, other, otherJobs, false, "-again");
    List<PackageDifference> differences = List.of();
    if (second instanceof Outcome.Done two) {
      try {
        differences = PackageComparison.of(one.file(), two.file());
      } catch (PackageException e) {
        throw new IOException(e.getMessage(), e);
      }
    }
    return new TwoBuilds(first, Optional.of(second), differences, jobs, otherJobs, inMemory);
  }

  private static boolean fitsIntoMemory(Outcome.Done first) {
    OptionalLong disk =
        first.result().map(each -> each.footprint().diskBytes()).orElse(OptionalLong.empty());
    return disk.isPresent() && disk.getAsLong() < WORK_IN_MEMORY_BYTES / 4;
  }

  /** Everything that is needed before the port; what stands in the way. */
  private Optional<Outcome> prepare(OriginSpec spec) throws IOException, InterruptedException {
    Decision decision = plan.find(spec).map(PlannedPackage::decision).orElse(null);
    if (decision == null) {
      return Optional.of(new Outcome.Unbuildable(spec, noAnswers(spec)));
    } else if (!(decision instanceof Decision.Build)) {
      return Optional.of(new Outcome.Unbuildable(spec, decision.reason()));
    }
    List<OriginSpec> needed =
        needed(spec).stream().filter(each -> !files.containsKey(each)).toList();
    watch.needed(needed.size(), refusals(needed));
    return Together.make(needed, this::before, setting.builds(), (each, beside) -> {
      Outcome outcome = obtain(each, true, Math.max(1, setting.jobs() / beside));
      return outcome instanceof Outcome.Done ? Optional.empty() : Optional.of(outcome);
    });
  }

  /** What must be there before a package that is needed can be had. */
  private List<OriginSpec> before(OriginSpec spec) {
    return depot.filter(from -> from.fits(spec)).isPresent()
        ? List.of()
        : graph.installedToBuild(spec);
  }

  private String noAnswers(OriginSpec spec) {
    return setting.evaluation().unevaluable().stream()
        .filter(each -> each.spec().equals(spec))
        .map(each -> TrialLog.printable(each.message()))
        .findFirst()
        .orElse("is not in the evaluation");
  }

  private List<String> refusals(List<OriginSpec> needed) {
    return depot
        .map(from -> needed.stream()
            .filter(each -> !from.fits(each))
            .map(each -> each + " " + from.refusal(each))
            .toList())
        .orElse(List.of());
  }

  /** What is needed before a port is built, dependencies first. */
  private List<OriginSpec> needed(OriginSpec spec) {
    Set<OriginSpec> reached = new HashSet<>();
    Deque<OriginSpec> waiting = new ArrayDeque<>(List.of(spec));
    while (!waiting.isEmpty()) {
      OriginSpec next = waiting.remove();
      boolean fetched =
          !next.equals(spec) && depot.filter(from -> from.fits(next)).isPresent();
      for (OriginSpec need : fetched ? graph.runClosure(next) : graph.needs(next)) {
        if (!need.equals(spec) && reached.add(need)) {
          waiting.add(need);
        }
      }
    }
    return graph.order().stream().filter(reached::contains).toList();
  }

  private Outcome obtain(OriginSpec spec, boolean dependency, int jobs)
      throws IOException, InterruptedException {
    long start = System.nanoTime();
    if (dependency && depot.isPresent() && depot.get().fits(spec)) {
      Depot.Taken taken = depot.get().take(spec);
      return done(spec, taken.built(), taken.file(), TrialWatch.Origin.REPOSITORY, start);
    }
    Outcome before = failed.get(spec);
    if (before != null) {
      return before;
    }
    BuildKey key = planner.key(port(spec), setting.evaluation(), known);
    Optional<KnownPackage> kept = shelf.find(key, spec);
    if (kept.isPresent()) {
      BuiltPackage built = kept.get().built();
      return done(spec, built, shelf.archive(built.sum()), TrialWatch.Origin.KEPT, start);
    }
    Outcome outcome = run(spec, wishes(spec, OptionalLong.empty()), jobs, dependency, "");
    if (!(outcome instanceof Outcome.Done done)) {
      failed.put(spec, outcome);
      return outcome;
    }
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    Path file = shelf.keep(new KnownPackage(spec, key, done.built(), took), done.file());
    done(spec, done.built(), file, TrialWatch.Origin.BUILT, start);
    return new Outcome.Done(spec, done.built(), file, done.result(), done.report());
  }

  private Outcome done(
      OriginSpec spec, BuiltPackage built, Path file, TrialWatch.Origin from, long start) {
    known.put(spec, built);
    files.put(spec, file);
    watch.there(spec, built.name(), from, Duration.ofNanos(System.nanoTime() - start));
    return new Outcome.Done(spec, built, file, Optional.empty(), Optional.empty());
  }

  private BuildRequest.Wishes wishes(OriginSpec spec, OptionalLong workInMemory) {
    return setting.wishes(port(spec), BuildRequest.Mode.PACKAGE, workInMemory);
  }

  private Outcome run(
      OriginSpec spec, BuildRequest.Wishes wishes, int jobs, boolean dependency, String suffix)
      throws IOException, InterruptedException {
    Port port = port(spec);
    watch.building(spec, port.name(), dependency);
    BuildRequest request = new BuildRequest(
        port,
        setting.evaluation().target(),
        setting.tree(),
        setting.kit(),
        installs(graph.installedToBuild(spec)),
        setting.mirror(),
        setting.limits(),
        jobs,
        wishes);
    BuildResult result;
    TrialReport report;
    try (TrialLog log = new TrialLog(setting.logs().resolve(port.name() + suffix + ".log"))) {
      result = builder.build(request, log, new Observer(spec, log, !dependency));
      report = result instanceof BuildResult.Failed bad ? log.report(bad.failure()) : log.report();
    }
    watch.ended(spec, result);
    if (result instanceof BuildResult.Built built) {
      return new Outcome.Done(
          spec, built.built(), built.file(), Optional.of(built), Optional.of(report));
    }
    return new Outcome.Failed(spec, (BuildResult.Failed) result, report);
  }

  /** Passes on what a build tells; a dependency's root is nobody's to look at. */
  private final class Observer implements BuildObserver {
    private final OriginSpec spec;
    private final TrialLog log;
    private final boolean shown;

    Observer(OriginSpec spec, TrialLog log, boolean shown) {
      this.spec = spec;
      this.log = log;
      this.shown = shown;
    }

    @Override
    public void phase(Phase phase) {
      log.phase(phase);
      watch.phase(spec, phase);
    }

    @Override
    public void leaving(Jail jail, Command shell) throws IOException, InterruptedException {
      if (shown) {
        log.flush();
        watch.leaving(jail, shell, log.report());
      }
    }
  }

  private List<BuildRequest.Install> installs(List<OriginSpec> specs) {
    List<BuildRequest.Install> installs = new ArrayList<>();
    for (OriginSpec each : specs) {
      BuiltPackage built = known.get(each);
      Path file = files.get(each);
      if (built == null || file == null) {
        throw new IllegalStateException(each + " is to be installed before it is there");
      }
      installs.add(new BuildRequest.Install(each, built, file));
    }
    return installs;
  }

  private Port port(OriginSpec spec) {
    Evaluation evaluation = setting.evaluation();
    return evaluation
        .port(spec)
        .orElseThrow(() -> new IllegalArgumentException(spec + " is not in the evaluation"));
  }
}
