package org.slipway.publish;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slipway.repository.Layout;
import org.slipway.repository.RepositoryWriter;
import org.slipway.repository.SnapshotId;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;
import org.slipway.store.PackageStore;

/** A Java process of its own that moves a job's channels without pause, until it is killed. */
final class ChannelProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader lines;

  private ChannelProcess(Process process) {
    this.process = process;
    this.lines =
        new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
  }

  static ChannelProcess start(Path job, String what) throws IOException {
    String classes =
        System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
    return new ChannelProcess(new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-XX:+UseSerialGC",
            "-Xshare:auto",
            "-cp",
            classes,
            ChannelProcess.class.getName(),
            job.toString(),
            what)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start());
  }

  boolean gone(long millis) throws InterruptedException {
    return process.waitFor(millis, TimeUnit.MILLISECONDS);
  }

  /** The next line, null once the process is gone. */
  @Nullable
  String line() throws IOException {
    return lines.readLine();
  }

  /** As the system does when memory is out; gives what it had said before it was gone. */
  List<String> kill() throws IOException, InterruptedException {
    // Through its handle: the process's own method also drops what was not yet read.
    process.toHandle().destroyForcibly();
    List<String> rest = new ArrayList<>();
    for (String line = line(); line != null; line = line()) {
      rest.add(line);
    }
    process.waitFor();
    return rest;
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() throws IOException {
    process.destroyForcibly();
    lines.close();
  }

  /** Takes the lock and keeps it, moves without pause, or does all that a farm does. */
  public static void main(String[] arguments) throws Exception {
    Path job = Path.of(arguments[0]);
    if (arguments[1].equals("keeps")) {
      MoveLock lock = MoveLock.take(job.resolve("moves.lock"), Duration.ofSeconds(60), "it");
      say("has it");
      // Until the kill; the bound is for a test that was killed itself.
      TimeUnit.MINUTES.sleep(5);
      lock.close();
    } else if (arguments[1].equals("moves")) {
      move(job);
    } else {
      farm(job);
    }
  }

  /** Builds, publishes, promotes, holds, rolls back, prunes and collects, one after the other. */
  private static void farm(Path home) throws IOException {
    PackageStore store = new PackageStore(home.resolve("packages"));
    Signing signing = Signing.fingerprints(List.of(Signer.open(home.resolve("keys"), "farm")));
    SampleSnapshots snapshots = new SampleSnapshots(home, "job", store, signing, Layout.HASHED);
    Publisher publisher = new Publisher(snapshots.repository(), InstantSource.system());
    ChannelName dev = new ChannelName("dev");
    ChannelName prod = new ChannelName("prod");
    Note note = new Note("farm", "because");
    Random random = new Random();
    SampleSnapshots flat = new SampleSnapshots(home, "job", store, signing, Layout.FLAT);
    RepositoryWriter.sweep(snapshots.repository().resolve("snapshots"));
    publisher.sweep();
    say("open");
    for (long build = 1; !System.out.checkError(); build++) {
      String[] packages = new String[2 + random.nextInt(4)];
      for (int i = 0; i < packages.length; i++) {
        // Versions and builds of a version that come again and again, so that archives do too.
        packages[i] = "p" + i + " 1." + random.nextInt(3) + " build " + random.nextInt(3);
      }
      // Mostly hashed, as by default.
      SnapshotId id =
          (random.nextInt(4) == 0 ? flat : snapshots).write(packages).id();
      say("written " + id);
      said(publisher.publish(dev, id, OptionalLong.of(build), note));
      if (random.nextBoolean()) {
        said(publisher.promote(dev, prod, note));
      }
      if (random.nextInt(3) == 0 && publisher.before(prod).isPresent()) {
        said(publisher.rollback(prod, Optional.empty(), note));
      }
      if (random.nextInt(5) == 0) {
        if (publisher.held(dev).isPresent()) {
          publisher.release(dev, note);
        } else {
          publisher.hold(dev, note);
        }
      }
      publisher.prune(new Retention(2, Duration.ZERO, Duration.ZERO));
      store.collect(publisher::using, sums -> Set.of(), Duration.ZERO);
      say("pruned");
    }
  }

  private static void said(MoveResult result) {
    if (result instanceof MoveResult.Moved moved) {
      Publication move = moved.publication();
      say("moved " + move.channel() + " " + move.snapshot() + " " + move.at());
    }
  }

  private static void move(Path job) throws IOException {
    Publisher publisher = new Publisher(job, InstantSource.system());
    List<SnapshotId> ids = publisher.snapshots();
    ChannelName dev = new ChannelName("dev");
    Note note = new Note("another process", "");
    Random random = new Random();
    say("open");
    while (!System.out.checkError()) {
      if (random.nextInt(4) == 0) {
        try {
          publisher.rollback(dev, Optional.empty(), note);
        } catch (ChannelException e) {
          // It was at the first.
        }
      } else {
        publisher.publish(dev, ids.get(random.nextInt(ids.size())), OptionalLong.empty(), note);
      }
      say("moved");
    }
  }

  /** One write a line, so that a line is said whole or not at all. */
  private static void say(String line) {
    byte[] bytes = (line + "\n").getBytes(StandardCharsets.UTF_8);
    System.out.write(bytes, 0, bytes.length);
    System.out.flush();
  }
}
