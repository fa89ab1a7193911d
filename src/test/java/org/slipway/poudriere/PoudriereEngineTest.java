package org.slipway.poudriere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Sources;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.packages.SamplePackages;
import org.slipway.poudriere.PoudriereEngine.Look;
import org.slipway.poudriere.PoudriereEngine.Standing;
import org.slipway.tree.Checkout;
import org.slipway.tree.CommitId;
import org.slipway.tree.Fork;
import org.slipway.tree.PortsTree;

/** The engine alone, against a stand-in for poudriere, through a real shell. */
class PoudriereEngineTest {
  private static final BuildName BUILD = BuildName.of(7, Instant.parse("2026-01-05T09:00:00Z"));
  private static final PackageName TOOL = PackageName.parse("mktable-1.3");

  @TempDir
  Path folder;

  @Test
  void bringsACommitToTheHostAndStartsThereOnce() throws Exception {
    FakeHost host = new FakeHost(folder.resolve("host"));
    try (Fork fork = fork();
        PortsTree tree = tree(fork);
        PoudriereEngine engine = new PoudriereEngine(host.settings(true), "job")) {
      assertThat(engine.look(BUILD).standing()).isEqualTo(Standing.NONE);
      engine.start(BUILD, Sources.of(tree.checkout(tree.fetch())), order());
      engine.start(BUILD, Sources.of(tree.checkout(tree.fetch())), order());
      Look ended = until(engine, look -> look.standing() == Standing.ENDED);

      assertThat(ended.status()).hasValue(0);
      assertThat(ended.progress().done()).isTrue();
      assertThat(host.seen("commands").lines()).hasSize(1);
      assertThat(host.seen("seen/tree").lines())
          .containsExactly("./Makefile", "./devel/a b/it's !here", "./devel/mktable/Makefile");
      assertThat(host.seen("seen/make.conf"))
          .contains("WITH_DEBUG=yes", "devel_mktable_SET+= DOCS");
      assertThat(host.seen("seen/ports.list")).isEqualTo("devel/mktable");
      assertThat(host.seen("seen/boost")).isEqualTo("mktable");
      assertThat(host.seen("seen/basefs")).isEqualTo(host.here().toString());
      assertThat(host.seen("hosts").lines()).containsOnly("root@builder");
    }
  }

  @Test
  void sendsWhatLiesOverTheTreeAndNamesItInItsOrder() throws Exception {
    FakeHost host = new FakeHost(folder.resolve("host"));
    try (Fork fork = fork();
        PortsTree tree = tree(fork);
        Fork over = new Fork(folder.resolve("over.git"));
        PortsTree overlay = PortsTree.open(
            over.folder().toString(),
            "main",
            folder.resolve("trees/over.git"),
            folder.resolve("checkouts"));
        PoudriereEngine engine = new PoudriereEngine(host.settings(true), "job")) {
      over.file("local/notes/Makefile", "one\n").file("MOVED", "").commit("Overlay");
      Checkout lies = overlay.checkout(overlay.fetch());
      Sources sources = new Sources(
          tree.checkout(tree.fetch()),
          List.of(new Sources.Overlay("mine", lies), new Sources.Overlay("again", lies)));
      engine.start(BUILD, sources, order());
      until(engine, look -> look.standing() == Standing.ENDED);
      assertThat(host.seen("commands")).contains(" -p fork -O mine -O again ");
      assertThat(host.seen("seen/overlays").lines())
          .containsExactly(
              "mine ./MOVED",
              "mine ./local/notes/Makefile",
              "again ./MOVED",
              "again ./local/notes/Makefile");

      CommitId next = over.file("local/notes/Makefile", "two\n").commit("Two");
      BuildName later = BuildName.of(8, Instant.EPOCH);
      engine.start(
          later,
          new Sources(
              tree.checkout(tree.fetch()),
              List.of(new Sources.Overlay("mine", overlay.checkout(overlay.fetch())))),
          order());
      until(engine, later, look -> look.standing() == Standing.ENDED);
      assertThat(host.seen("farm/job/overlay.mine/local/notes/Makefile")).isEqualTo("two");
      assertThat(host.seen("farm/job/overlay.mine.commit")).isEqualTo(next.hex());
      assertThat(host.here().resolve("farm/job/etc/poudriere.d/ports/again")).doesNotExist();
    }
  }

