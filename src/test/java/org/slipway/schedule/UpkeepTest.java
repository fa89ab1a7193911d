package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;
import org.slipway.packages.OriginSpec;
import org.slipway.publish.ChannelName;
import org.slipway.store.BuildId;
import org.slipway.store.BuildState;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.FarmStore;
import org.slipway.store.JobName;
import org.slipway.store.LogStore;
import org.slipway.store.LogWriter;
import org.slipway.tree.Commit;
import org.slipway.tree.CommitId;
import org.slipway.tree.Fork;

/** What goes of a farm's folder, and what stays; files are of now, and the clock goes ahead. */
class UpkeepTest {
  private static final JobName JOB = new JobName("test");
  private static final OriginSpec PORT = OriginSpec.parse("misc/a");
  private static final String NAME = "0123456789abcdef0123456789abcdef";
  private static final CommitId COMMIT = new CommitId(NAME + "01234567");

  @TempDir
  Path folder;

  private Home home;
  private FarmStore store;
  private LogStore logs;

  @BeforeEach
  void open() throws IOException {
    home = Home.open(folder.resolve("home"));
    store = FarmStore.open(DatabaseSettings.embedded(home.database()), InstantSource.system());
    logs = new LogStore(home.logs());
  }

  @AfterEach
  void close() {
    store.close();
    home.close();
  }

  @Test
  void removesCachesThatWereNotUsedForLong() throws IOException {
    Path kit = folder(home.kits().resolve(NAME + NAME), "sys.mk");
    Path rig = folder(home.rigs().resolve(NAME), "bin/sed");
    Path list = folder(home.baseLists().resolve(NAME + NAME), "bin/sh");
    Path used = folder(home.baseLists().resolve(NAME + NAME.replace('0', '1')), "x");
    Path half = folder(home.rigs().resolve(".new-1"), "x");
    Path brief = folder(home.kits().resolve("brief-" + NAME), "bsd.port.mk");
    Path own = file(home.kits().resolve("somebody's"));
    Target target =
        new Target(Abi.parse("FreeBSD:14:amd64"), new Base.Directory(used), "14.2-amd64 list");

    sweep(29, Keep.USUAL, job(target));
    assertThat(List.of(kit, rig, list, used, brief, own)).allSatisfy(each -> exists(each));
    assertThat(half).doesNotExist();
    sweep(31, Keep.USUAL, job(target));
    assertThat(List.of(kit, rig, list)).allSatisfy(each -> assertThat(each).doesNotExist());
    assertThat(List.of(used, brief, own)).allSatisfy(each -> exists(each));
  }

  @Test
  void keepsAllThatABuildMayUseWhichIsGoingOn() throws IOException {
    Path before = folder(home.kits().resolve(NAME), "sys.mk");
    Files.setLastModifiedTime(before, FileTime.from(Instant.now().minusSeconds(600)));
    BuildId build = begin(JOB);
    Path kit = folder(home.kits().resolve(NAME + NAME), "sys.mk");
    Path distfile = file(home.distfiles().resolve("a-1.tar"));
    Path spooled = file(home.spool().resolve("build-1.pkg"));
    log(build);

    sweep(366, Keep.USUAL, job());
    assertThat(List.of(kit, distfile, spooled)).allSatisfy(each -> exists(each));
    assertThat(before).doesNotExist();
    store.finish(build, BuildState.DONE, Optional.empty(), Optional.empty());
    sweep(366, Keep.USUAL, job());
    assertThat(List.of(kit, distfile, spooled))
        .allSatisfy(each -> assertThat(each).doesNotExist());
  }

  @Test
  void aBuildOfAJobThatIsGoneKeepsNothing() throws IOException {
    begin(new JobName("gone"));
    Path kit = folder(home.kits().resolve(NAME + NAME), "sys.mk");
    sweep(31, Keep.USUAL, job());
    assertThat(kit).doesNotExist();
  }

  @Test
  void removesDistfilesByTheirLastUseAndTheirSize() throws Exception {
    Path old = file(home.distfiles().resolve("sub/old.tar"));
    Path linked = file(home.distfiles().resolve("linked.tar"));
    Files.createLink(folder.resolve("view"), linked);
    Path arriving = file(home.distfiles().resolve(".new-1"));
    sweep(181, Keep.USUAL, job());
    assertThat(old).doesNotExist();
    assertThat(linked).exists();
    assertThat(arriving).exists();
    Files.delete(linked);

    Path first = file(home.distfiles().resolve("first.tar"));
    Path second = file(home.distfiles().resolve("second.tar"));
    // Used again after the second came: a link made and removed is a use. Change times may stand
    // still for some milliseconds.
    FileTime came = changed(second);
    while (changed(first).compareTo(came) <= 0) {
      Files.createLink(home.spool().resolve("use"), first);
      Files.delete(home.spool().resolve("use"));
    }
    Keep small = new Keep(
        Duration.ofDays(30),
        Duration.ofDays(30),
        OptionalLong.of(Files.size(first)),
        Duration.ofDays(30),
        Duration.ofDays(30));
    sweep(0, small, job());
    assertThat(first).exists();
    assertThat(second).doesNotExist();
  }

