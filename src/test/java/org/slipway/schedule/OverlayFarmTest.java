package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.BuildRequest.FetchNetwork;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.Digest;
import org.slipway.packages.HostAbi;
import org.slipway.packages.OriginSpec;
import org.slipway.publish.ChannelName;
import org.slipway.repository.Provenance;
import org.slipway.repository.Snapshot;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.JobName;
import org.slipway.store.LogStore;
import org.slipway.store.OverlayHead;
import org.slipway.store.PackageState;
import org.slipway.tree.CommitId;
import org.slipway.tree.WorkingTree;

/** A farm whose fork has overlays: real git, make, jails and packages. */
class OverlayFarmTest {
  private static final Path SAMPLE = Path.of(System.getProperty("slipway.dir"), "src/demo/ports");
  private static final OriginSpec TOOL = OriginSpec.parse("misc/tool");
  private static final OriginSpec USER = OriginSpec.parse("misc/user");
  private static final OriginSpec OTHER = OriginSpec.parse("misc/other");
  private static final OriginSpec NOTES = OriginSpec.parse("local/notes");

  @TempDir
  Path folder;

  @Test
  void buildsWhatAnOverlayShadowsOrAddsAndOfItsCommitsOnlyWhatTheyChange() throws Exception {
    Path fork = fork();
    port(fork, TOOL, "1.0");
    port(fork, USER, "1.0", "RUN_DEPENDS=\t${LOCALBASE}/share/tool:misc/tool");
    port(fork, OTHER, "1.0");
    CommitId base = commit(fork, "Fork");
    Path overlay = folder.resolve("private.git");
    port(overlay, TOOL, "2.0");
    port(overlay, NOTES, "1.0");
    CommitId first = begin(overlay);
    Job job = job(fork, List.of(new Job.Overlay("private", overlay.toString(), "main")));
    try (Running farm = start(job)) {
      BuildRecord build = farm.ended(1);
      assertThat(build.state()).isEqualTo(BuildState.DONE);
      assertThat(build.overlays())
          .extracting(each -> each.head())
          .containsExactly(new OverlayHead("private", first));
      assertThat(farm.of(build, TOOL).built().orElseThrow().name()).hasToString("tool-2.0");
      assertThat(farm.state(build, NOTES)).isEqualTo(PackageState.BUILT);
      assertThat(farm.state(build, OTHER)).isEqualTo(PackageState.BUILT);
      Provenance made = Snapshot.read(
              farm.publisher().directory(farm.published().orElseThrow()))
          .provenance();
      assertThat(made.commit()).hasValue(base.hex());
      assertThat(made.overlays()).containsExactly(new Provenance.Overlay("private", first.hex()));

      port(overlay, TOOL, "2.1");
      CommitId second = commit(overlay, "misc/tool: update to 2.1");
      farm.look();
      BuildRecord next = farm.ended(2);
      assertThat(next.commit().id()).isEqualTo(base);
      assertThat(next.overlays().get(0).commit().id()).isEqualTo(second);
      assertThat(next.overlays().get(0).commit().subject()).isEqualTo("misc/tool: update to 2.1");
      assertThat(next.overlays().get(0).commit().changedPaths())
          .containsExactly("misc/tool/Makefile");
      assertThat(farm.of(next, TOOL).reason()).isEqualTo("version 2.0 → 2.1 in overlay private");
      assertThat(farm.state(next, TOOL)).isEqualTo(PackageState.BUILT);
      assertThat(farm.state(next, USER)).isEqualTo(PackageState.BUILT);
      assertThat(farm.state(next, OTHER)).isEqualTo(PackageState.REUSED);
      assertThat(farm.state(next, NOTES)).isEqualTo(PackageState.REUSED);

      Files.writeString(overlay.resolve("local/notes/pkg-descr"), "Other words.\n");
      commit(overlay, "local/notes: other words");
      farm.look();
      assertThat(farm.of(farm.ended(3), NOTES).reason())
          .isEqualTo("files of overlays/private/local/notes changed");
    }
    assertThat(folder.resolve("home/overlays/test")).isEmptyDirectory();
  }

  @Test
  void goesOnWithTheCommitsThatABuildWasBegunWith() throws Exception {
    Path fork = fork();
    port(fork, TOOL, "1.0");
    commit(fork, "Fork");
    Path overlay = folder.resolve("private");
    port(overlay, TOOL, "2.0");
    CommitId first = begin(overlay);
    Job.Overlay lies = new Job.Overlay("private", overlay.toString(), "main");
    Job job = job(fork, List.of(lies), TOOL);
    try (Running farm = start(job)) {
      farm.await(() -> !farm.store.builds(Optional.empty(), 1).isEmpty());
    }
    port(overlay, TOOL, "3.0");
    CommitId second = commit(overlay, "misc/tool: update to 3.0");
    try (Running farm = start(job)) {
      BuildRecord build = farm.ended(1);
      assertThat(build.overlays().get(0).commit().id()).isEqualTo(first);
      assertThat(farm.of(build, TOOL).built().orElseThrow().name()).hasToString("tool-2.0");
      BuildRecord next = farm.ended(2);
      assertThat(next.overlays().get(0).commit().id()).isEqualTo(second);
      assertThat(farm.of(next, TOOL).built().orElseThrow().name()).hasToString("tool-3.0");
    }
    // Without the overlay the fork's own port counts again, and that is news.
    try (Running farm = start(job(fork, List.of(), TOOL))) {
      BuildRecord last = farm.ended(3);
      assertThat(last.overlays()).isEmpty();
      assertThat(farm.of(last, TOOL).built().orElseThrow().name()).hasToString("tool-1.0");
    }
  }