  @Test
  void sendsOfALaterCommitOnlyWhatDiffers() throws Exception {
    FakeHost host = new FakeHost(folder.resolve("host"));
    try (Fork fork = fork();
        PortsTree tree = tree(fork);
        PoudriereEngine engine = new PoudriereEngine(host.settings(false), "job")) {
      engine.start(BUILD, Sources.of(tree.checkout(tree.fetch())), order());
      until(engine, look -> look.standing() == Standing.ENDED);
      Path there = host.here().resolve("farm/job/tree");
      Files.writeString(there.resolve("devel/untouched"), "the farm did not write this\n");

      fork.without("devel/mktable/Makefile").file("devel/mktable/Makefile/now", "a folder\n");
      fork.without("Makefile").link("link", "devel/mktable").commit("all else");
      BuildName next = BuildName.of(8, Instant.parse("2026-01-05T10:00:00Z"));
      engine.start(next, Sources.of(tree.checkout(tree.fetch())), order());

      assertThat(there.resolve("devel/untouched")).exists();
      assertThat(there.resolve("Makefile")).doesNotExist();
      assertThat(there.resolve("devel/mktable/Makefile/now")).hasContent("a folder\n");
      assertThat(Files.readSymbolicLink(there.resolve("link"))).isEqualTo(Path.of("devel/mktable"));
      until(engine, next, look -> look.standing() == Standing.ENDED);
    }
  }

  @Test
  void sendsTheWholeTreeWhereTheOldOneWasBroken() throws Exception {
    FakeHost host = new FakeHost(folder.resolve("host"));
    try (Fork fork = fork();
        PortsTree tree = tree(fork);
        PoudriereEngine engine = new PoudriereEngine(host.settings(false), "job")) {
      engine.start(BUILD, Sources.of(tree.checkout(tree.fetch())), order());
      until(engine, look -> look.standing() == Standing.ENDED);
      Path there = host.here().resolve("farm/job/tree");
      // A folder stands where a file of the next commit is to be.
      Files.createDirectories(there.resolve("devel/new/in the way"));

      CommitId next = fork.file("devel/new", "a file\n").commit("add one");
      engine.start(
          BuildName.of(8, Instant.EPOCH), Sources.of(tree.checkout(tree.fetch())), order());

      assertThat(there.resolve("devel/new")).hasContent("a file\n");
      assertThat(host.seen("farm/job/tree.commit")).isEqualTo(next.hex());
      until(engine, BuildName.of(8, Instant.EPOCH), look -> look.standing() == Standing.ENDED);
    }
  }

