package org.slipway.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.repository.SnapshotId;

final class ChannelMovesTest {
  private static final ChannelName DEV = new ChannelName("dev");
  private static final ChannelName PROD = new ChannelName("prod");
  private static final Note KIM = new Note("kim", "the fix for \"quotes\" & ümlauts");
  private static final Note FARM = Note.ofFarm();
  private static final Instant NOON = Instant.parse("2026-11-22T12:00:00Z");

  @TempDir
  Path job;

  private Publisher publisher;
  private SnapshotId a;
  private SnapshotId b;
  private SnapshotId c;

  @BeforeEach
  void makeSnapshots() throws IOException {
    publisher = open();
    a = snapshot("a");
    b = snapshot("b");
    c = snapshot("c");
  }

  @Test
  void promotesTheSameSnapshotAndSaysFromWhere() throws Exception {
    publisher.publish(DEV, a, OptionalLong.of(12), FARM);
    MoveResult result = publisher.promote(DEV, PROD, KIM);
    Publication move = ((MoveResult.Moved) result).publication();
    assertThat(move.snapshot()).isEqualTo(a);
    assertThat(move.source()).isEqualTo(new Source.Promotion(DEV));
    assertThat(Files.isSameFile(job.resolve("channels/dev"), job.resolve("channels/prod")))
        .isTrue();
    // Another process reads it from the disk.
    assertThat(open().history(PROD)).containsExactly(move);
    assertThat(move.who()).isEqualTo("kim");
    assertThat(move.why()).isEqualTo(KIM.why());
    Publication published = open().current(DEV).orElseThrow();
    assertThat(published.source()).hasToString("publish of build 12");
    assertThat(publisher.promote(DEV, PROD, KIM)).isEqualTo(new MoveResult.Unmoved(move));
  }

  @Test
  void promotesFromNoChannelThatIsNotThere() throws Exception {
    publisher.switchTo(DEV, a);
    assertThatThrownBy(() -> publisher.promote(PROD, DEV, KIM))
        .isInstanceOf(ChannelException.class)
        .hasMessageStartingWith("there is no channel prod in ");
    assertThat(publisher.channels()).containsExactly(DEV);
  }

  @Test
  void staysWhereItIsHeldWhoeverMovesIt() throws Exception {
    publisher.switchTo(DEV, a);
    publisher.switchTo(DEV, b);
    Hold hold = publisher.hold(DEV, new Note("kim", "waiting for QA"));
    assertThat(hold.sentence())
        .isEqualTo("channel dev is held by kim since 2026-11-22T12:00:01Z (waiting for QA); it"
            + " stays where it is until it is released");
    publisher.publish(PROD, c, OptionalLong.empty(), FARM);
    Publisher other = open();
    MoveResult.Held held = new MoveResult.Held(hold);
    assertThat(other.publish(DEV, c, OptionalLong.of(1), FARM)).isEqualTo(held);
    assertThat(other.promote(PROD, DEV, KIM)).isEqualTo(held);
    assertThat(other.rollback(DEV, Optional.empty(), KIM)).isEqualTo(held);
    assertThatThrownBy(() -> other.switchTo(DEV, c)).hasMessage(hold.sentence());
    assertThatThrownBy(() -> other.hold(DEV, KIM)).hasMessage(hold.sentence());
    assertThat(publisher.current(DEV).orElseThrow().snapshot()).isEqualTo(b);
    assertThat(publisher.held(DEV)).contains(hold);
    assertThat(publisher.held(PROD)).isEmpty();

    // What others get from a held channel is their own matter.
    assertThat(other.promote(DEV, PROD, KIM)).isInstanceOf(MoveResult.Moved.class);

    Release release = other.release(DEV, KIM);
    assertThat(publisher.held(DEV)).isEmpty();
    assertThat(publisher.publish(DEV, c, OptionalLong.of(1), FARM))
        .isInstanceOf(MoveResult.Moved.class);
    assertThat(publisher.events(DEV).subList(1, 3)).containsExactly(release, hold);
    assertThat(publisher.history(DEV)).extracting(Publication::snapshot).containsExactly(c, b, a);
    assertThatThrownBy(() -> other.release(DEV, KIM))
        .isInstanceOf(ChannelException.class)
        .hasMessage("channel dev is not held; there is nothing to end");
  }

  @Test
  void goesAStepFurtherBackWithEachRollback() throws Exception {
    for (SnapshotId each : List.of(a, b, c)) {
      publisher.switchTo(DEV, each);
    }
    assertThat(publisher.before(DEV)).contains(b);
    assertThat(rolledBack(Optional.empty())).isEqualTo(b);
    assertThat(publisher.before(DEV)).contains(a);
    assertThat(rolledBack(Optional.empty())).isEqualTo(a);
    assertThat(publisher.before(DEV)).isEmpty();
    assertThatThrownBy(() -> rolledBack(Optional.empty()))
        .isInstanceOf(ChannelException.class)
        .hasMessage("channel dev cannot be rolled back: it had no other snapshot before this one");
    // Forward again, and back from there to where it was.
    publisher.switchTo(DEV, c);
    assertThat(rolledBack(Optional.empty())).isEqualTo(a);
  }