  @Test
  void leavesADistfilesFolderAloneThatIsALink() throws IOException {
    Path shared = Files.createDirectories(folder.resolve("shared"));
    Path file = file(shared.resolve("a.tar"));
    Files.delete(home.distfiles());
    Files.createSymbolicLink(home.distfiles(), shared);
    sweep(366, Keep.USUAL, job());
    assertThat(file).exists();
  }

  @Test
  void removesLogsOfBuildsThatEndedLongAgoButNotTheNewest() throws IOException {
    BuildId first = ended();
    BuildId second = ended();
    log(new BuildId(4711));
    sweep(179, Keep.USUAL, job());
    assertThat(logs.builds()).contains(first, second, new BuildId(4711));
    sweep(181, Keep.USUAL, job());
    assertThat(logs.builds()).containsExactly(second);
    assertThat(logs.read(first, PORT)).isEmpty();
  }

  @Test
  void removesTreesOfJobsAndOverlaysThatAreGone() throws IOException {
    try (Fork fork = new Fork(folder.resolve("fork.git"))) {
      fork.file("x", "x\n").commit("One");
      Job.Overlay overlay = new Job.Overlay("private", fork.folder().toString(), "main");
      Job both = job(target(), fork.folder(), List.of(overlay));
      try (Trees trees = Trees.open(both, home)) {
        trees.fetch();
        Files.createDirectories(home.checkouts().resolve("test+private/" + COMMIT + "/tree"));
        sweep(366, Keep.USUAL, both);
      }
      Path mirror = home.trees().resolve("test+private.git");
      assertThat(mirror).isDirectory();
      // The sweep was a use, a year from now.
      Job alone = job(target(), fork.folder(), List.of());
      sweep(366 + 29, Keep.USUAL, alone);
      assertThat(mirror).isDirectory();
      sweep(366 + 31, Keep.USUAL, alone);
      assertThat(home.trees())
          .isDirectoryNotContaining(each -> each.getFileName().toString().contains("private"));
      assertThat(home.checkouts().resolve("test+private")).doesNotExist();
      Trees.open(both, home).close();
      assertThat(mirror).isDirectory();
    }
  }

  @Test
  void removesKeptWorkOfJobsAsTheySayAndOfThoseThatAreGone() throws IOException {
    Path own = file(home.work().resolve("test/7/misc-a.tar"));
    Path gone = file(home.work().resolve("gone/7/misc-a.tar"));
    file(home.work().resolve("lost+found/x"));
    sweep(2, Keep.USUAL, job());
    assertThat(own).doesNotExist();
    assertThat(gone).exists();
    sweep(31, Keep.USUAL, job());
    assertThat(gone).doesNotExist();
  }

  private static void exists(Path path) {
    assertThat(path).exists();
  }

  private static FileTime changed(Path file) throws IOException {
    return (FileTime) Files.getAttribute(file, "unix:ctime");
  }

  private void sweep(int days, Keep keep, Job job) {
    Instant then = Instant.now().plus(Duration.ofDays(days));
    new Upkeep(home, List.of(job), store, logs, keep, InstantSource.fixed(then)).sweep();
  }

  /** A folder with a file in it. */
  private static Path folder(Path path, String name) throws IOException {
    file(path.resolve(name));
    return path;
  }

  private static Path file(Path path) throws IOException {
    Files.createDirectories(path.resolveSibling("."));
    return Files.writeString(path, "content\n");
  }

  private BuildId begin(JobName job) {
    Commit commit = new Commit(
        COMMIT, Optional.empty(), "Ada", "ada@example.org", Instant.EPOCH, "One", List.of());
    store.recordCommits(job, List.of(commit));
    return store.begin(job, COMMIT);
  }

  private BuildId ended() throws IOException {
    BuildId build = begin(JOB);
    log(build);
    store.finish(build, BuildState.DONE, Optional.empty(), Optional.empty());
    return build;
  }

  private void log(BuildId build) throws IOException {
    try (LogWriter out = logs.write(build, PORT)) {
      out.write("said\n".getBytes(StandardCharsets.UTF_8));
    }
  }

  private static Target target() {
    return new Target(Abi.parse("Linux:3.2:x86_64"), new Base.Host(), "host");
  }

  private Job job() {
    return job(target());
  }

  private Job job(Target target) {
    return job(target, folder.resolve("fork.git"), List.of());
  }

  private static Job job(Target target, Path fork, List<Job.Overlay> overlays) {
    Duration minutes = Duration.ofMinutes(5);
    return new Job(
        JOB,
        new Job.Tree(fork.toString(), "main", overlays),
        target,
        List.of("misc/a"),
        Job.Settings.NONE,
        new Job.Trigger(Duration.ofHours(1), Optional.empty()),
        new Job.Build(2, minutes, minutes, 0, 1 << 20, Optional.empty(), true),
        new Job.Publish(new ChannelName("dev"), "farm", 5, List.of(), 0));
  }
}
