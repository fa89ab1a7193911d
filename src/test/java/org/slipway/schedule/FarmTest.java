package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.ZstdInputStream;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.HostAbi;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Note;
import org.slipway.publish.Publisher;
import org.slipway.repository.Layout;
import org.slipway.repository.Provenance;
import org.slipway.repository.Snapshot;
import org.slipway.sign.KeyMaker;
import org.slipway.sign.KeySource;
import org.slipway.sign.KeyType;
import org.slipway.sign.Passphrase;
import org.slipway.sign.Signing;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.JobName;
import org.slipway.store.PackageState;
import org.slipway.tree.WorkingTree;

/** The farm without its command line: real git, bmake, jails, database and signatures on a few ports of the sample fork. */
class FarmTest {
  private static final Path SAMPLE = Path.of(System.getProperty("slipway.dir"), "src/demo/ports");
  private static final OriginSpec TOOL = OriginSpec.parse("devel/mktable");
  private static final OriginSpec LIBRARY = OriginSpec.parse("devel/libmarl");
  private static final OriginSpec BROKEN = OriginSpec.parse("devel/libgrike");

  @TempDir
  Path folder;

  @Test
  void buildsOnlyWhatACommitTouchesAndKeepsTheRest() throws Exception {
    Path fork = fork();
    try (Running farm = start(job(fork, List.of("devel/mktable", "devel/libmarl"), List.of(), 0))) {
      BuildRecord first = farm.ended(1);
      assertThat(first.state()).isEqualTo(BuildState.DONE);
      assertThat(farm.state(first, TOOL)).isEqualTo(PackageState.BUILT);

      Path descr = fork.resolve("devel/mktable/pkg-descr");
      Files.writeString(descr, Files.readString(descr) + "\nIt also has a second paragraph.\n");
      commit(fork, "devel/mktable: say more");
      farm.look();
      BuildRecord second = farm.ended(2);
      assertThat(second.commit().changedPaths()).containsExactly("devel/mktable/pkg-descr");
      assertThat(farm.state(second, TOOL)).isEqualTo(PackageState.BUILT);
      assertThat(farm.state(second, LIBRARY)).isEqualTo(PackageState.REUSED);
      assertThat(farm.of(second, TOOL).reason()).contains("devel/mktable");
      assertThat(second.snapshot()).isPresent().isNotEqualTo(first.snapshot());
      assertThat(farm.published()).isEqualTo(second.snapshot());
    }
  }

  @Test
  void publishesNothingWithoutARequiredPort() throws Exception {
    Job job = job(
        fork(),
        List.of("devel/mktable", "devel/libgrike"),
        List.of(Origin.parse("devel/libgrike")),
        100);
    try (Running farm = start(job)) {
      BuildRecord build = farm.ended(1);
      assertThat(build.state()).isEqualTo(BuildState.FAILED);
      assertThat(build.problem()).hasValue("not published: devel/libgrike is required and missing");
      assertThat(farm.state(build, BROKEN)).isEqualTo(PackageState.FAILED);
      assertThat(farm.published()).isEmpty();
    }
  }

  @Test
  void publishesNothingWhenTooManyFail() throws Exception {
    Job job = job(fork(), List.of("devel/mktable", "devel/libgrike"), List.of(), 10);
    try (Running farm = start(job)) {
      BuildRecord build = farm.ended(1);
      assertThat(build.problem().orElseThrow()).startsWith("not published: 1 of 3 packages failed");
      assertThat(farm.published()).isEmpty();
    }
  }

