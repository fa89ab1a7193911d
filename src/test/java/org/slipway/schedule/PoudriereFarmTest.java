package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.Jails;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.HostAbi;
import org.slipway.packages.OriginSpec;
import org.slipway.poudriere.BuildName;
import org.slipway.poudriere.BulkSettings;
import org.slipway.poudriere.FakeHost;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Note;
import org.slipway.publish.Publisher;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.FarmStore;
import org.slipway.store.JobName;
import org.slipway.store.LogStore;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;
import org.slipway.store.PackageStore;
import org.slipway.tree.WorkingTree;

/**
 * A farm whose job poudriere builds: real git, evaluation, database and publication; poudriere and
 * ssh are stand-ins that keep to poudriere's layout.
 */
class PoudriereFarmTest {
  private static final Path SAMPLE = Path.of(System.getProperty("slipway.dir"), "src/demo/ports");
  private static final OriginSpec TOOL = OriginSpec.parse("devel/mktable");
  private static final OriginSpec LIBRARY = OriginSpec.parse("devel/libmarl");
  private static final OriginSpec DEPENDENT = OriginSpec.parse("devel/libgrike");
  private static final String BUILT_TOOL = "built devel/mktable - mktable-1.3";
  private static final String BUILT_LIBRARY = "built devel/libmarl - libmarl-2.1.0";
  private static final String BUILT_DEPENDENT = "built devel/libgrike - libgrike-0.3_4";

  @TempDir
  Path folder;

  private FakeHost host;
  private Path fork;
  private Abi abi;

  @BeforeEach
  void lay() throws IOException {
    host = new FakeHost(folder.resolve("host"));
    abi = HostAbi.detect(Path.of("/bin/sh"));
    fork = fork();
  }

  @Test
  void publishesWhatPoudriereBuiltFromACommitAndThenFromTheNext() throws Exception {
    BuiltPackage tool = host.archive("devel/mktable", "mktable-1.3", abi, "tool\n");
    host.archive("devel/libmarl", "libmarl-2.1.0", abi, "library\n");
    host.archive("devel/libgrike", "libgrike-0.3_4", abi, "dependent\n");
    host.scenario(BUILT_TOOL, BUILT_LIBRARY, BUILT_DEPENDENT);
    try (Running farm = new Running(job(true))) {
      BuildRecord first = farm.ended(1);
      assertThat(first.problem()).isEmpty();
      assertThat(first.state()).isEqualTo(BuildState.DONE);
      assertThat(first.findings()).isEmpty();
      for (OriginSpec spec : List.of(TOOL, LIBRARY, DEPENDENT)) {
        assertThat(farm.of(first, spec).state()).isEqualTo(PackageState.BUILT);
      }
      assertThat(farm.of(first, TOOL).reason()).isEqualTo("not built before");
      assertThat(farm.of(first, TOOL).built().orElseThrow().sum()).isEqualTo(tool.sum());
      assertThat(farm.log(first, TOOL)).contains("hello from mktable-1.3");
      assertThat(farm.published(first)).contains("mktable-1.3", "libgrike-0.3_4");
      assertThat(host.seen("seen/ports.list")).isEqualTo("devel/mktable\ndevel/libgrike");

      // A change of which poudriere takes no notice, and one package that it builds again unasked.
      Path descr = fork.resolve("devel/mktable/pkg-descr");
      Files.writeString(descr, Files.readString(descr) + "\nMore.\n");
      commit("devel/mktable: say more");
      BuiltPackage again = host.archive("devel/libmarl", "libmarl-2.1.0", abi, "library again\n");
      host.scenario(BUILT_LIBRARY);
      farm.look();
      BuildRecord second = farm.ended(2);
      assertThat(second.state()).isEqualTo(BuildState.DONE);
      assertThat(farm.of(second, LIBRARY).state()).isEqualTo(PackageState.BUILT);
      assertThat(farm.of(second, LIBRARY).built().orElseThrow().sum()).isEqualTo(again.sum());
      assertThat(farm.of(second, LIBRARY).reason())
          .isEqualTo("expected to be kept: nothing changed");
      assertThat(farm.of(second, TOOL).state()).isEqualTo(PackageState.REUSED);
      assertThat(farm.of(second, TOOL).reason())
          .isEqualTo(
              "poudriere kept the package that it had, though planned: files of devel/mktable"
                  + " changed");
      assertThat(farm.of(second, DEPENDENT).reason()).isEqualTo("nothing changed");
      assertThat(second.findings())
          .containsExactly(
              "poudriere: it built 1 package that the plan expected to be kept: devel/libmarl",
              "poudriere: it kept 1 package that the plan expected to be built: devel/mktable");
      assertThat(second.snapshot()).isNotEqualTo(first.snapshot());
      assertThat(host.seen("farm/test/tree/devel/mktable/pkg-descr")).endsWith("More.");
    }
  }

