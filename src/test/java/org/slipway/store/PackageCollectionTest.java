package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Digest;

/** Archives that nobody uses go, and no others, whatever goes on meanwhile. */
final class PackageCollectionTest {
  private static final Duration HOUR = Duration.ofHours(1);
  private static final PackageStore.Users NOBODY = sums -> Set.of();

  @TempDir
  Path folder;

  private Path packages;
  private Digest a;
  private Digest b;
  private Digest c;

  @BeforeEach
  void makeArchives() throws IOException {
    packages = folder.resolve("packages");
    a = archive("a", 2);
    b = archive("b", 2);
    c = archive("c", 2);
  }

  @Test
  void removesWhatNeitherASnapshotNorABuildUses() throws Exception {
    PackageStore store = new PackageStore(packages);
    PackageStore.Collected collected =
        store.collect(sums -> both(sums, a), sums -> both(sums, b), HOUR);
    assertThat(collected).isEqualTo(new PackageStore.Collected(1, 1));
    assertThat(store.has(a)).isTrue();
    assertThat(store.has(b)).isTrue();
    assertThat(store.has(c)).isFalse();
    assertThat(store.collect(NOBODY, NOBODY, HOUR).archives())
        .as("a and b were asked for")
        .isZero();
  }

  @Test
  void keepsWhatCameInOrWasAskedForLately() throws Exception {
    Digest young = archive("young", 0);
    PackageStore store = new PackageStore(packages);
    assertThat(store.has(a)).isTrue();
    store.take(Files.writeString(folder.resolve("again"), "b"), b);
    assertThat(store.collect(NOBODY, NOBODY, HOUR).archives()).isEqualTo(1);
    assertThat(store.path(c)).doesNotExist();
    assertThat(List.of(store.path(a), store.path(b), store.path(young))).allMatch(Files::exists);
    // The promises of the process before went with it.
    assertThat(new PackageStore(packages).collect(NOBODY, NOBODY, HOUR).archives())
        .isEqualTo(2);
    assertThat(store.path(young)).exists();
  }

  @Test
  void keepsAllWhereAUserCannotBeAsked() {
    PackageStore.Users broken = sums -> {
      throw new IOException("a snapshot is damaged");
    };
    for (boolean first : List.of(true, false)) {
      assertThatThrownBy(() -> new PackageStore(packages)
              .collect(first ? broken : NOBODY, first ? NOBODY : broken, HOUR))
          .hasMessage("a snapshot is damaged");
    }
    assertThat(allThere()).isTrue();
  }

  @Test
  void keepsWhatWentOverFromABuildToASnapshotMeanwhile() throws Exception {
    Set<Digest> inBuilds = new HashSet<>(Set.of(a, b, c));
    Set<Digest> inSnapshots = new HashSet<>();
    PackageStore.Users snapshots = sums -> {
      // The build ends just after the snapshots were listed: neither has them from here on.
      Set<Digest> listed = both(sums, inSnapshots);
      inSnapshots.addAll(inBuilds);
      inBuilds.clear();
      return listed;
    };
    new PackageStore(packages).collect(snapshots, sums -> both(sums, inBuilds), HOUR);
    assertThat(allThere()).isTrue();
  }

  @Test
  void keepsWhatABuildThatBeginsMeanwhileIsToldIsThere() throws Exception {
    PackageStore store = new PackageStore(packages);
    List<Boolean> told = new ArrayList<>();
    PackageStore.Users snapshots = sums -> {
      // Between the last look at the builds and the removal, as late as can be.
      if (sums.contains(a)) {
        told.add(store.has(a));
      }
      return Set.of();
    };
    assertThat(store.collect(snapshots, NOBODY, HOUR).archives()).isEqualTo(2);
    assertThat(told).containsExactly(true);
    assertThat(store.path(a)).exists();
  }

