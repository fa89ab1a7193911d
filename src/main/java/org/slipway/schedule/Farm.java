package org.slipway.schedule;

import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReadWriteLock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.build.PackageBuilder;
import org.slipway.evaluate.Evaluator;
import org.slipway.jail.HostProgram;
import org.slipway.jail.Jails;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.publish.Note;
import org.slipway.publish.Publisher;
import org.slipway.repository.RepositoryWriter;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.FarmStore;
import org.slipway.store.JobName;
import org.slipway.store.LogStore;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageStore;

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

  private static final String UPKEEP = "upkeep";
  private static final Duration UPKEEP_EVERY = Duration.ofDays(1);

  /** Stages at once: they are short, or wait for make. */
  private static final int STAGE_THREADS = 3;

  /**
   * What a farm works with, in the data's order.
   *
   * @param jobs at least one
   * @param keep how long it keeps what it could do without
   */
  public record Parts(
      Home home,
      List<Job> jobs,
      Jails jails,
      FarmStore store,
      PackageStore packages,
      LogStore logs,
      InstantSource clock,
      Keep keep) {
    public Parts {
      jobs = List.copyOf(jobs);
    }

    /** That keeps what it could do without for the usual times. */
    public Parts(
        Home home,
        List<Job> jobs,
        Jails jails,
        FarmStore store,
        PackageStore packages,
        LogStore logs,
        InstantSource clock) {
      this(home, jobs, jails, store, packages, logs, clock, Keep.USUAL);
    }
  }

  private final Parts parts;
  private final Map<JobName, Pipeline> pipelines = new LinkedHashMap<>();
  private final Map<JobName, Publisher> publishers = new LinkedHashMap<>();
  private final Map<String, Engine> builders = new LinkedHashMap<>();
  private final Map<String, Slots> slots = new LinkedHashMap<>();

  /** Held for reading by each package that is building; for writing by one that is to be alone. Fair, or that never would be. */
  private final ReadWriteLock machine = new ReentrantReadWriteLock(true);

  private final Tasks queue;
  private final Engine stages;
  private final Engine followers;
  private final Evaluator evaluator;
  private Optional<Requests> requests = Optional.empty();

  private Farm(Parts parts, Engine stages, Engine followers) {
    this.parts = parts;
    this.stages = stages;
    this.followers = followers;
    queue = new Tasks(stages, followers, builders);
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
    looks.put(Tasks.FOLLOW, words -> farm.pipeline(words).follow(buildId(words)));
    tasks.put(Tasks.WATCH, words -> farm.watch(words));
    tasks.put(Tasks.EVALUATE, words -> farm.pipeline(words).begin(buildId(words)));
    tasks.put(
        Tasks.AGAIN,
        words ->
            farm.pipeline(words).again(buildId(words), OriginSpec.parse(word(words, "package"))));
    tasks.put(Tasks.PUBLISH, words -> farm.pipeline(words).publish(buildId(words)));
    tasks.put(COLLECT, words -> farm.collect());
    tasks.put(UPKEEP, words -> farm.upkeep());
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
      Trees trees = Trees.open(job, parts.home());
      Publisher publisher = new Publisher(parts.home().repository(job.name()), parts.clock());
      RepositoryWriter repository =
          new RepositoryWriter(signing(job.publish().sign()), Publishing.terms(job));
      RepositoryWriter.sweep(parts.home().snapshots(job.name()));
      publisher.sweep();
      publishers.put(job.name(), publisher);
      pipelines.put(
          job.name(),
          new Pipeline(
              job,
              trees,
              shared,
              new Publishing(
                  job,
                  parts.packages(),
                  repository,
                  parts.home().snapshots(job.name()),
                  publisher,
                  new Builders(job, parts.jails(), parts.home().bases())),
              queue,
              job.poudriere().map(settings -> new Bulks(job, settings, shared, parts.home()))));
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
        .forEach(job -> places.merge(Tasks.target(job), job.build().slots(), Math::max));
    for (Map.Entry<String, Integer> each : places.entrySet()) {
      Slots free = new Slots(each.getValue());
      slots.put(each.getKey(), free);
      builders.put(
          each.getKey(),
          Engine.open(
              each.getKey() + "@" + database,
              each.getValue(),
              parts.store(),
              Map.of(Tasks.BUILD, words -> build(words, free))));
    }
  }

  /** Takes up what an earlier run of the farm left unfinished, then watches. */
  public void start() throws IOException {
    for (String kind :
        List.of(Tasks.WATCH, Tasks.EVALUATE, Tasks.AGAIN, Tasks.PUBLISH, COLLECT, UPKEEP)) {
      stages.clear(kind);
    }
    for (Engine each : builders.values()) {
      each.clear(Tasks.BUILD);
    }
    followers.clear(Tasks.FOLLOW);
    for (BuildRecord each : parts.store().unfinished()) {
      for (Job job : parts.jobs()) {
        if (job.name().equals(each.job())) {
          queue.evaluate(job, each.id());
        }
      }
    }
    for (Job job : parts.jobs()) {
      Map<String, String> words = Map.of("job", job.name().name());
      stages.repeat(Tasks.WATCH, job.name().name(), words, job.trigger().poll());
      if (job.trigger().cron().isPresent()) {
        stages.cron(
            Tasks.WATCH, job.name() + " by cron", words, job.trigger().cron().get());
      }
    }
    stages.repeat(COLLECT, "packages", Map.of(), COLLECT_EVERY);
    stages.repeat(UPKEEP, "home", Map.of(), UPKEEP_EVERY);
    for (Engine each : builders.values()) {
      each.start();
    }
    followers.start();
    stages.start();
    requests = Optional.of(Requests.open(Requests.folder(parts.home().folder()), this::cancel));
  }

  /** Takes out of the farm's folder what was not used for long. */
  void upkeep() {
    new Upkeep(parts.home(), parts.jobs(), parts.store(), parts.logs(), parts.keep(), parts.clock())
        .sweep();
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
    for (Job each : parts.jobs()) {
      if (each.name().equals(job)) {
        queue.watch(each);
      }
    }
  }

  /**
   * Ends a build in the middle. What it had built is kept, nothing of it is published, and its row
   * says who wanted that.
   */
  public Cancellation cancel(BuildId build, Note note) {
    String problem = Cancellation.problem(note);
    Optional<BuildRecord> record = parts.store().build(build);
    if (record.isEmpty()) {
      return Cancellation.UNKNOWN;
    }
    Pipeline pipeline = pipelines.get(record.get().job());
    if (pipeline != null) {
      return pipeline.cancel(build, problem);
    }
    // Of a job whose file was taken away.
    return parts.store().cancel(build, problem) ? Cancellation.CANCELLED : Cancellation.OVER;
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
    Lock place = words.containsKey("alone") ? machine.writeLock() : machine.readLock();
    place.lockInterruptibly();
    try {
      int slot = free.take();
      try {
        pipeline(words).build(buildId(words), OriginSpec.parse(word(words, "package")), slot);
      } finally {
        free.giveBack(slot);
      }
    } finally {
      place.unlock();
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
    requests.ifPresent(Requests::close);
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
}