  @Test
  void fetchesForAPortOfAnOverlayWhileTheFarmsFolderIsLookedThrough() throws Exception {
    Path fork = fork();
    commit(fork, "Fork");
    byte[] data = "forty-two\n".getBytes(StandardCharsets.UTF_8);
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch looked = new CountDownLatch(1);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      asked.countDown();
      await(looked);
      exchange.sendResponseHeaders(200, data.length);
      exchange.getResponseBody().write(data);
      exchange.close();
    });
    server.start();
    Path overlay = folder.resolve("private");
    port(
        overlay,
        NOTES,
        "1.0",
        "MASTER_SITES=\thttp://127.0.0.1:" + server.getAddress().getPort() + "/",
        "DISTFILES=\tdata.txt");
    Files.writeString(
        overlay.resolve("local/notes/distinfo"),
        "TIMESTAMP = 1600000000\nSHA256 (data.txt) = " + Digest.of(data) + "\nSIZE (data.txt) = "
            + data.length + "\n");
    begin(overlay);
    Job.Overlay lies = new Job.Overlay("private", overlay.toString(), "main");
    Job job = job(fork, List.of(lies), NOTES);
    try (Running farm = start(job)) {
      await(asked);
      // A year ahead, in the middle of the fetch: nothing goes that this build has under its feet.
      InstantSource later = InstantSource.fixed(Instant.now().plus(Duration.ofDays(366)));
      LogStore logs = new LogStore(farm.home.logs());
      new Upkeep(farm.home, List.of(job), farm.store, logs, Keep.USUAL, later).sweep();
      looked.countDown();
      BuildRecord build = farm.ended(1);
      assertThat(farm.of(build, NOTES).message()).isEmpty();
      assertThat(farm.state(build, NOTES)).isEqualTo(PackageState.BUILT);
      assertThat(farm.home.distfiles().resolve("data.txt")).hasBinaryContent(data);
      assertThat(logs.read(build.id(), NOTES)).isPresent();
      new Upkeep(farm.home, List.of(job), farm.store, logs, Keep.USUAL, later).sweep();
      assertThat(farm.home.distfiles().resolve("data.txt")).doesNotExist();
    } finally {
      looked.countDown();
      server.stop(0);
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The sample fork's framework, without its ports. */
  private Path fork() throws IOException {
    Path fork = folder.resolve("fork");
    for (String part : List.of("Mk", "Templates", "GIDs", "UIDs")) {
      try (Stream<Path> files = Files.walk(SAMPLE.resolve(part))) {
        for (Path file : files.filter(Files::isRegularFile).toList()) {
          Path copy = fork.resolve(SAMPLE.relativize(file).toString());
          Files.createDirectories(copy.getParent());
          Files.copy(file, copy);
        }
      }
    }
    WorkingTree.create(fork, "main").close();
    return fork;
  }

  /** A port that installs one file, which says its version. */
  private static void port(Path tree, OriginSpec spec, String version, String... lines)
      throws IOException {
    String name = spec.origin().name();
    Path port = Files.createDirectories(tree.resolve(spec.origin().toString()));
    Files.writeString(port.resolve("pkg-descr"), "A port for tests.\n");
    Files.writeString(
        port.resolve("Makefile"),
        "PORTNAME=\t" + name + "\nPORTVERSION=\t" + version + "\nCATEGORIES=\t"
            + spec.origin().category()
            + "\nMAINTAINER=\tada@example.org\nCOMMENT=\tA port for tests\nDISTFILES=\n"
            + "LICENSE=\tISCL\nNO_ARCH=\tyes\nNO_BUILD=\tyes\nPLIST_FILES=\tshare/" + name + "\n"
            + String.join("\n", lines)
            + "\n\ndo-extract:\n\t@${MKDIR} ${WRKSRC}\n\ndo-install:\n"
            + "\t@${MKDIR} ${STAGEDIR}${PREFIX}/share\n"
            + "\techo ${PORTVERSION} >${STAGEDIR}${PREFIX}/share/" + name
            + "\n\n.include <bsd.port.mk>\n");
  }

  private static CommitId begin(Path tree) throws IOException {
    WorkingTree.create(tree, "main").close();
    return commit(tree, "Overlay");
  }

  private static CommitId commit(Path tree, String message) throws IOException {
    try (WorkingTree git = WorkingTree.open(tree)) {
      return git.commitAll(
          "A Person", "person@example.org", message, Instant.parse("2026-01-05T09:00:00Z"));
    }
  }

  private static Job job(Path fork, List<Job.Overlay> overlays, OriginSpec... ports)
      throws IOException {
    Duration minutes = Duration.ofMinutes(5);
    List<OriginSpec> wanted = ports.length == 0 ? List.of(USER, OTHER, NOTES) : List.of(ports);
    return new Job(
        new JobName("test"),
        new Job.Tree(fork.toString(), "main", overlays),
        new Target(HostAbi.detect(Path.of("/bin/sh")), new Base.Host(), "host"),
        wanted.stream().map(OriginSpec::toString).toList(),
        Job.Settings.NONE,
        new Job.Trigger(Duration.ofHours(1), Optional.empty()),
        new Job.Build(
            2, minutes, minutes, 0, 1 << 20, Optional.empty(), true, Job.Room.USUAL, fetching()),
        new Job.Publish(new ChannelName("dev"), "farm", 5, List.of(), 0));
  }

  /** Distfiles are on this host. */
  private static Job.Manner fetching() {
    Job.Manner usual = Job.Manner.USUAL;
    return new Job.Manner(
        usual.tested(),
        usual.timeouts(),
        usual.retries(),
        usual.ccache(),
        usual.keepWork(),
        FetchNetwork.HOST);
  }

  private Running start(Job job) throws IOException {
    Path home = folder.resolve("home");
    return new Running(home, job, DatabaseSettings.embedded(home.resolve("db")));
  }
}