  @Test
  void leavesAloneWhatIsNoArchive() throws Exception {
    Path shelf = new PackageStore(packages).path(a).resolveSibling("");
    Path strange = old(Files.writeString(shelf.resolve("strange.pkg"), "x"), 2);
    Files.createSymbolicLink(shelf.resolve(Digest.of("l").hex() + ".pkg"), strange);
    Path elsewhere = Files.createDirectories(packages.resolve("other"));
    Path other = old(Files.writeString(elsewhere.resolve(a.hex() + ".pkg"), "x"), 2);
    new PackageStore(packages).collect(NOBODY, NOBODY, HOUR);
    assertThat(strange).exists();
    assertThat(other).exists();
    assertThat(Files.isSymbolicLink(shelf.resolve(Digest.of("l").hex() + ".pkg")))
        .isTrue();
  }

  /**
   * Builds that look for old archives, take in new ones, link them as a snapshot does and end, while
   * archives are collected all the time. The age is an hour, as in a farm, and files are made old at
   * once, so that nothing but the promises and the users keeps them.
   */
  @Test
  void losesNothingToBuildsThatGoOnMeanwhile() throws Exception {
    PackageStore store = new PackageStore(packages);
    Set<Digest> building = ConcurrentHashMap.newKeySet();
    Set<Digest> published = ConcurrentHashMap.newKeySet();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      Future<Integer> collector = threads.submit(() -> {
        int removed = 0;
        do {
          removed += store
              .collect(sums -> both(sums, published), sums -> both(sums, building), HOUR)
              .archives();
        } while (!done.get());
        return removed;
      });
      List<Future<?>> builders = new ArrayList<>();
      for (int i = 0; i < 3; i++) {
        int seed = i;
        builders.add(threads.submit(build(store, seed, building, published)));
      }
      for (Future<?> builder : builders) {
        builder.get();
      }
      done.set(true);
      assertThat(collector.get())
          .as("a collection that removes nothing shows nothing")
          .isPositive();
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  private Callable<Void> build(
      PackageStore store, int seed, Set<Digest> building, Set<Digest> published) {
    return () -> {
      Random random = new Random(seed);
      Path snapshot = Files.createDirectories(folder.resolve("snapshot" + seed));
      for (int round = 0; round < 20; round++) {
        // What other builds left behind, which nobody asked for yet: fair game for the collector.
        List<String> texts = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
          texts.add(seed + " of " + round + ", " + i);
          archive(texts.get(i), 2);
        }
        Set<Digest> needed = new HashSet<>();
        for (String text : texts) {
          Digest sum = Digest.of(text);
          if (random.nextBoolean() || !store.has(sum)) {
            Path work = Files.writeString(folder.resolve(seed + ".work"), text);
            store.take(old(work, 2), sum);
          }
          needed.add(sum);
        }
        // Only now does the farm know what the build uses.
        building.addAll(needed);
        for (Digest each : needed) {
          Files.createLink(snapshot.resolve(each.hex()), store.path(each));
        }
        published.addAll(needed);
        building.removeAll(needed);
      }
      return null;
    };
  }

  private boolean allThere() throws RuntimeException {
    return List.of(a, b, c).stream()
        .allMatch(each -> Files.exists(
            packages.resolve(each.hex().substring(0, 2)).resolve(each.hex() + ".pkg")));
  }

  private static Set<Digest> both(Set<Digest> sums, Digest one) {
    return both(sums, Set.of(one));
  }

  private static Set<Digest> both(Set<Digest> sums, Set<Digest> others) {
    Set<Digest> both = new HashSet<>(sums);
    both.retainAll(others);
    return both;
  }

  /** Straight into its place, so that nobody was told of it. */
  private Digest archive(String text, int hours) throws IOException {
    Digest sum = Digest.of(text);
    Path shelf = Files.createDirectories(packages.resolve(sum.hex().substring(0, 2)));
    Path coming = old(Files.writeString(folder.resolve(sum.hex() + ".coming"), text), hours);
    Files.move(coming, shelf.resolve(sum.hex() + ".pkg"));
    return sum;
  }

  private static Path old(Path file, int hours) throws IOException {
    return Files.setLastModifiedTime(
        file, FileTime.from(Instant.now().minus(Duration.ofHours(hours))));
  }
}
