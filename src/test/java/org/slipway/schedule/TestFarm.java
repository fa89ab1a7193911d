package org.slipway.schedule;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
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
import java.util.Optional;
import java.util.concurrent.Callable;
import org.awaitility.Awaitility;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.Jails;
import org.slipway.packages.HostAbi;
import org.slipway.packages.OriginSpec;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Publisher;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.FarmStore;
import org.slipway.store.JobName;
import org.slipway.store.LogStore;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageStore;
import org.slipway.tree.WorkingTree;

/** A farm with one job on a fork of the sample tree, with real parts all through. */
final class TestFarm implements AutoCloseable {
  private static final Path SAMPLE = Path.of(System.getProperty("slipway.dir"), "src/demo/ports");
  private static final Duration MINUTES = Duration.ofMinutes(5);

  final FarmStore store;
  final Farm farm;
  final Jails jails;
  private final Home home;
  private final Job job;
  private final LogStore logs;

  TestFarm(Path folder, Job job, InstantSource clock) throws IOException {
    this.job = job;
    home = Home.open(folder);
    store = FarmStore.open(DatabaseSettings.embedded(home.database()), clock);
    logs = new LogStore(home.logs());
    jails = Jails.open(home.jails(), true);
    farm = Farm.open(new Farm.Parts(
        home, List.of(job), jails, store, new PackageStore(home.packages()), logs, clock));
  }

  TestFarm started() throws IOException {
    farm.start();
    return this;
  }

  static Path fork(Path folder) throws IOException {
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
    return fork;
  }

  static void commit(Path fork, String message) throws IOException {
    try (WorkingTree tree = WorkingTree.open(fork)) {
      tree.commitAll(
          "A Person", "person@example.org", message, Instant.parse("2026-01-05T09:00:00Z"));
    }
  }

  /** Lines of a port's Makefile, before the framework. */
  static void add(Path fork, String origin, String lines) throws IOException {
    Path makefile = fork.resolve(origin).resolve("Makefile");
    Files.writeString(
        makefile,
        Files.readString(makefile)
            .replace(".include <bsd.port.mk>", lines + "\n.include <bsd.port.mk>"));
  }

  static Job job(Path fork, List<String> ports, int slots, Retries retries, Optional<URI> mirror)
      throws IOException {
    return job(fork, ports, slots, Job.Room.USUAL, retries, mirror);
  }

  static Job job(
      Path fork,
      List<String> ports,
      int slots,
      Job.Room room,
      Retries retries,
      Optional<URI> mirror)
      throws IOException {
    Job.Manner usual = Job.Manner.USUAL;
    return new Job(
        new JobName("test"),
        new Job.Tree(fork.toString(), "main"),
        new Target(HostAbi.detect(Path.of("/bin/sh")), new Base.Host(), "host"),
        ports,
        Job.Settings.NONE,
        new Job.Trigger(Duration.ofHours(1), Optional.empty()),
        new Job.Build(
            slots,
            MINUTES,
            MINUTES,
            0,
            1 << 20,
            mirror,
            true,
            room,
            new Job.Manner(
                usual.tested(), usual.timeouts(), retries, usual.ccache(), usual.keepWork())),
        new Job.Publish(new ChannelName("dev"), "farm", 5, List.of(), 100));
  }

  Optional<BuildRecord> find(int number) {
    return store.build(new BuildId(number));
  }

  BuildRecord ended(int number) {
    until(() -> find(number).filter(each -> each.state().finished()).isPresent());
    return find(number).orElseThrow();
  }

  PackageRecord row(int build, OriginSpec spec) {
    return store.find(new BuildId(build), spec).orElseThrow();
  }

  Publisher publisher() {
    return Optional.ofNullable(farm.publishers().get(job.name())).orElseThrow();
  }

  String log(int build, OriginSpec spec) throws IOException {
    try (InputStream in = logs.read(new BuildId(build), spec).orElseThrow()) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  /** Far longer than anything here takes: CI's machine is slow and busy. */
  static void until(Callable<Boolean> condition) {
    Awaitility.await().atMost(Duration.ofMinutes(10)).until(condition);
  }

  @Override
  public void close() {
    farm.close();
    store.close();
    home.close();
  }
}