  @Test
  void tellsWhatFailedAndWhoseFaultTheRestIs() throws Exception {
    host.archive("devel/mktable", "mktable-1.3", abi, "tool\n");
    host.scenario(
        BUILT_TOOL,
        "failed devel/libmarl - libmarl-2.1.0 build/timeout runaway_process",
        "skipped devel/libgrike - libgrike-0.3_4 libmarl-2.1.0",
        "built ports-mgmt/pkg - pkg-2.8",
        "hostile x");
    host.archive("ports-mgmt/pkg", "pkg-2.8", abi, "pkg\n");
    try (Running farm = new Running(job(false))) {
      BuildRecord build = farm.ended(1);
      assertThat(build.state()).isEqualTo(BuildState.DONE);
      PackageRecord failed = farm.of(build, LIBRARY);
      assertThat(failed.state()).isEqualTo(PackageState.FAILED);
      assertThat(failed.failure()).hasValue(FailureClass.TIMEOUT);
      assertThat(failed.phase()).hasValue(Phase.BUILD);
      assertThat(farm.log(build, LIBRARY)).contains("it broke");
      assertThat(farm.of(build, DEPENDENT).state()).isEqualTo(PackageState.SKIPPED);
      assertThat(farm.of(build, DEPENDENT).reason())
          .isEqualTo("needs libmarl-2.1.0, which was not built");
      assertThat(build.findings())
          .containsExactly(
              "poudriere: it built or was to build 1 package that the plan does not have: pkg-2.8",
              "poudriere: it lists 1 entry whose names no port and no package can have; they are"
                  + " left out");
      assertThat(farm.published(build)).contains("mktable-1.3").doesNotContain("pkg-2.8");
    }
  }

  @Test
  void publishesNoArchiveThatIsNotWhatItSays() throws Exception {
    host.archive("devel/mktable", "mktable-1.3", abi, "tool\n");
    host.archive("devel/other", "libmarl-2.1.0", abi, "of another port\n");
    Files.writeString(host.here().resolve("archives/libgrike-0.3_4.pkg"), "no package\n");
    host.scenario(BUILT_TOOL, BUILT_LIBRARY, BUILT_DEPENDENT);
    try (Running farm = new Running(job(true))) {
      BuildRecord build = farm.ended(1);
      assertThat(farm.of(build, TOOL).state()).isEqualTo(PackageState.BUILT);
      assertThat(farm.of(build, LIBRARY).message().orElseThrow())
          .contains("holds libmarl-2.1.0 from devel/other");
      assertThat(farm.of(build, DEPENDENT).state()).isEqualTo(PackageState.FAILED);
      assertThat(farm.of(build, DEPENDENT).failure()).hasValue(FailureClass.PACKAGE);
      assertThat(farm.published(build)).doesNotContain("libmarl", "libgrike");
    }
  }

  @Test
  void followsOnWhereTheFarmAndTheHostWereAwayMeanwhile() throws Exception {
    host.archive("devel/mktable", "mktable-1.3", abi, "tool\n");
    host.archive("devel/libmarl", "libmarl-2.1.0", abi, "library\n");
    host.archive("devel/libgrike", "libgrike-0.3_4", abi, "dependent\n");
    host.scenario(
        BUILT_TOOL,
        "running devel/libmarl - libmarl-2.1.0 configure",
        "wait one",
        BUILT_LIBRARY,
        "garbage",
        "wait two",
        BUILT_DEPENDENT);
    try (Running farm = new Running(job(true))) {
      farm.until(() -> farm.newest()
          .flatMap(build -> farm.store.find(build.id(), LIBRARY))
          .flatMap(PackageRecord::phase)
          .filter(Phase.CONFIGURE::equals)
          .isPresent());
      BuildRecord build = farm.newest().orElseThrow();
      assertThat(farm.of(build, LIBRARY).slot()).hasValue(2);
      farm.until(() -> farm.of(build, TOOL).state() == PackageState.BUILT);
    }
    host.go("one");
    Awaitility.await().until(() -> host.at("two"));
    host.away(true);
    try (Running farm = new Running(job(true))) {
      farm.until(() -> farm.newest().orElseThrow().findings().stream()
          .anyMatch(each -> each.startsWith("poudriere: root@builder cannot be reached: ssh: ")));
      host.away(false);
      host.go("two");
      BuildRecord build = farm.ended(1);
      assertThat(build.state()).isEqualTo(BuildState.DONE);
      assertThat(build.findings()).isEmpty();
      assertThat(farm.store.builds(Optional.empty(), 10)).hasSize(1);
      assertThat(farm.of(build, LIBRARY).state()).isEqualTo(PackageState.BUILT);
      assertThat(farm.of(build, DEPENDENT).state()).isEqualTo(PackageState.BUILT);
      assertThat(host.seen("commands").lines()).hasSize(1);
    }
  }