  @Test
  void rollsBackToAnyThatItHadAndToNoOther() throws Exception {
    for (SnapshotId each : List.of(a, b, c)) {
      publisher.switchTo(DEV, each);
    }
    publisher.switchTo(PROD, b);
    assertThat(rolledBack(Optional.of(a))).isEqualTo(a);
    assertThat(publisher.before(DEV)).isEmpty();
    assertThatThrownBy(() -> publisher.rollback(PROD, Optional.of(a), KIM))
        .isInstanceOf(ChannelException.class)
        .hasMessage("channel prod never had the snapshot " + a + "; its history says which it had");
    assertThat(rolledBack(Optional.of(c))).as("forward, by name").isEqualTo(c);
    Files.move(job.resolve("snapshots/" + b), job.resolve("away"));
    assertThatThrownBy(() -> rolledBack(Optional.of(b)))
        .isInstanceOf(ChannelException.class)
        .hasMessage(
            "channel dev cannot be rolled back to " + b + ": that snapshot is not kept any more");
  }

  @Test
  void readsHistoriesFromBeforeWhoAndWhyWereKept() throws Exception {
    Files.createDirectories(job.resolve("channels"));
    Files.writeString(
        job.resolve("channels/dev.history"),
        "{\"at\":1795348800,\"snapshot\":\"" + a + "\"}\n{\"at\":1795348900,\"snapshot\":\"" + b
            + "\",\"previous\":\"" + a + "\"}\n");
    Files.createSymbolicLink(job.resolve("channels/dev"), Path.of("../snapshots/" + b));
    Publication old = publisher.current(DEV).orElseThrow();
    assertThat(old)
        .isEqualTo(new Publication(
            DEV,
            b,
            Optional.of(a),
            Instant.ofEpochSecond(1795348900),
            Source.Build.UNKNOWN,
            "",
            ""));
    assertThat(publisher.before(DEV)).contains(a);
    publisher.rollback(DEV, Optional.empty(), KIM);
    assertThat(publisher.history(DEV)).extracting(Publication::snapshot).containsExactly(a, b, a);
  }

  @Test
  void keepsTheOldTimeWhereAMoveWasOnlyBegun() throws Exception {
    Publication first = publisher.switchTo(DEV, a);
    // What another process has written when it is between its two steps.
    Files.writeString(
        job.resolve("channels/dev.history"),
        "{\"at\":1795400000,\"snapshot\":\"" + b + "\",\"previous\":\"" + a + "\"}\n",
        StandardOpenOption.APPEND);
    // The new time with the old files would make a client miss the new files of that time.
    assertThat(publisher.current(DEV)).contains(first);
    Files.delete(job.resolve("channels/dev"));
    Files.createSymbolicLink(job.resolve("channels/dev"), Path.of("../snapshots/" + b));
    Publication second = publisher.current(DEV).orElseThrow();
    assertThat(second.snapshot()).isEqualTo(b);
    assertThat(second.at()).isEqualTo(Instant.ofEpochSecond(1795400000));
  }

  @Test
  void findsThePackagesOfEarlierCatalogues() throws Exception {
    for (SnapshotId each : List.of(a, b, a, c)) {
      publisher.switchTo(DEV, each);
    }
    assertThat(publisher.earlier(DEV)).containsExactly(a, b);
    Files.move(job.resolve("snapshots/" + a), job.resolve("away"));
    assertThat(publisher.earlier(DEV)).containsExactly(b);
    assertThat(publisher.earlier(PROD)).isEmpty();
  }

  @Test
  void takesNoNoteThatATerminalWouldObey() {
    for (String bad : List.of("a\nb", "\u001b[2J", "\u202Egnp.exe", "x".repeat(401))) {
      assertThatThrownBy(() -> new Note("kim", bad)).isInstanceOf(IllegalArgumentException.class);
      assertThatThrownBy(() -> new Note(bad, "")).isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> new Note(" ", "")).isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void passesOverNamesThatAreNoChannels() throws Exception {
    publisher.switchTo(DEV, a);
    Files.createSymbolicLink(job.resolve("channels/Not A Channel"), Path.of("../snapshots/" + b));
    Files.writeString(job.resolve("channels/plain"), "");
    assertThat(publisher.channels()).containsExactly(DEV);
    assertThat(publisher.current(new ChannelName("plain"))).isEmpty();
    assertThat(Publisher.all(job.resolveSibling(""), InstantSource.system()))
        .containsKey(job.getFileName().toString());
  }

  private SnapshotId rolledBack(Optional<SnapshotId> to) throws IOException {
    Publication move = ((MoveResult.Moved) publisher.rollback(DEV, to, KIM)).publication();
    assertThat(move.source()).isEqualTo(new Source.Rollback());
    assertThat(Files.readSymbolicLink(job.resolve("channels/dev")))
        .isEqualTo(Path.of("../snapshots/" + move.snapshot()));
    return move.snapshot();
  }

  private Publisher open() {
    return new Publisher(job, InstantSource.fixed(NOON));
  }

  private SnapshotId snapshot(String digit) throws IOException {
    SnapshotId id = new SnapshotId(digit.repeat(16));
    Path folder = Files.createDirectories(job.resolve("snapshots").resolve(id.hex()));
    Files.writeString(folder.resolve("data.pkg"), digit);
    return id;
  }
}
