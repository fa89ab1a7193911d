package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Semaphore;
import org.slipway.schedule.Home;
import org.slipway.schedule.Job;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.DatabaseSettings;
import org.slipway.tree.WorkingTree;

/**
 * A farm on the sample fork: makes the fork, builds and publishes it, commits an update to it as a person would, follows that,
 * and checks at each step that all is as it should be. Stopped at any point, the next start goes on.
 */
final class Demo {
  /** The fork's history is the same wherever it is made, and so are its packages: their files have a commit's time. */
  private static final Instant FORKED = Instant.parse("2026-01-05T09:12:00Z");

  private static final Instant UPDATED = Instant.parse("2026-01-06T10:31:00Z");

  private final Path program;
  private final Path folder;
  private final int port;
  private final boolean once;
  private final boolean terminal;
  private final AbiSource host;
  private final PrintStream out;

  /**
   * @param program where src/demo, jobs, templates and web are
   * @param once stop when the update is published
   */
  Demo(
      Path program,
      Path folder,
      int port,
      boolean once,
      boolean terminal,
      AbiSource host,
      PrintStream out) {
    this.program = program;
    this.folder = folder;
    this.port = port;
    this.once = once;
    this.terminal = terminal;
    this.host = host;
    this.out = out;
  }

  /** Runs it and gives the exit status: 0, or 1 if anything was not as it should be. */
  int run() throws Exception {
    say("Slipway's demo, in " + folder.toAbsolutePath().normalize());
    Home home = Home.open(folder);
    try (DemoSite site = DemoSite.start(program.resolve("src/demo/distfiles"))) {
      makeFork(program.resolve("src/demo"), fork(home));
      Job job = prepare(home, site.address());
      FarmConfig config = new FarmConfig(
          home.folder(),
          new FarmConfig.Listen("127.0.0.1", port),
          Optional.empty(),
          DatabaseSettings.embedded(home.database()),
          List.of(job));
      try (RunningFarm farm = RunningFarm.open(home, config, program)) {
        return run(farm, job);
      }
    }
  }

  private int run(RunningFarm farm, Job job) throws Exception {
    Path fork = fork(farm.home());
    DemoCheck check = new DemoCheck(farm, job, program.resolve("src/demo"), out);
    say("status page   " + farm.web().address());
    say("jails         " + farm.jails().containment().sentence());
    if (!farm.jails().containment().contains()) {
      say("");
      say("WARNING: builds are NOT contained here. Never build ports that you do not trust.");
    }
    farm.start();

    BuildRecord first = follow(farm, job, 1, "the sample fork is built from nothing");
    check.first(first);
    tellClient(farm, job);

    try (WorkingTree tree = WorkingTree.open(fork)) {
      if (tree.commits() == 1) {
        update(tree, fork);
        farm.farm().watch(job.name());
      }
    }
    BuildRecord second = follow(farm, job, 2, "a person commits an update to the fork");
    check.second(first, second);
    say("");
    if (check.problems() > 0) {
      say(check.problems() + " things are not as they should be.");
      return 1;
    }
    say("All is as it should be.");
    if (!once) {
      say("The farm goes on at " + farm.web().address() + "; commit to " + fork);
      say("and it follows. Ctrl-C stops it; the next start goes on from there.");
      new Semaphore(0).acquire();
    }
    return 0;
  }

  private void say(String line) {
    out.println(line);
    out.flush();
  }

  /** The demo's job file is put where a person would edit it; where distfiles come from is this run's matter. */
  private Job prepare(Home home, URI mirror) throws IOException {
    Path file = home.jobs().resolve("demo.yaml");
    if (!Files.exists(file)) {
      Files.copy(program.resolve("jobs/demo.yaml"), file);
    }
    Job job = FarmConfig.readJob(file, home.folder(), host);
    Job.Build build = job.build();
    return new Job(
        job.name(),
        job.tree(),
        job.target(),
        job.ports(),
        job.settings(),
        job.trigger(),
        new Job.Build(
            build.slots(),
            build.timeout(),
            build.silence(),
            build.memoryBytes(),
            build.outputBytes(),
            Optional.of(mirror),
            build.allowUncontained()),
        job.publish());
  }

