package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;
import org.slipway.publish.ChannelName;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.Counts;
import org.slipway.store.JobName;
import org.slipway.store.OverlayCommit;
import org.slipway.store.OverlayHead;
import org.slipway.tree.Commit;
import org.slipway.tree.CommitId;
import org.slipway.tree.Fork;
import org.slipway.tree.TreeException;

class TreesTest {
  private static final String PORT = "www/port/Makefile";

  @TempDir
  Path folder;

  private Fork fork;
  private Fork over;
  private Home home;

  @BeforeEach
  void open() throws IOException {
    fork = new Fork(folder.resolve("fork.git"));
    over = new Fork(folder.resolve("over.git"));
    fork.file(PORT, "fork 1\n").file("www/own/Makefile", "own\n").commit("Fork");
    over.file(PORT, "over 1\n").commit("Overlay");
    home = Home.open(folder.resolve("home"));
  }

  @AfterEach
  void close() {
    home.close();
    over.close();
    fork.close();
  }

  @Test
  void pinsEveryTreeAtTheCommitsOfABuildUnderTheNamesThatPortsSee() throws IOException {
    try (Trees trees = Trees.open(job(overlay("team-a")), home)) {
      BuildRecord build = build(trees, trees.fetch());
      CommitId later = over.file(PORT, "over 2\n").commit("Later");
      assertThat(trees.fetch().overlays()).containsExactly(new OverlayHead("team-a", later));
      try (Ground ground = trees.pin(build)) {
        assertThat(ground.sources().overlays()).hasSize(1);
        assertThat(ground.sources().overlays().get(0).name()).isEqualTo("team-a");
        assertThat(ground.tree().resolve(PORT)).hasContent("fork 1\n");
        Path seen = ground.overlays().get(0);
        assertThat(seen.getFileName()).hasToString("team-a");
        assertThat(seen.resolve(PORT)).hasContent("over 1\n");
      }
      assertThat(home.overlays(new JobName("test"), new BuildId(1))).doesNotExist();
    }
  }

  @Test
  void takesAnOverlayThatCannotBeReachedAsItWasLastSeen() throws IOException {
    try (Trees trees = Trees.open(job(overlay("team-a")), home)) {
      List<OverlayHead> seen = trees.fetch().overlays();
      Files.move(folder.resolve("over.git"), folder.resolve("away.git"));
      CommitId news = fork.file(PORT, "fork 2\n").commit("A fix");
      Trees.Heads heads = trees.fetch();
      assertThat(heads.fork()).isEqualTo(news);
      assertThat(heads.overlays()).isEqualTo(seen);
    }
  }

  @Test
  void refusesToOpenWithAnOverlayThatWasNeverSeen() throws IOException {
    Job job = job(new Job.Overlay("gone", folder.resolve("gone.git").toString(), "main"));
    assertThatThrownBy(() -> Trees.open(job, home))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("gone.git");
    // Nothing stays locked.
    Trees.open(job(), home).close();
  }

  @Test
  void refusesABuildThatWasBegunWithOtherOverlays() throws IOException {
    BuildRecord build;
    try (Trees trees = Trees.open(job(overlay("a"), overlay("b")), home)) {
      build = build(trees, trees.fetch());
    }
    try (Trees trees = Trees.open(job(overlay("b")), home)) {
      assertThatThrownBy(() -> trees.pin(build))
          .isInstanceOf(FarmException.class)
          .hasMessage("it was begun with the overlays a, b, and the job file has the overlay b now;"
              + " the next build has those");
    }
  }

  @Test
  void tellsOfAFolderInAnOverlayWhenTheOverlayChangedIt() throws IOException {
    try (Trees trees = Trees.open(job(overlay("team-a")), home)) {
      over.file("www/more/Makefile", "more\n").commit("More");
      fork.file("www/own/Makefile", "own 2\n").commit("Own");
      fork.file("x", "x\n").commit("X");
      BuildRecord build = build(trees, trees.fetch());
      Map<String, Instant> changes = trees.lastChanges(
          build, List.of("www/own", "overlays/team-a/www/more", "overlays/team-a/www/port"));
      // The fork's clock counts seconds, a commit each.
      Instant begin = Instant.ofEpochSecond(1_700_000_000);
      assertThat(changes)
          .containsOnly(
              Map.entry("www/own", begin.plusSeconds(1)),
              Map.entry("overlays/team-a/www/more", begin.plusSeconds(1)),
              Map.entry("overlays/team-a/www/port", begin));
    }
  }

  private Job.Overlay overlay(String name) {
    return new Job.Overlay(name, folder.resolve("over.git").toString(), "main");
  }

  private static BuildRecord build(Trees trees, Trees.Heads heads) throws IOException {
    List<OverlayCommit> overlays = trees.commits(heads.overlays());
    List<Commit> news = trees.news(Optional.empty(), heads.fork(), 5);
    return new BuildRecord(
        new BuildId(1),
        new JobName("test"),
        news.get(news.size() - 1),
        BuildState.QUEUED,
        Instant.EPOCH,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        new Counts(0, 0, 0, 0, 0, 0, 0, 0),
        overlays);
  }

  private Job job(Job.Overlay... overlays) {
    Duration minutes = Duration.ofMinutes(5);
    return new Job(
        new JobName("test"),
        new Job.Tree(folder.resolve("fork.git").toString(), "main", List.of(overlays)),
        new Target(Abi.parse("Linux:3.2:x86_64"), new Base.Host(), "host"),
        List.of("www/port"),
        Job.Settings.NONE,
        new Job.Trigger(Duration.ofHours(1), Optional.empty()),
        new Job.Build(2, minutes, minutes, 0, 1 << 20, Optional.empty(), true),
        new Job.Publish(new ChannelName("dev"), "farm", 5, List.of(), 0));
  }
}