  @Test
  void keepsWhatWasBuiltWherePoudriereCrashesAndGoesOnAtTheNextCommit() throws Exception {
    host.archive("devel/mktable", "mktable-1.3", abi, "tool\n");
    host.archive("devel/libmarl", "libmarl-2.1.0", abi, "library\n");
    host.archive("devel/libgrike", "libgrike-0.3_4", abi, "dependent\n");
    host.scenario(BUILT_TOOL, "running devel/libmarl - libmarl-2.1.0 build", "wait crash", "crash");
    try (Running farm = new Running(job(true))) {
      farm.until(() -> farm.newest()
          .flatMap(build -> farm.store.find(build.id(), LIBRARY))
          .filter(row -> row.state() == PackageState.BUILDING)
          .isPresent());
      host.go("crash");
      BuildRecord first = farm.ended(1);
      assertThat(first.state()).isEqualTo(BuildState.FAILED);
      assertThat(first.problem().orElseThrow())
          .startsWith("poudriere ended in the middle with status 1; its last words: ")
          .contains("parallel_run: unhandled");
      assertThat(farm.of(first, TOOL).state()).isEqualTo(PackageState.BUILT);
      assertThat(farm.of(first, LIBRARY).failure()).hasValue(FailureClass.CRASHED);
      assertThat(farm.of(first, DEPENDENT).state()).isEqualTo(PackageState.SKIPPED);

      host.scenario(BUILT_LIBRARY, BUILT_DEPENDENT);
      Files.writeString(fork.resolve("README"), "another commit\n");
      commit("Another commit");
      farm.look();
      BuildRecord second = farm.ended(2);
      assertThat(second.problem()).isEmpty();
      assertThat(farm.of(second, TOOL).state()).isEqualTo(PackageState.REUSED);
      assertThat(farm.of(second, TOOL).reason()).isEqualTo("nothing changed");
      assertThat(farm.of(second, LIBRARY).state()).isEqualTo(PackageState.BUILT);
    }
  }

  @Test
  void takesWhatPoudriereHadBeforeTheFarmCame() throws Exception {
    host.archive("devel/mktable", "mktable-1.3", abi, "tool\n");
    host.archive("devel/libgrike", "libgrike-0.3_4", abi, "dependent\n");
    BuiltPackage before = host.archive("devel/libmarl", "libmarl-2.1.0", abi, "library\n");
    Path packages = host.here().resolve("data/packages/14amd64-fork");
    Files.createDirectories(packages.resolve(".real_1/All"));
    Files.createSymbolicLink(packages.resolve(".latest"), Path.of(".real_1"));
    Files.move(
        host.here().resolve("archives/libmarl-2.1.0.pkg"),
        packages.resolve(".real_1/All/libmarl-2.1.0.pkg"));
    host.scenario(BUILT_TOOL, BUILT_DEPENDENT);
    try (Running farm = new Running(job(true))) {
      BuildRecord build = farm.ended(1);
      assertThat(build.state()).isEqualTo(BuildState.DONE);
      PackageRecord kept = farm.of(build, LIBRARY);
      assertThat(kept.state()).isEqualTo(PackageState.REUSED);
      assertThat(kept.built().orElseThrow().sum()).isEqualTo(before.sum());
      assertThat(kept.reason())
          .isEqualTo("poudriere kept the package that it had, though planned: not built before");
      assertThat(farm.published(build)).contains("libmarl-2.1.0", "libgrike-0.3_4");
    }
  }

  @Test
  void stopsPoudriereWhereSomebodyCancels() throws Exception {
    host.archive("devel/mktable", "mktable-1.3", abi, "tool\n");
    host.scenario("running devel/mktable - mktable-1.3 build", "wait forever");
    // Started so that it hears no SIGINT, if need be: the second request is a SIGTERM.
    try (Running farm = new Running(job(true))) {
      farm.until(() -> farm.newest()
          .flatMap(build -> farm.store.find(build.id(), TOOL))
          .filter(row -> row.state() == PackageState.BUILDING)
          .isPresent());
      BuildRecord build = farm.newest().orElseThrow();
      Note note = new Note("ada", "the wrong branch");
      assertThat(farm.farm.cancel(build.id(), note)).isEqualTo(Cancellation.ASKED);
      BuildRecord ended = farm.ended(1);
      assertThat(ended.state()).isEqualTo(BuildState.CANCELLED);
      assertThat(farm.of(ended, TOOL).state()).isEqualTo(PackageState.SKIPPED);
      assertThat(ended.problem()).hasValue("cancelled by ada: the wrong branch");
      assertThat(farm.of(ended, TOOL).reason())
          .isEqualTo("the build was cancelled by ada: the wrong branch");
      assertThat(farm.farm.cancel(build.id(), note)).isEqualTo(Cancellation.OVER);
      assertThat(farm.farm.cancel(new BuildId(99), note)).isEqualTo(Cancellation.UNKNOWN);
    }
  }