  /** A kill while it is made leaves no half fork: it is made beside its place and renamed. */
  private static void makeFork(Path sources, Path fork) throws IOException {
    if (Files.exists(fork)) {
      return;
    }
    Path draft = fork.resolveSibling(fork.getFileName() + ".new");
    DemoFiles.delete(draft);
    DemoFiles.copy(sources.resolve("ports"), draft);
    try (WorkingTree tree = WorkingTree.create(draft, "main")) {
      tree.commitAll(
          "Greta Lindqvist",
          "greta@northfell.example",
          "Fork the ports tree\n\nThe sample fork of the demo.",
          FORKED);
    }
    Files.move(draft, fork, StandardCopyOption.ATOMIC_MOVE);
  }

  private static Path fork(Home home) {
    return home.folder().resolve("fork");
  }

  private void update(WorkingTree tree, Path fork) throws IOException {
    Path update = program.resolve("src/demo/update");
    try (DirectoryStream<Path> files = Files.newDirectoryStream(update, Files::isDirectory)) {
      for (Path category : files) {
        DemoFiles.copy(category, fork.resolve(String.valueOf(category.getFileName())));
      }
    }
    String[] author = Files.readString(update.resolve("AUTHOR")).strip().split("[<>]", -1);
    tree.commitAll(
        author[0].strip(),
        author[1],
        Files.readString(update.resolve("MESSAGE")).strip() + "\n",
        UPDATED);
  }

  /** Waits for the n-th build of the job and shows it to its end. */
  private BuildRecord follow(RunningFarm farm, Job job, int number, String what) throws Exception {
    BuildId build = awaitBuild(farm, job, number);
    BuildRecord record = farm.store().build(build).orElseThrow();
    say("");
    say("build %s: %s".formatted(build, what));
    say("commit %s  %s"
        .formatted(record.commit().id().abbreviated(), record.commit().subject()));
    BuildRecord ended = record;
    if (record.state().finished()) {
      say("It had ended before this start.");
    } else {
      ended = new Progress(
              out, terminal, farm.store(), InstantSource.system(), job.build().slots())
          .follow(build);
    }
    var counts = ended.counts();
    say("%s: %d built, %d reused, %d failed, %d skipped, %d ignored"
        .formatted(
            ended.state() == BuildState.DONE ? "published" : ended.state().word(),
            counts.built(),
            counts.reused(),
            counts.failed(),
            counts.skipped(),
            counts.ignored()));
    ended.problem().ifPresent(this::say);
    return ended;
  }

  private static BuildId awaitBuild(RunningFarm farm, Job job, int number) throws Exception {
    Semaphore news = new Semaphore(0);
    try (AutoCloseable listening = farm.store().listen(event -> news.release())) {
      for (; ; ) {
        List<BuildRecord> builds = farm.store().builds(Optional.of(job.name()), 1000);
        if (builds.size() >= number) {
          return builds.get(builds.size() - number).id();
        }
        news.acquire();
      }
    }
  }

  /** What a person does on a client, with this farm's addresses; the configuration is the one that the farm serves. */
  private void tellClient(RunningFarm farm, Job job) throws IOException, InterruptedException {
    String base = farm.web().address() + "repo/" + job.name();
    String channel = job.publish().channel().name();
    String key = job.publish().sign().keys().get(0).name();
    String trust = "/usr/local/etc/pkg/fingerprints/" + job.name();
    say("");
    say("repository    " + base + "/" + channel);
    say("On a client, as root, to trust the key and to use the repository:");
    say("");
    say("  mkdir -p " + trust + "/trusted \\");
    say("    " + trust + "/revoked /usr/local/etc/pkg/repos");
    say("  curl -fo " + trust + "/trusted/" + key + " \\");
    say("    " + base + "/fingerprints/trusted/" + key);
    say("  curl -fo /usr/local/etc/pkg/repos/" + job.name() + "-" + channel + ".conf \\");
    say("    " + base + "/" + channel + ".conf");
    say("");
    String configuration = HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create(base + "/" + channel + ".conf")).build(),
            HttpResponse.BodyHandlers.ofString())
        .body();
    say("The configuration that this fetches:");
    say("");
    configuration.lines().forEach(line -> say("  " + line));
  }
}
