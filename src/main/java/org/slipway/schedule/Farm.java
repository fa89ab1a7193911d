package org.slipway.schedule;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.build.PackageBuilder;
import org.slipway.evaluate.Evaluator;
import org.slipway.jail.HostProgram;
import org.slipway.jail.Jails;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.PlannedPackage;
import org.slipway.publish.Publisher;
import org.slipway.repository.RepositoryWriter;
import org.slipway.repository.Terms;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.FarmStore;
import org.slipway.store.JobName;
import org.slipway.store.LogStore;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageStore;
import org.slipway.tree.PortsTree;

/**
 * The engine: watches each job's fork, runs the stages in order and dispatches package builds by priority. One scheduler for
 * the stages, and one per target for package builds, so that a node takes only what it can build.
 */
public final class Farm implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Farm.class);
  private static final String COLLECT = "collect";

  /** What nobody needs costs disk only. */
  private static final Duration COLLECT_EVERY = Duration.ofHours(1);

  /** Far longer than a build takes from its first look at the package store to its first package. */
  private static final Duration COLLECT_AGE = Duration.ofHours(6);

  private static final String WATCH = "watch";
  private static final String EVALUATE = "evaluate";
  private static final String BUILD = "build";
  private static final String PUBLISH = "publish";
  private static final String FOLLOW = "follow";

  /** Stages at once: they are short, or wait for make. */
  private static final int STAGE_THREADS = 3;

  /**
   * What a farm works with, in the data's order.
   *
   * @param jobs at least one
   */
  public record Parts(
      Home home,
      List<Job> jobs,
      Jails jails,
      FarmStore store,
      PackageStore packages,
      LogStore logs,
      InstantSource clock) {
    public Parts {
      jobs = List.copyOf(jobs);
    }
  }

  private final Parts parts;
  private final Map<JobName, Pipeline> pipelines = new LinkedHashMap<>();
  private final Map<JobName, Publisher> publishers = new LinkedHashMap<>();
  private final Map<String, Engine> builders = new LinkedHashMap<>();
  private final Map<String, Slots> slots = new LinkedHashMap<>();
  private final Engine stages;
  private final Engine followers;
  private final Evaluator evaluator;

  private Farm(Parts parts, Engine stages, Engine followers) {
    this.parts = parts;
    this.stages = stages;
    this.followers = followers;
    evaluator = new Evaluator(
        parts.jails(),
        parts.home().kits(),
        parts.home().evaluations(),
        Runtime.getRuntime().availableProcessors());
  }

  /**
   * Opens a farm; nothing runs before {@link #start}.
   *
   * @throws IOException where a job's fork cannot be read and never was, or a job does not allow this host's jails
   */
  public static Farm open(Parts parts) throws IOException {
    for (Job job : parts.jobs()) {
      if (!parts.jails().containment().contains() && !job.build().allowUncontained()) {
        throw new FarmException(
            ("job %s: this host gives no namespaces, so its builds would not be contained; install runc and allow"
                    + " namespaces, or set build: { allow-uncontained: true } in its job file")
                .formatted(job.name()));
      }
    }
    String database = Digest.of(parts.home().folder().toString()).hex().substring(0, 8);
    Map<String, Engine.Task> tasks = new LinkedHashMap<>();
    // A thread for each, for one may be fetching packages for an hour.
    int bulks =
        (int) parts.jobs().stream().filter(job -> job.poudriere().isPresent()).count();
    Map<String, Engine.Task> looks = new LinkedHashMap<>();
    Farm farm = new Farm(
        parts,
        Engine.open("stages@" + database, STAGE_THREADS, parts.store(), tasks),
        Engine.open("poudriere@" + database, Math.max(1, bulks), parts.store(), looks));
    looks.put(FOLLOW, words -> farm.pipeline(words).follow(buildId(words)));
    tasks.put(WATCH, words -> farm.watch(words));
    tasks.put(EVALUATE, words -> farm.pipeline(words).begin(buildId(words)));
    tasks.put(PUBLISH, words -> farm.pipeline(words).publish(buildId(words)));
    tasks.put(COLLECT, words -> farm.collect());
    try {
      farm.openPipelines();
      farm.openBuilders(database);
      return farm;
    } catch (IOException | RuntimeException e) {
      farm.close();
      throw e;
    }
  }

  private void openPipelines() throws IOException {
    PackageBuilder builder =
        new PackageBuilder(parts.jails(), parts.home().distfiles(), parts.home().spool());
    Pipeline.Parts shared = new Pipeline.Parts(
        evaluator,
        builder,
        parts.store(),
        parts.packages(),
        parts.logs(),
        new KeptWork(parts.home().work(), parts.clock()),
        parts.clock());
    for (Job job : parts.jobs()) {
      job.settings().remarks().forEach(remark -> log.warn("job {}: {}", job.name(), remark));
      PortsTree tree = PortsTree.open(
          job.tree().url(),
          job.tree().branch(),
          parts.home().trees().resolve(job.name() + ".git"),
          parts.home().checkouts());
      Publisher publisher = new Publisher(parts.home().repository(job.name()), parts.clock());
      RepositoryWriter repository = new RepositoryWriter(
          signing(job.publish().sign()),
          Terms.of(job.target().abi())
              .with(job.publish().layout())
              .withFiles(job.publish().files()));
      RepositoryWriter.sweep(parts.home().snapshots(job.name()));
      publisher.sweep();
      publishers.put(job.name(), publisher);
      pipelines.put(
          job.name(),
          new Pipeline(
              job,
              tree,
              shared,
              new Publishing(
                  job, parts.packages(), repository, parts.home().snapshots(job.name()), publisher),
              new EngineDispatcher(),
              job.poudriere().map(settings -> new Bulks(job, settings, shared, parts.home()))));
      if (tree.head().isEmpty()) {
        tree.fetch();
      }
    }
  }

  /** A key that is wrong or missing stops the farm's start, before anything is built. */
  private Signing signing(Job.Sign sign) throws IOException {
    List<Signer> signers = new ArrayList<>();
    for (Job.Key key : sign.keys()) {
      signers.add(Signer.open(parts.home().keys(), key.name(), key.source(), HostProgram::run));
    }
    return Signing.of(sign.form(), signers);
  }

  private void openBuilders(String database) throws FarmException {
    Map<String, Integer> places = new LinkedHashMap<>();
    parts.jobs().stream()
        .filter(job -> job.poudriere().isEmpty())
        .forEach(job -> places.merge(target(job), job.build().slots(), Math::max));
    for (Map.Entry<String, Integer> each : places.entrySet()) {
      Slots free = new Slots(each.getValue());
      slots.put(each.getKey(), free);
      builders.put(
          each.getKey(),
          Engine.open(
              each.getKey() + "@" + database,
              each.getValue(),
              parts.store(),
              Map.of(BUILD, words -> build(words, free))));
    }
  }

  private static String target(Job job) {
    return job.target().abi().toString();
  }

  /** Takes up what an earlier run of the farm left unfinished, then watches. */
  public void start() throws FarmException {
    for (String kind : List.of(WATCH, EVALUATE, PUBLISH, COLLECT)) {
      stages.clear(kind);
    }
    for (Engine each : builders.values()) {
      each.clear(BUILD);
    }
    followers.clear(FOLLOW);
    EngineDispatcher dispatcher = new EngineDispatcher();
    for (BuildRecord each : parts.store().unfinished()) {
      for (Job job : parts.jobs()) {
        if (job.name().equals(each.job())) {
          dispatcher.evaluate(job, each.id());
        }
      }
    }
    for (Job job : parts.jobs()) {
      Map<String, String> words = Map.of("job", job.name().name());
      stages.repeat(WATCH, job.name().name(), words, job.trigger().poll());
      if (job.trigger().cron().isPresent()) {
        stages.cron(WATCH, job.name() + " by cron", words, job.trigger().cron().get());
      }
    }
    stages.repeat(COLLECT, "packages", Map.of(), COLLECT_EVERY);
    for (Engine each : builders.values()) {
      each.start();
    }
    followers.start();
    stages.start();
  }

  /** Takes out of the package store what neither a snapshot nor a build that is going on has. */
  private void collect() {
    try {
      PackageStore.Collected gone =
          parts.packages().collect(this::inSnapshots, this::inBuilds, COLLECT_AGE);
      if (gone.archives() > 0) {
        log.info(
            "{} packages that no snapshot has are gone, {} bytes", gone.archives(), gone.bytes());
      }
    } catch (IOException e) {
      log.warn("packages that nobody needs were not removed: {}", e.getMessage());
    }
  }

  private Set<Digest> inSnapshots(Set<Digest> sums) throws IOException {
    Set<Digest> used = new HashSet<>();
    // Of all jobs that ever were here: whose file was taken away may come back.
    for (Publisher each :
        Publisher.all(parts.home().repositories(), parts.clock()).values()) {
      used.addAll(each.using(sums));
    }
    return used;
  }

  private Set<Digest> inBuilds(Set<Digest> sums) {
    Set<Digest> used = new HashSet<>();
    pipelines.values().forEach(each -> used.addAll(each.using(sums)));
    // Those of an earlier run of the farm that are not taken up yet.
    for (BuildRecord each : parts.store().unfinished()) {
      for (PackageRecord row : parts.store().packages(each.id())) {
        row.built().map(BuiltPackage::sum).filter(sums::contains).ifPresent(used::add);
      }
    }
    return used;
  }

  /** Looks at a job's fork now. */
  public void watch(JobName job) throws FarmException {
    stages.submit(WATCH, job + " now", Map.of("job", job.name()), 10);
  }

  /** Asks poudriere to stop a build; false where it does none of this number, or no longer. */
  public boolean cancel(BuildId build) {
    return pipelines.values().stream().anyMatch(each -> each.cancel(build));
  }

  public Map<JobName, Publisher> publishers() {
    return Map.copyOf(publishers);
  }

  private void watch(Map<String, String> words) {
    try {
      pipeline(words).watch();
    } catch (IOException e) {
      log.warn("{}: {}", words.get("job"), e.getMessage());
    }
  }

  private void build(Map<String, String> words, Slots free) throws InterruptedException {
    int slot = free.take();
    try {
      pipeline(words).build(buildId(words), OriginSpec.parse(word(words, "package")), slot);
    } finally {
      free.giveBack(slot);
    }
  }

  private Pipeline pipeline(Map<String, String> words) {
    Pipeline found = pipelines.get(new JobName(word(words, "job")));
    if (found == null) {
      throw new IllegalStateException("no job " + words.get("job"));
    }
    return found;
  }

  private static BuildId buildId(Map<String, String> words) {
    return new BuildId(Long.parseLong(word(words, "build")));
  }

  private static String word(Map<String, String> words, String name) {
    String word = words.get(name);
    if (word == null) {
      throw new IllegalStateException("a task without " + name);
    }
    return word;
  }

  /**
   * Stops at once: packages that are building end unfinished and are built at the next start. Ending their jails ends them;
   * no thread is interrupted, for an interrupt would close the embedded database's file.
   */
  @Override
  public void close() {
    List<Engine> engines = new ArrayList<>(builders.values());
    engines.add(stages);
    engines.add(followers);
    engines.forEach(Engine::pause);
    pipelines.values().forEach(Pipeline::stop);
    try {
      parts.jails().close();
    } catch (IOException e) {
      log.warn("a jail was not removed: {}", e.getMessage());
    }
    engines.forEach(Engine::close);
    pipelines.values().forEach(Pipeline::close);
    evaluator.close();
  }

  /** Queues the next stage with the engine that runs it. */
  private final class EngineDispatcher implements Pipeline.Dispatcher {
    @Override
    public void evaluate(Job job, BuildId build) throws FarmException {
      stages.submit(EVALUATE, "build " + build, words(job, build), 5);
    }

    @Override
    public void build(Job job, BuildId build, PlannedPackage next) throws FarmException {
      Map<String, String> words = new LinkedHashMap<>(words(job, build));
      words.put("package", next.spec().toString());
      int priority =
          (int) Math.min(Integer.MAX_VALUE, Math.max(1, next.critical().toSeconds()));
      Engine engine = builders.get(target(job));
      if (engine == null) {
        throw new FarmException("no builder for " + target(job));
      }
      engine.submit(BUILD, build + " " + next.spec(), words, priority);
    }

    @Override
    public void publish(Job job, BuildId build) throws FarmException {
      stages.submit(PUBLISH, "build " + build, words(job, build), 8);
    }

    @Override
    public void watch(Job job) throws FarmException {
      Farm.this.watch(job.name());
    }

    @Override
    public void follow(Job job, BuildId build) throws FarmException {
      followers.repeat(
          FOLLOW,
          "build " + build,
          words(job, build),
          job.poudriere().orElseThrow().poll());
    }

    @Override
    public void followed(BuildId build) throws FarmException {
      followers.end(FOLLOW, "build " + build);
    }

    private static Map<String, String> words(Job job, BuildId build) {
      return Map.of("job", job.name().name(), "build", build.toString());
    }
  }
}