  @Test
  void publishesAsTheJobSaysAndNotWhileTheChannelIsHeld() throws Exception {
    Path fork = fork();
    KeyMaker.Made key =
        KeyMaker.make(folder.resolve("keys"), "own", KeyType.ECDSA, 0, Passphrase.none());
    Job.Sign sign = new Job.Sign(
        Signing.Form.PUBKEY,
        List.of(new Job.Key("own", new KeySource.KeyFile(key.pem(), Passphrase.none()))));
    Path group = Files.createDirectories(fork.resolve("Mk/groups")).resolve("desk.ucl");
    Files.writeString(group, "name: desk\ncomment: A desk\ndepends: [ mktable ]\n");
    commit(fork, "Mk/groups: what belongs on a desk");
    List<String> ports = List.of("devel/mktable", "private/northfell-config");
    Job job = publishing(job(fork, ports, List.of(), 0), sign, Set.of(), Optional.of("Mk/groups"));
    try (Running farm = start(job)) {
      BuildRecord first = farm.ended(1);
      Publisher publisher = farm.publisher();
      Path root = publisher.directory(farm.published().orElseThrow());
      assertThat(root.resolve("All/Hashed")).isDirectory();
      assertThat(root.resolve("files.pkg")).isRegularFile();
      Provenance made = Snapshot.read(root).provenance();
      assertThat(made.commit()).hasValue(first.commit().id().hex());
      assertThat(made.build()).hasValue(first.id().number());
      assertThat(made.builders()).containsKeys("base", "bmake", "jail", "java", "slipway");
      assertThat(made.builders().get("bmake")).matches("[0-9]{8}.*");
      assertThat(made.builders().get("base")).isEqualTo("host");
      assertThat(data(root))
          .startsWith("{\"groups\":[{\"name\":\"desk\",\"comment\":\"A desk\","
              + "\"requires\":[],\"depends\":[\"mktable\"]}],\"expired_packages\":[],");
      assertThat(publisher.history(job.publish().channel()).get(0).source())
          .hasToString("publish of build " + first.id());

      publisher.hold(job.publish().channel(), new Note("ada", "before the fair"));
      Path descr = fork.resolve("devel/mktable/pkg-descr");
      Files.writeString(descr, Files.readString(descr) + "\nMore.\n");
      remove(fork, "private/northfell-config", "2026-01-05|The office has closed");
      commit(fork, "devel/mktable: say more");
      farm.look();
      BuildRecord second = farm.ended(2);
      assertThat(second.state()).isEqualTo(BuildState.DONE);
      assertThat(second.problem().orElseThrow()).contains("held by ada", "before the fair");
      assertThat(farm.published()).isEqualTo(first.snapshot());
      assertThat(data(publisher.directory(second.snapshot().orElseThrow())))
          .contains("\"expired_packages\":[{\"name\":\"northfell-config\","
              + "\"reason\":\"was removed on 2026-01-05: The office has closed\"}],");

      Files.writeString(group, "name: desk\n");
      commit(fork, "Mk/groups: say less");
      farm.look();
      BuildRecord third = farm.ended(3);
      assertThat(third.state()).isEqualTo(BuildState.FAILED);
      assertThat(third.problem())
          .hasValue(
              "a package group is not as clients take it: Mk/groups/desk.ucl says no comment");
    }
  }