  @Test
  void stopsPoudriereWhereItTakesLongerThanTheJobGivesIt() throws Exception {
    host.scenario("wait forever");
    try (Running farm = new Running(job(host.settings(false, Duration.ofMillis(1))))) {
      BuildRecord build = farm.ended(1);
      assertThat(build.state()).isEqualTo(BuildState.FAILED);
      assertThat(build.problem().orElseThrow()).startsWith("it was stopped after 0 s");
      assertThat(host.seen("farm/test/runs/" + name(build) + "/exit")).isIn("130", "143");
    }
  }

  private static String name(BuildRecord build) {
    return BuildName.of(build.id().number(), build.created()).text();
  }

  private Path fork() throws IOException {
    Path copy = folder.resolve("fork");
    Files.walkFileTree(SAMPLE, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Path target = copy.resolve(SAMPLE.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
        return FileVisitResult.CONTINUE;
      }
    });
    WorkingTree.create(copy, "main").close();
    fork = copy;
    commit("Fork");
    return copy;
  }

  private void commit(String message) throws IOException {
    try (WorkingTree tree = WorkingTree.open(fork)) {
      tree.commitAll(
          "A Person", "person@example.org", message, Instant.parse("2026-01-05T09:00:00Z"));
    }
  }

  private Job job(boolean overSsh) {
    return job(host.settings(overSsh));
  }

  private Job job(BulkSettings settings) {
    Duration minutes = Duration.ofMinutes(5);
    return new Job(
        new JobName("test"),
        new Job.Tree(fork.toString(), "main"),
        new Target(abi, new Base.Host(), "host"),
        List.of("devel/mktable", "devel/libgrike"),
        Job.Settings.NONE,
        new Job.Trigger(Duration.ofHours(1), Optional.empty()),
        new Job.Build(2, minutes, minutes, 0, 1 << 20, Optional.empty(), true),
        new Job.Publish(new ChannelName("dev"), "farm", 5, List.of(), 100),
        Optional.of(settings));
  }

  /** A farm and what it stands on. */
  private final class Running implements AutoCloseable {
    private final Home home;
    private final FarmStore store;
    private final LogStore logs;
    private final Farm farm;

    Running(Job job) throws IOException {
      home = Home.open(folder.resolve("home"));
      store = FarmStore.open(DatabaseSettings.embedded(home.database()), InstantSource.system());
      logs = new LogStore(home.logs());
      farm = Farm.open(new Farm.Parts(
          home,
          List.of(job),
          Jails.open(home.jails(), true),
          store,
          new PackageStore(home.packages()),
          logs,
          InstantSource.system()));
      farm.start();
    }

    void look() throws FarmException {
      farm.watch(new JobName("test"));
    }

    Optional<BuildRecord> newest() {
      return store.builds(Optional.empty(), 1).stream().findFirst();
    }

    BuildRecord ended(int number) {
      until(() -> {
        List<BuildRecord> builds = store.builds(Optional.empty(), 100);
        return builds.size() == number && builds.get(0).state().finished();
      });
      return newest().orElseThrow();
    }

    void until(Callable<Boolean> condition) {
      Awaitility.await()
          .atMost(Duration.ofMinutes(3))
          .pollInterval(Duration.ofMillis(50))
          .until(condition);
    }

    PackageRecord of(BuildRecord build, OriginSpec spec) {
      return store.find(build.id(), spec).orElseThrow();
    }

    String log(BuildRecord build, OriginSpec spec) throws IOException {
      try (InputStream in = logs.read(build.id(), spec).orElseThrow()) {
        return new String(in.readAllBytes(), StandardCharsets.UTF_8);
      }
    }

    /** The names of the packages in the build's snapshot. */
    String published(BuildRecord build) throws IOException {
      Publisher publisher = Objects.requireNonNull(farm.publishers().get(new JobName("test")));
      Path root = publisher.directory(build.snapshot().orElseThrow());
      return Files.readString(root.resolve(".packages"));
    }

    @Override
    public void close() {
      farm.close();
      store.close();
      home.close();
    }
  }
}
