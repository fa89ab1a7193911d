package org.slipway.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.repository.SnapshotId;

/** Six snapshots made on six days; the first is 0. */
final class RetentionTest {
  private static final ChannelName DEV = new ChannelName("dev");
  private static final ChannelName PROD = new ChannelName("prod");
  private static final Instant FIRST = Instant.parse("2026-11-01T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);

  @TempDir
  Path job;

  private final List<SnapshotId> made = new ArrayList<>();
  private Instant now = FIRST;
  private Publisher publisher;

  @BeforeEach
  void makeSnapshots() throws IOException {
    publisher = new Publisher(job, () -> now);
    for (int i = 0; i < 6; i++) {
      SnapshotId id = new SnapshotId(Integer.toString(i).repeat(16));
      Path folder =
          Files.createDirectories(job.resolve("snapshots").resolve(id.hex()).resolve("All"));
      Files.writeString(folder.resolve("x.pkg"), "x");
      Files.writeString(folder.resolveSibling("data.pkg"), "x");
      Files.setLastModifiedTime(
          folder.resolveSibling(""), FileTime.from(FIRST.plus(DAY.multipliedBy(i))));
      made.add(id);
    }
    now = FIRST.plus(DAY.multipliedBy(6));
  }

  @Test
  void keepsTheNewest() throws Exception {
    assertThat(prune(2, Duration.ZERO, Duration.ZERO)).containsExactly(3, 2, 1, 0);
    assertThat(publisher.snapshots()).isEqualTo(made.subList(4, 6));
    try (var left = Files.list(job.resolve("snapshots"))) {
      assertThat(left).hasSize(2);
    }
  }

  @Test
  void keepsTheYoung() throws Exception {
    assertThat(prune(1, DAY.multipliedBy(4), Duration.ZERO)).containsExactly(2, 1, 0);
  }

  @Test
  void keepsWhatAChannelHasAndWhatItsNextRollbackLeadsTo() throws Exception {
    now = FIRST;
    publisher.switchTo(PROD, made.get(0));
    publisher.switchTo(PROD, made.get(1));
    publisher.switchTo(DEV, made.get(2));
    now = FIRST.plus(DAY.multipliedBy(100));
    assertThat(prune(1, Duration.ZERO, DAY)).containsExactly(4, 3);
    publisher.rollback(PROD, Optional.empty(), new Note("kim", ""));
    assertThat(publisher.current(PROD).orElseThrow().snapshot()).isEqualTo(made.get(0));
  }

  @Test
  void keepsWhatAChannelLeftForTheGraceAndNoLonger() throws Exception {
    for (int i = 0; i < 5; i++) {
      now = FIRST.plus(DAY.multipliedBy(10)).plus(Duration.ofMinutes(10L * i));
      publisher.switchTo(DEV, made.get(i));
    }
    // 0 was left 30 minutes ago, 1 20, 2 10; 3 is the step back, 5 was in no channel.
    assertThat(prune(1, Duration.ZERO, Duration.ofMinutes(25))).containsExactly(0, 5);
    now = now.plus(Duration.ofMinutes(5));
    assertThat(prune(1, Duration.ZERO, Duration.ofMinutes(25))).containsExactly(1);
    now = now.plus(Duration.ofHours(1));
    assertThat(prune(1, Duration.ZERO, Duration.ofMinutes(25))).containsExactly(2);
    assertThat(prune(1, Duration.ZERO, Duration.ofMinutes(25))).isEmpty();
  }

  @Test
  void countsALateRollbackAsUse() throws Exception {
    publisher.switchTo(DEV, made.get(0));
    publisher.switchTo(DEV, made.get(5));
    // Left last of all, so it is the newest beside what the channel has.
    assertThat(prune(2, Duration.ZERO, Duration.ZERO)).containsExactly(4, 3, 2, 1);
  }

  @Test
  void asksForAtLeastOne() {
    assertThatThrownBy(() -> new Retention(0, Duration.ZERO, Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Retention(1, DAY.negated(), Duration.ZERO))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new Retention(1, Duration.ZERO, DAY.negated()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void removesNothingWhereNothingWasPublished() throws Exception {
    assertThat(new Publisher(job.resolve("other"), () -> now).prune(1)).isEmpty();
    assertThat(job.resolve("other")).doesNotExist();
  }

  private List<Integer> prune(int keep, Duration age, Duration grace) throws IOException {
    return publisher.prune(new Retention(keep, age, grace)).stream()
        .map(made::indexOf)
        .toList();
  }
}