  @Test
  void fetchesArchivesAndLogsWhileTheBulkGoesOnAndAfterIt() throws Exception {
    FakeHost host = new FakeHost(folder.resolve("host"));
    BuiltPackage built = host.archive("devel/mktable", "mktable-1.3", SamplePackages.ABI, "one\n");
    host.scenario("built devel/mktable - mktable-1.3", "wait end");
    try (Fork fork = fork();
        PortsTree tree = tree(fork);
        PoudriereEngine engine = new PoudriereEngine(host.settings(true), "job")) {
      engine.start(BUILD, Sources.of(tree.checkout(tree.fetch())), order());
      until(
          engine,
          look -> !look.progress().settled().isEmpty()
              && look.progress().settled().stream()
                  .anyMatch(each -> each.kind() == Settled.Kind.BUILT));
      assertThat(fetched(engine)).isEqualTo(built.sum());
      List<String> logs = new ArrayList<>();
      engine.logs(
          BUILD,
          List.of(TOOL, PackageName.parse("other-1")),
          100_000,
          (name, in) ->
              logs.add(name + ": " + new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      assertThat(logs).anyMatch(each -> each.endsWith("hello from mktable-1.3\n"));
      logs.clear();
      engine.logs(
          BUILD,
          List.of(TOOL),
          5,
          (name, in) -> logs.add(new String(in.readAllBytes(), StandardCharsets.UTF_8)));
      assertThat(logs).containsExactly("=====");

      host.go("end");
      until(engine, look -> look.standing() == Standing.ENDED);
      assertThat(fetched(engine)).isEqualTo(built.sum());
      assertThat(engine.archives(BuildName.of(9, Instant.EPOCH), List.of(TOOL))).isEmpty();

      // With ATOMIC_PACKAGE_REPOSITORY=no there is one folder, and nothing is committed.
      Path packages = host.here().resolve("data/packages/14amd64-fork");
      Path real = packages.resolve(".latest").toRealPath();
      Files.delete(packages.resolve(".latest"));
      assertThat(engine.archives(BUILD, List.of(TOOL))).isEmpty();
      Files.move(real.resolve("All"), packages.resolve("All"));
      Files.move(real.resolve(".buildname"), packages.resolve(".buildname"));
      assertThat(fetched(engine)).isEqualTo(built.sum());
    }
  }

  private Digest fetched(PoudriereEngine engine) throws Exception {
    Map<PackageName, Archive> there = engine.archives(BUILD, List.of(TOOL)).orElseThrow();
    Path into = Files.createTempDirectory(folder, "into");
    Path file = Objects.requireNonNull(engine.fetch(BUILD, there.values(), into).get(TOOL));
    assertThat(Intake.read(
                file,
                Objects.requireNonNull(there.get(TOOL)).sum(),
                TOOL,
                Origin.parse("devel/mktable"),
                SamplePackages.ABI)
            .name())
        .isEqualTo(TOOL);
    return Digest.of(file);
  }

  @Test
  void followsNoLinkThatABuildLeftInPlaceOfItsPackage() throws Exception {
    FakeHost host = new FakeHost(folder.resolve("host"));
    host.archive("devel/mktable", "mktable-1.3", SamplePackages.ABI, "one\n");
    host.scenario("built devel/mktable - mktable-1.3", "wait end");
    try (Fork fork = fork();
        PortsTree tree = tree(fork);
        PoudriereEngine engine = new PoudriereEngine(host.settings(false), "job")) {
      engine.start(BUILD, Sources.of(tree.checkout(tree.fetch())), order());
      await().until(() -> host.at("end"));
      Path all = host.here().resolve("data/packages/14amd64-fork/.building/All");
      Path secret = Files.writeString(folder.resolve("secret"), "not to be published\n");
      Files.delete(all.resolve("mktable-1.3.pkg"));
      for (String target : List.of(secret.toString(), "../../../../../../secret", "Hashed/../x")) {
        Files.createSymbolicLink(all.resolve("mktable-1.3.pkg"), Path.of(target));
        assertThat(engine.archives(BUILD, List.of(TOOL)).orElseThrow()).isEmpty();
        Files.delete(all.resolve("mktable-1.3.pkg"));
      }
      // The one link that poudriere makes itself, with PKG_HASH.
      Files.createDirectories(all.resolve("Hashed"));
      Files.copy(
          host.here().resolve("archives/mktable-1.3.pkg"),
          all.resolve("Hashed/mktable-1.3~0a1b2c.pkg"));
      Files.createSymbolicLink(
          all.resolve("mktable-1.3.pkg"), Path.of("Hashed/mktable-1.3~0a1b2c.pkg"));
      fetched(engine);
      host.go("end");
      until(engine, look -> look.standing() == Standing.ENDED);
    }
  }

  @Test
  void stopsABulkAsAPersonAtItsTerminalDoes() throws Exception {
    FakeHost host = new FakeHost(folder.resolve("host"));
    host.scenario("wait forever");
    try (Fork fork = fork();
        PortsTree tree = tree(fork);
        PoudriereEngine engine = new PoudriereEngine(host.settings(true), "job")) {
      engine.cancel(BUILD, false);
      engine.start(BUILD, Sources.of(tree.checkout(tree.fetch())), order());
      await().until(() -> host.at("forever"));
      engine.cancel(BUILD, false);
      // Where the tests themselves run deaf to SIGINT, so does all that they start.
      Callable<Boolean> ended = () -> engine.look(BUILD).standing() == Standing.ENDED;
      if (deaf(host)) {
        engine.cancel(BUILD, true);
      }
      await().atMost(Duration.ofMinutes(1)).until(ended);

      Look look = engine.look(BUILD);
      assertThat(look.progress().status()).isIn("SIGINT:", "SIGTERM:");
      assertThat(look.status().orElseThrow()).isIn(130, 143);
      assertThat(look.progress().done()).isFalse();
      assertThat(engine.lastWords(BUILD)).contains("Signal caught, cleaning up");
    }
  }

  /** Whether signal 2 is among those that the bulk's process ignores; proc(5), SigIgn. */
  private static boolean deaf(FakeHost host) throws IOException {
    Path status =
        Path.of("/proc/" + host.seen("farm/job/runs/" + BUILD + "/pid").strip() + "/status");
    if (!Files.exists(status)) {
      return false;
    }
    try {
      return Files.readAllLines(status).stream()
          .filter(line -> line.startsWith("SigIgn:"))
          .anyMatch(
              line -> (Long.parseUnsignedLong(line.substring(8).strip(), 16) & (1L << 1)) != 0);
    } catch (IOException gone) {
      return false;
    }
  }

  @Test
  void saysWhenABulkIsGoneThatNeverEnded() throws Exception {
    FakeHost host = new FakeHost(folder.resolve("host"));
    host.scenario("vanish");
    try (Fork fork = fork();
        PortsTree tree = tree(fork);
        PoudriereEngine engine = new PoudriereEngine(host.settings(false), "job")) {
      engine.start(BUILD, Sources.of(tree.checkout(tree.fetch())), order());
      Look look = until(engine, each -> each.standing() != Standing.RUNNING);
      assertThat(look.standing()).isEqualTo(Standing.GONE);
    }
  }

  @Test
  void tellsWhatTheHostLacks() throws Exception {
    FakeHost host = new FakeHost(folder.resolve("host"));
    Files.delete(host.here().resolve("etc/poudriere.d/jails/14amd64"));
    try (Fork fork = fork();
        PortsTree tree = tree(fork);
        PoudriereEngine engine = new PoudriereEngine(host.settings(true), "job")) {
      assertThatThrownBy(
              () -> engine.start(BUILD, Sources.of(tree.checkout(tree.fetch())), order()))
          .isInstanceOf(PoudriereException.class)
          .hasMessage(
              "root@builder has no jail 14amd64; make it with poudriere jail -c -j 14amd64");
      Files.delete(host.here().resolve("bin/poudriere"));
      assertThatThrownBy(
              () -> engine.start(BUILD, Sources.of(tree.checkout(tree.fetch())), order()))
          .hasMessageStartingWith("root@builder has no program ");
      host.away(true);
      assertThatThrownBy(() -> engine.look(BUILD))
          .isInstanceOf(HostAwayException.class)
          .hasMessageContaining("root@builder cannot be reached", "Connection refused");
    }
  }

  private Look until(PoudriereEngine engine, Predicate<Look> wanted) {
    return until(engine, BUILD, wanted);
  }

  private static Look until(PoudriereEngine engine, BuildName build, Predicate<Look> wanted) {
    return await().atMost(Duration.ofMinutes(1)).until(() -> engine.look(build), wanted);
  }

  private Fork fork() throws IOException {
    Fork fork = new Fork(folder.resolve("fork.git"));
    fork.file("Makefile", "# the top\n")
        .file("devel/mktable/Makefile", "PORTNAME=\tmktable\n")
        .file("devel/a b/it's !here", "an odd name\n")
        .commit("first");
    return fork;
  }

  private PortsTree tree(Fork fork) throws IOException {
    return PortsTree.open(
        fork.folder().toString(), "main", folder.resolve("mirror.git"), folder.resolve("trees"));
  }

  private static Order order() {
    EvaluationRequest request = new EvaluationRequest(
        new Target(SamplePackages.ABI, new Base.Host(), "host"),
        List.of("devel/mktable"),
        Map.of(Origin.parse("devel/mktable"), Map.of("DOCS", true)),
        "WITH_DEBUG=yes");
    return new Order(
        request,
        List.of(OriginSpec.parse("devel/mktable")),
        List.of(new Order.Weight(TOOL, Duration.ofSeconds(9))));
  }
}
