package org.slipway.publish;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Digest;
import org.slipway.repository.Snapshot;
import org.slipway.repository.SnapshotId;
import org.slipway.repository.StrictRepositoryReader;
import org.slipway.store.PackageStore;

/**
 * A process that publishes, promotes, rolls back, prunes and collects without pause is killed as by
 * kill -9 at random moments; what a client gets is whole all the same, and no move that was said to
 * be done is lost.
 */
final class KilledPublisherTest {
  /** So many kills; more by {@code -Dslipway.publish.kills=N}. */
  private static final int KILLS = Integer.getInteger("slipway.publish.kills", 25);

  private static final int MOST_LINES = 12;
  private static final int LONGEST_MILLIS = 40;

  private final Random random = new Random();
  private final Map<ChannelName, Instant> latest = new HashMap<>();

  @TempDir
  Path home;

  @Test
  void leavesEveryChannelWholeWheneverItIsKilled() throws Exception {
    SampleSnapshots.shortKey(home.resolve("keys"));
    int moves = 0;
    for (int round = 0; round < KILLS; round++) {
      List<String> said = new ArrayList<>();
      try (ChannelProcess farm = ChannelProcess.start(home, "farm")) {
        assertThat(farm.line()).as("it goes on after kill %d", round).isEqualTo("open");
        // Into the middle of anything that it does, and some of it done before.
        for (int lines = random.nextInt(MOST_LINES); lines > 0; lines--) {
          said.add(Objects.requireNonNull(farm.line(), "it ended by itself"));
        }
        assertThat(farm.gone(random.nextInt(LONGEST_MILLIS))).isFalse();
        said.addAll(farm.kill());
      }
      assertThat(said).as("kill %d", round).noneMatch(line -> line.contains("Exception"));
      moves += (int) said.stream().filter(line -> line.startsWith("moved")).count();
      check(said);
    }
    assertThat(moves).as("kills between moves show nothing").isGreaterThan(KILLS);
  }

  private void check(List<String> said) throws IOException {
    Path job = home.resolve("repos/job");
    Publisher publisher = new Publisher(job, InstantSource.system());
    Map<String, String> last = new HashMap<>();
    for (String line : said) {
      String[] words = line.split(" ", -1);
      if (words[0].equals("moved")) {
        last.put(words[1], line);
      }
    }
    PackageStore store = new PackageStore(home.resolve("packages"));
    Set<Digest> needed = new HashSet<>();
    for (ChannelName channel : publisher.channels()) {
      Publication current = publisher.current(channel).orElseThrow();
      Path folder = job.resolve("channels").resolve(channel.name()).toRealPath();
      assertThat(folder).isEqualTo(publisher.directory(current.snapshot()).toRealPath());
      StrictRepositoryReader.read(folder, home.resolve("keys/fingerprints"));
      assertMovedOn(channel, current, last.get(channel.name()), publisher);
      // What the next rollback leads to is whole too.
      for (SnapshotId before : publisher.before(channel).stream().toList()) {
        StrictRepositoryReader.read(publisher.directory(before), home.resolve("keys/fingerprints"));
      }
      Snapshot.read(folder).packages().forEach(each -> needed.add(each.sum()));
    }
    // Collected is only what nothing needs.
    assertThat(needed)
        .allSatisfy(sum -> assertThat(Files.exists(store.path(sum))).isTrue());
  }

  private void assertMovedOn(
      ChannelName channel, Publication current, @Nullable String lastSaid, Publisher publisher)
      throws IOException {
    Instant before = latest.getOrDefault(channel, Instant.MIN);
    assertThat(current.at()).as("Last-Modified never goes back").isAfterOrEqualTo(before);
    latest.put(channel, current.at());
    List<Publication> history = publisher.history(channel);
    for (int i = 0; i + 1 < history.size(); i++) {
      assertThat(history.get(i).previous()).contains(history.get(i + 1).snapshot());
      assertThat(history.get(i).at()).isAfter(history.get(i + 1).at());
    }
    if (lastSaid != null) {
      Instant at = Instant.parse(lastSaid.split(" ", -1)[3]);
      assertThat(history).as(lastSaid).anyMatch(move -> move.at().equals(at));
      assertThat(current.at()).isAfterOrEqualTo(at);
    }
  }
}
