package org.slipway.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.repository.SnapshotId;

/** Several who move a job's channels at once: threads, publishers and processes. */
final class MoveLockTest {
  private static final ChannelName DEV = new ChannelName("dev");
  private static final Note NOTE = new Note("kim", "");

  @TempDir
  Path job;

  private final List<SnapshotId> ids = new ArrayList<>();

  @BeforeEach
  void makeSnapshots() throws IOException {
    for (String digit : List.of("a", "b", "c", "d")) {
      SnapshotId id = new SnapshotId(digit.repeat(16));
      Path folder = Files.createDirectories(job.resolve("snapshots").resolve(id.hex()));
      Files.writeString(folder.resolve("data.pkg"), digit);
      ids.add(id);
    }
  }

  @Test
  void leavesOneUnbrokenHistoryWhenManyMoveAtOnce() throws Exception {
    new Publisher(job, InstantSource.system()).switchTo(DEV, ids.get(0));
    ExecutorService threads = Executors.newFixedThreadPool(4);
    List<Future<Integer>> movers = new ArrayList<>();
    int moved = 0;
    // A process of its own beside four threads that share nothing but the folder.
    try (ChannelProcess other = ChannelProcess.start(job, "moves")) {
      assertThat(other.line()).isEqualTo("open");
      for (int i = 0; i < 4; i++) {
        movers.add(threads.submit(mover(new Publisher(job, InstantSource.system()), i)));
      }
      for (Future<Integer> each : movers) {
        moved += each.get();
      }
      other.kill();
    } finally {
      threads.shutdownNow();
    }
    List<Publication> history =
        new ArrayList<>(new Publisher(job, InstantSource.system()).history(DEV));
    assertThat(history.size()).isGreaterThan(moved);
    for (int i = 0; i + 1 < history.size(); i++) {
      assertThat(history.get(i).previous()).contains(history.get(i + 1).snapshot());
      assertThat(history.get(i).at()).isAfter(history.get(i + 1).at());
    }
  }

  private Callable<Integer> mover(Publisher publisher, int seed) {
    return () -> {
      int moved = 0;
      for (int i = 0; i < 10; i++) {
        MoveResult result =
            publisher.publish(DEV, ids.get((seed + i) % 4), OptionalLong.of(i), NOTE);
        moved += result instanceof MoveResult.Moved ? 1 : 0;
      }
      return moved;
    };
  }

  @Test
  void showsNoLinkWithAHistoryThatItNeverHad() throws Exception {
    Publisher mover = new Publisher(job, InstantSource.system());
    mover.switchTo(DEV, ids.get(0));
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Set<Publication>>> lookers = new ArrayList<>();
      for (int i = 0; i < 2; i++) {
        lookers.add(threads.submit(() -> {
          Publisher looker = new Publisher(job, InstantSource.system());
          Set<Publication> seen = new LinkedHashSet<>();
          while (!done.get()) {
            seen.add(looker.current(DEV).orElseThrow());
          }
          return seen;
        }));
      }
      for (int i = 1; i <= 150; i++) {
        mover.switchTo(DEV, ids.get(i % 4));
      }
      done.set(true);
      List<Publication> history = mover.history(DEV);
      for (Future<Set<Publication>> each : lookers) {
        List<Publication> seen = new ArrayList<>(each.get());
        assertThat(seen).hasSizeGreaterThan(2).isSubsetOf(history);
        assertThat(seen).isSortedAccordingTo(Comparator.comparing(Publication::at));
      }
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  @Test
  void saysWhoKeepsTheChannelsBusy() throws Exception {
    new Publisher(job, InstantSource.system()).switchTo(DEV, ids.get(0));
    try (ChannelProcess other = ChannelProcess.start(job, "keeps")) {
      assertThat(other.line()).isEqualTo("has it");
      Publisher hasty = new Publisher(job, InstantSource.system(), Duration.ofMillis(50));
      assertThatThrownBy(() -> hasty.switchTo(DEV, ids.get(1)))
          .isInstanceOf(ChannelException.class)
          .hasMessage(
              job + " was kept busy by process " + other.pid() + " for 0 s; try again later");
      // Who only looks waits for nobody.
      assertThat(hasty.current(DEV).orElseThrow().snapshot()).isEqualTo(ids.get(0));
      other.kill();
      assertThat(hasty.publish(DEV, ids.get(1), OptionalLong.empty(), NOTE))
          .as("a killed process leaves no lock")
          .isInstanceOf(MoveResult.Moved.class);
    }
  }

  @Test
  void waitsForAnotherThreadAndGivesUpInTime() throws Exception {
    MoveLock lock = MoveLock.take(job.resolve("moves.lock"), Duration.ofSeconds(5), "it");
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Publisher hasty = new Publisher(job, InstantSource.system(), Duration.ofMillis(20));
      Future<?> refused = threads.submit(() -> hasty.switchTo(DEV, ids.get(0)));
      assertThatThrownBy(refused::get).hasRootCauseInstanceOf(ChannelException.class);
      Publisher patient = new Publisher(job, InstantSource.system(), Duration.ofSeconds(60));
      Future<Publication> done = threads.submit(() -> patient.switchTo(DEV, ids.get(0)));
      lock.close();
      assertThat(done.get().snapshot()).isEqualTo(ids.get(0));
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void looksAtAFarmThatItMayNotWrite() throws Exception {
    Publisher publisher = new Publisher(job, InstantSource.system());
    publisher.switchTo(DEV, ids.get(0));
    publisher.switchTo(DEV, ids.get(1));
    Files.delete(job.resolve("moves.lock"));
    Files.setPosixFilePermissions(job, PosixFilePermissions.fromString("r-xr-xr-x"));
    try {
      assertThat(new Publisher(job, InstantSource.system()).history(DEV)).hasSize(2);
      assertThat(Rollback.tryIt(job)).contains("this user may not write");
    } finally {
      Files.setPosixFilePermissions(job, PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  /** A process that may write only where the file modes say so, whoever runs the tests. */
  static final class Rollback {
    static String tryIt(Path job) throws Exception {
      String classes =
          System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"));
      List<String> argv = new ArrayList<>();
      if (Files.isWritable(job)) {
        // The superuser without the right to pass over file modes.
        argv.addAll(List.of("setpriv", "--bounding-set=-dac_override"));
      }
      argv.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
      argv.addAll(List.of("-cp", classes, Rollback.class.getName(), job.toString()));
      Process process = new ProcessBuilder(argv).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      process.waitFor();
      return said;
    }

    public static void main(String[] arguments) throws IOException {
      try {
        new Publisher(Path.of(arguments[0]), InstantSource.system())
            .rollback(DEV, Optional.empty(), NOTE);
        System.out.println("moved");
      } catch (ChannelException e) {
        System.out.println(e.getMessage());
      }
    }
  }
}
