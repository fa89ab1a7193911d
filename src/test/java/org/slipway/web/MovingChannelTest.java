package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Containment;
import org.slipway.publish.ChannelName;
import org.slipway.publish.MoveResult;
import org.slipway.publish.Note;
import org.slipway.publish.Publisher;
import org.slipway.publish.Retention;
import org.slipway.publish.SampleSnapshots;
import org.slipway.repository.Layout;
import org.slipway.repository.Snapshot;
import org.slipway.repository.SnapshotId;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;
import org.slipway.store.PackageStore;

/** Clients that fetch from two channels without pause while these move a thousand times. */
final class MovingChannelTest {
  private static final int MOVES = Integer.getInteger("slipway.publish.moves", 1_000);
  private static final int READERS = 8;
  private static final Note NOTE = new Note("kim", "");
  private static final ChannelName PROD = new ChannelName("prod");

  private static final Path MEMORY = Path.of("/dev/shm");

  @TempDir
  Path folder;

  private Path home;

  private final AtomicBoolean done = new AtomicBoolean();
  private final Random random = new Random(1);
  private Signer signer;
  private SampleSnapshots snapshots;
  private int written;

  /** In memory where there is such a folder: on a disk the channels mostly wait for it. */
  @BeforeEach
  void makeHome() throws IOException {
    home = Files.isWritable(MEMORY) ? Files.createTempDirectory(MEMORY, "slipway") : folder;
    SampleSnapshots.shortKey(home.resolve("keys"));
    signer = Signer.open(home.resolve("keys"), "farm");
    snapshots = new SampleSnapshots(
        home,
        SampleSite.JOB.name(),
        new PackageStore(home.resolve("packages")),
        Signing.fingerprints(List.of(signer)),
        Layout.HASHED);
  }

  @AfterEach
  void removeHome() throws IOException {
    if (!home.equals(folder)) {
      try (Stream<Path> all = Files.walk(home)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  @Test
  void givesEveryClientOneWholeRepositoryWhateverMoves() throws Exception {
    try (SampleSite sample = SampleSite.open(home.resolve("sample"))) {
      Publisher farm = new Publisher(snapshots.repository(), Instant::now);
      // As a command in another process would: it shares nothing with the farm's but the folder.
      Publisher command = new Publisher(snapshots.repository(), Instant::now);
      farm.switchTo(SampleSite.DEV, write());
      farm.promote(SampleSite.DEV, PROD, NOTE);
      Site site = sample.site(Containment.RUNC);
      Site moving = new Site(
          site.jobs(),
          site.containment(),
          Map.of(SampleSite.JOB, farm),
          site.store(),
          site.logs(),
          site.keys(),
          site.templates(),
          site.assets(),
          site.address(),
          site.clock());
      try (StatusServer server = StatusServer.start(moving, Listening.plain("127.0.0.1", 0))) {
        run(farm, command, server.address(), signer.fingerprint().hex());
      }
    }
  }

  private void run(Publisher farm, Publisher command, URI server, String fingerprint)
      throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(READERS);
    List<Future<ChannelClient>> readers = new ArrayList<>();
    try {
      for (int i = 0; i < READERS; i++) {
        ChannelName channel = i % 2 == 0 ? SampleSite.DEV : PROD;
        URI address = server.resolve("/repo/" + SampleSite.JOB + "/" + channel + "/");
        ChannelClient client = new ChannelClient(address, fingerprint, i);
        readers.add(threads.submit(() -> {
          while (!done.get()) {
            client.update();
            client.fetchSome();
          }
          // Whatever it has seen before: it learns of the last move, too.
          client.update();
          return client;
        }));
      }
      for (int moves = 0; moves < MOVES; ) {
        moves += move(random.nextInt(3) == 0 ? command : farm) ? 1 : 0;
        assertThat(readers).noneMatch(each -> each.isDone());
      }
      done.set(true);
      for (int i = 0; i < READERS; i++) {
        ChannelClient client = readers.get(i).get();
        ChannelName channel = i % 2 == 0 ? SampleSite.DEV : PROD;
        SnapshotId last = farm.current(channel).orElseThrow().snapshot();
        assertThat(client.catalogue())
            .isEqualTo(Snapshot.read(farm.directory(last)).catalogue().hex());
        assertThat(client.catalogues()).as("it saw the channel move").isGreaterThan(10);
        assertThat(client.packages()).isGreaterThan(10);
      }
    } catch (AssertionError e) {
      done.set(true);
      for (Future<ChannelClient> reader : readers) {
        // The reader's own complaint says more.
        if (reader.isDone()) {
          reader.get();
        }
      }
      throw e;
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  private boolean move(Publisher publisher) throws Exception {
    ChannelName one = random.nextBoolean() ? SampleSite.DEV : PROD;
    return switch (random.nextInt(8)) {
      case 0, 1 -> moved(publisher.promote(SampleSite.DEV, PROD, NOTE));
      case 2, 3 ->
        publisher.before(one).isPresent() && moved(publisher.rollback(one, Optional.empty(), NOTE));
      default -> {
        List<SnapshotId> all = publisher.snapshots();
        SnapshotId next = all.size() < 12 || random.nextInt(40) == 0
            ? write()
            : all.get(random.nextInt(all.size()));
        boolean moved = moved(publisher.publish(one, next, OptionalLong.empty(), NOTE));
        publisher.prune(new Retention(12, Duration.ZERO, Duration.ofMinutes(1)));
        yield moved;
      }
    };
  }

  private static boolean moved(MoveResult result) {
    return result instanceof MoveResult.Moved;
  }

  /** Each with some packages of its own, some updated and some built again in the same version. */
  private SnapshotId write() throws Exception {
    written++;
    String[] packages = new String[6];
    for (int i = 0; i < packages.length; i++) {
      packages[i] = "p" + i + " 1." + (i < 2 ? random.nextInt(3) : 0) + " build "
          + (i < 4 ? random.nextInt(4) : 0) + " " + "x".repeat(100 * i);
    }
    packages[5] = "p5 1." + written + " new";
    return snapshots.write(packages).id();
  }
}