  /** The catalogue's text. */
  private static String data(Path root) throws IOException {
    try (TarArchiveInputStream tar = new TarArchiveInputStream(
        new ZstdInputStream(Files.newInputStream(root.resolve("data.pkg"))))) {
      while (!tar.getNextEntry().getName().equals("data")) {
        // What signs it comes first.
      }
      return new String(tar.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static void remove(Path fork, String origin, String moved) throws IOException {
    try (Stream<Path> walk = Files.walk(fork.resolve(origin))) {
      for (Path each : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
    Files.writeString(
        fork.resolve("MOVED"),
        Files.readString(fork.resolve("MOVED")) + origin + "||" + moved + "\n");
  }

  @Test
  void publishesNoBinaryOfAnotherMachineUnlessTheJobAllowsIt() throws Exception {
    Path fork = fork();
    Path makefile = fork.resolve("devel/mktable/Makefile");
    // The head of an ELF file for SPARC.
    Files.writeString(
        makefile,
        Files.readString(makefile)
            .replace("share/man/man1/mktable.1.gz", "share/man/man1/mktable.1.gz share/rom.elf")
            .replace(
                ".include",
                "post-install:\n\t@printf '\\177ELF\\001\\002\\001\\000\\000\\000\\000\\000\\000\\000\\000\\000"
                    + "\\000\\002\\000\\002\\000\\000\\000\\001%036d' 0 |"
                    + " tr 0 '\\000' >${STAGEDIR}${PREFIX}/share/rom.elf\n\n.include"));
    commit(fork, "devel/mktable: ship a ROM");
    Job job = job(fork, List.of("devel/mktable"), List.of(), 0);
    try (Running farm = start(job)) {
      BuildRecord build = farm.ended(1);
      assertThat(build.problem().orElseThrow())
          .startsWith("not published: in mktable-1.3 /usr/local/share/rom.elf is for ")
          .endsWith("add publish: { foreign: [ devel/mktable ] } to the job");
      assertThat(farm.published()).isEmpty();
    }
    Set<Origin> allowed = Set.of(Origin.parse("devel/mktable"));
    try (Running farm = start(publishing(job, Job.Sign.with("farm"), allowed, Optional.empty()))) {
      Path descr = fork.resolve("devel/libmarl/pkg-descr");
      Files.writeString(descr, Files.readString(descr) + "\nMore.\n");
      commit(fork, "devel/libmarl: say more");
      farm.look();
      BuildRecord build = farm.ended(2);
      // From the database: what was found when it was built is known when it is reused.
      assertThat(farm.of(build, TOOL).built().orElseThrow().foreign()).hasSize(1);
      assertThat(farm.published()).isEqualTo(build.snapshot()).isPresent();
    }
  }

  private static Job publishing(
      Job job, Job.Sign sign, Set<Origin> foreign, Optional<String> groups) {
    Job.Publish publish = job.publish();
    return new Job(
        job.name(),
        job.tree(),
        job.target(),
        job.ports(),
        job.settings(),
        job.trigger(),
        job.build(),
        new Job.Publish(
            publish.channel(),
            sign,
            publish.retention(),
            Layout.HASHED,
            true,
            publish.require(),
            publish.maxFailedPercent(),
            foreign,
            groups));
  }

  @Test
  void worksOnPostgresToo() throws Exception {
    Job job = job(fork(), List.of("devel/mktable"), List.of(), 0);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start();
        Running farm = new Running(
            folder.resolve("home"),
            job,
            new DatabaseSettings(
                postgres.getJdbcUrl("postgres", "postgres"), "postgres", "postgres"))) {
      BuildRecord build = farm.ended(1);
      assertThat(build.state()).isEqualTo(BuildState.DONE);
      assertThat(farm.published()).isEqualTo(build.snapshot());
    }
  }

  @Test
  void takesUpABuildThatAnEarlierFarmLeftUnfinished() throws Exception {
    Job job = job(fork(), List.of("devel/mktable"), List.of(), 0);
    try (Running farm = start(job)) {
      farm.await(() -> !farm.store.builds(Optional.empty(), 1).isEmpty());
    }
    try (Running farm = start(job)) {
      BuildRecord build = farm.ended(1);
      assertThat(build.state()).isEqualTo(BuildState.DONE);
      assertThat(farm.store.builds(Optional.empty(), 10)).hasSize(1);
    }
  }

  private Path fork() throws IOException {
    Path fork = folder.resolve("fork");
    Files.walkFileTree(SAMPLE, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Path target = fork.resolve(SAMPLE.relativize(file).toString());
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
        return FileVisitResult.CONTINUE;
      }
    });
    WorkingTree.create(fork, "main").close();
    commit(fork, "Fork");
    return fork;
  }

  private static void commit(Path fork, String message) throws IOException {
    try (WorkingTree tree = WorkingTree.open(fork)) {
      tree.commitAll(
          "A Person", "person@example.org", message, Instant.parse("2026-01-05T09:00:00Z"));
    }
  }

  private Job job(Path fork, List<String> ports, List<Origin> require, int maxFailedPercent)
      throws IOException {
    Duration minutes = Duration.ofMinutes(5);
    return new Job(
        new JobName("test"),
        new Job.Tree(fork.toString(), "main"),
        new Target(HostAbi.detect(Path.of("/bin/sh")), new Base.Host(), "host"),
        ports,
        Job.Settings.NONE,
        new Job.Trigger(Duration.ofHours(1), Optional.empty()),
        new Job.Build(2, minutes, minutes, 0, 1 << 20, Optional.empty(), true),
        new Job.Publish(new ChannelName("dev"), "farm", 5, require, maxFailedPercent));
  }

  private Running start(Job job) throws IOException {
    Path home = folder.resolve("home");
    return new Running(home, job, DatabaseSettings.embedded(home.resolve("db")));
  }
}
