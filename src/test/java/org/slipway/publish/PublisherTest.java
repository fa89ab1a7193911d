package org.slipway.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.repository.SnapshotId;

final class PublisherTest {
  private static final ChannelName DEV = new ChannelName("dev");
  private static final ChannelName PROD = new ChannelName("prod");
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00.700Z");

  @TempDir
  Path job;

  private Publisher publisher;
  private SnapshotId a;
  private SnapshotId b;
  private SnapshotId c;

  @BeforeEach
  void makeSnapshots() throws IOException {
    publisher = new Publisher(job, InstantSource.fixed(NOON));
    a = snapshot("a", 1);
    b = snapshot("b", 2);
    c = snapshot("c", 3);
  }

  @Test
  void pointsAChannelByARelativeLink() throws Exception {
    Publication move = publisher.switchTo(DEV, a);
    assertThat(move)
        .isEqualTo(new Publication(
            DEV,
            a,
            Optional.empty(),
            Instant.parse("2026-11-22T12:00:00Z"),
            Source.Build.UNKNOWN,
            "slipway",
            ""));
    assertThat(Files.readSymbolicLink(job.resolve("channels/dev")))
        .isEqualTo(Path.of("../snapshots/" + a));
    assertThat(job.resolve("channels/dev/data.pkg")).exists();
    assertThat(publisher.current(DEV)).contains(move);
    assertThat(publisher.channels()).containsExactly(DEV);
  }

  @Test
  void movesItsTimeForwardThoughTheClockStandsStillOrGoesBack() throws Exception {
    Instant first = publisher.switchTo(DEV, a).at();
    Instant second = publisher.switchTo(DEV, b).at();
    Publisher late = new Publisher(job, InstantSource.fixed(NOON.minusSeconds(3600)));
    Instant third = late.switchTo(DEV, a).at();
    assertThat(second).isEqualTo(first.plusSeconds(1));
    assertThat(third).isEqualTo(first.plusSeconds(2));
    assertThat(late.history(DEV)).extracting(Publication::snapshot).containsExactly(a, b, a);
    assertThat(late.history(DEV).get(0).previous()).contains(b);
  }

  @Test
  void doesNotMoveWhereItIsAlready() throws Exception {
    Publication move = publisher.switchTo(DEV, a);
    assertThat(publisher.switchTo(DEV, a)).isEqualTo(move);
    assertThat(publisher.history(DEV)).hasSize(1);
  }

  @Test
  void staysWhereItIsWhenThereIsNoSuchSnapshot() throws Exception {
    publisher.switchTo(DEV, a);
    assertThatThrownBy(() -> publisher.switchTo(DEV, new SnapshotId("0123456789abcdef")))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("channel dev stays");
    assertThat(publisher.current(DEV).orElseThrow().snapshot()).isEqualTo(a);
  }

  @Test
  void isNeverAbsentToAReaderWhileItMoves() throws Exception {
    publisher.switchTo(DEV, a);
    AtomicBoolean done = new AtomicBoolean();
    AtomicReference<String> missed = new AtomicReference<>("");
    Thread reader = new Thread(() -> {
      while (!done.get()) {
        if (!Files.exists(job.resolve("channels/dev/data.pkg"))) {
          missed.set("the channel was gone");
        }
      }
    });
    reader.start();
    for (int i = 0; i < 30; i++) {
      publisher.switchTo(DEV, i % 2 == 0 ? b : a);
    }
    done.set(true);
    reader.join();
    assertThat(missed.get()).isEmpty();
  }

  @Test
  void forgetsAMoveThatAKillCameBefore() throws Exception {
    publisher.switchTo(DEV, a);
    Files.writeString(
        history(),
        "{\"at\":1795348900,\"snapshot\":\"" + b + "\",\"previous\":\"" + a + "\"}\n",
        StandardOpenOption.APPEND);
    Publication current = publisher.current(DEV).orElseThrow();
    assertThat(current.snapshot()).isEqualTo(a);
    assertThat(current.previous()).isEmpty();
    assertThat(publisher.history(DEV)).extracting(Publication::snapshot).containsExactly(a);
    Publication next = publisher.switchTo(DEV, b);
    assertThat(next.at()).isAfter(Instant.ofEpochSecond(1795348900));
    assertThat(publisher.history(DEV)).extracting(Publication::snapshot).containsExactly(b, a);
  }

  @Test
  void writesOverALineThatAKillCutShort() throws Exception {
    publisher.switchTo(DEV, a);
    Files.writeString(history(), "{\"at\":17953", StandardOpenOption.APPEND);
    assertThat(publisher.current(DEV).orElseThrow().snapshot()).isEqualTo(a);
    publisher.switchTo(DEV, b);
    assertThat(publisher.history(DEV)).extracting(Publication::snapshot).containsExactly(b, a);
    assertThat(Files.readAllLines(history())).hasSize(2);
  }

  @Test
  void saysWhereAHistoryIsDamaged() throws Exception {
    publisher.switchTo(DEV, a);
    Files.writeString(history(), "rubbish\n", StandardOpenOption.APPEND);
    assertThatThrownBy(() -> publisher.current(DEV))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("dev.history is damaged at: rubbish");
  }

  @Test
  void neverPrunesWhatAChannelPointsTo() throws Exception {
    publisher.switchTo(PROD, a);
    publisher.switchTo(DEV, b);
    assertThat(publisher.prune(1)).containsExactly(c);
    assertThat(publisher.snapshots()).containsExactly(a, b);
    assertThat(job.resolve("snapshots/" + c)).doesNotExist();
  }

  @Test
  void prunesTheOldestFirst() throws Exception {
    publisher.switchTo(DEV, a);
    publisher.switchTo(DEV, c);
    // b was never published, a left the channel just now.
    assertThat(publisher.prune(2)).containsExactly(b);
    assertThat(publisher.snapshots()).containsExactly(a, c);
    assertThat(publisher.prune(2)).isEmpty();
  }

  @Test
  void sweepsWhatAKillLeft() throws Exception {
    publisher.switchTo(DEV, a);
    Files.createSymbolicLink(job.resolve("channels/.new-dev-1"), Path.of("../snapshots/" + b));
    Files.move(job.resolve("snapshots/" + b), job.resolve("snapshots/.old-" + b));
    publisher.sweep();
    assertThat(job.resolve("channels")).isDirectoryNotContaining("glob:**/.new-*");
    assertThat(publisher.snapshots()).containsExactly(a, c);
    assertThat(job.resolve("snapshots")).isDirectoryNotContaining("glob:**/.old-*");
  }

  private Path history() {
    return job.resolve("channels/dev.history");
  }

  private SnapshotId snapshot(String digit, int day) throws IOException {
    SnapshotId id = new SnapshotId(digit.repeat(16));
    Path folder = Files.createDirectories(job.resolve("snapshots").resolve(id.hex()));
    Files.writeString(folder.resolve("data.pkg"), digit);
    Files.setLastModifiedTime(
        folder, FileTime.from(Instant.parse("2026-11-0" + day + "T00:00:00Z")));
    return id;
  }
}
