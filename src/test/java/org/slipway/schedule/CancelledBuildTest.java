package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Note;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

/** Builds that are ended in the middle, with real jails. */
class CancelledBuildTest {
  private static final OriginSpec TOOL = OriginSpec.parse("devel/mktable");
  private static final OriginSpec LIBRARY = OriginSpec.parse("devel/libmarl");
  private static final Note ADA = new Note("ada", "the wrong branch");
  private static final BuildId FIRST = new BuildId(1);

  @TempDir
  Path folder;

  private Path fork;
  private Path makefile;
  private String good = "";

  @BeforeEach
  void lay() throws IOException {
    fork = TestFarm.fork(folder);
    makefile = fork.resolve("devel/mktable/Makefile");
    good = Files.readString(makefile);
  }

  private TestFarm farm() throws IOException {
    Job job = TestFarm.job(
        fork,
        List.of("devel/mktable", "devel/libmarl"),
        1,
        new Retries(Map.of(), Duration.ofHours(1)),
        Optional.empty());
    return new TestFarm(folder.resolve("home"), job, InstantSource.system());
  }

  private void mend() throws IOException {
    Files.writeString(makefile, good);
    TestFarm.commit(fork, "devel/mktable: come to an end");
  }

  @Test
  void endsItsJailsAndPublishesNothingAndFreesTheSlot() throws Exception {
    TestFarm.add(fork, "devel/mktable", "do-build:\n\t@while :; do sleep 1; done\n");
    TestFarm.commit(fork, "devel/mktable: never end");
    try (TestFarm farm = farm().started()) {
      TestFarm.until(() -> farm.store
          .find(FIRST, TOOL)
          .flatMap(PackageRecord::phase)
          .filter(Phase.BUILD::equals)
          .isPresent());
      mend();

      assertThat(farm.farm.cancel(FIRST, ADA)).isEqualTo(Cancellation.CANCELLED);

      BuildRecord build = farm.find(1).orElseThrow();
      assertThat(build.state()).isEqualTo(BuildState.CANCELLED);
      assertThat(build.finished()).isPresent();
      assertThat(build.problem()).hasValue("cancelled by ada: the wrong branch");
      assertThat(build.snapshot()).isEmpty();
      assertThat(farm.row(1, TOOL).state()).isEqualTo(PackageState.SKIPPED);
      assertThat(farm.row(1, TOOL).reason())
          .isEqualTo("the build was cancelled by ada: the wrong branch");
      assertThat(farm.farm.cancel(FIRST, ADA)).isEqualTo(Cancellation.OVER);
      TestFarm.until(() -> jails().noneMatch(name -> name.contains("mktable")));

      // There is one slot; and what came in meanwhile is built without anybody asking.
      assertThat(farm.ended(2).state()).isEqualTo(BuildState.DONE);
      assertThat(farm.row(2, TOOL).state()).isEqualTo(PackageState.BUILT);
      assertThat(farm.row(1, TOOL).state()).isEqualTo(PackageState.SKIPPED);
      assertThat(farm.publisher().history(new ChannelName("dev"))).hasSize(1);
    }
  }

  @Test
  void endsAnEvaluationThatTakesForever() throws Exception {
    TestFarm.add(fork, "devel/mktable", """
        .for a in ${:U1:range=1000}
        .for b in ${:U1:range=1000}
        .for c in ${:U1:range=1000}
        X=1
        .endfor
        .endfor
        .endfor
        """);
    TestFarm.commit(fork, "devel/mktable: count");
    try (TestFarm farm = farm().started()) {
      TestFarm.until(() ->
          farm.find(1).filter(each -> each.state() == BuildState.EVALUATING).isPresent());
      mend();
      assertThat(farm.farm.cancel(FIRST, ADA)).isEqualTo(Cancellation.CANCELLED);
      assertThat(farm.ended(2).state()).isEqualTo(BuildState.DONE);
      assertThat(farm.find(1).orElseThrow().state()).isEqualTo(BuildState.CANCELLED);
      assertThat(farm.store.packages(FIRST)).isEmpty();
    }
  }

  @Test
  void endsABuildThatWaitsToTryAgain() throws Exception {
    TestFarm.add(fork, "devel/mktable", """
        do-build:
        	@echo 'cc1: out of memory allocating 65536 bytes after a total of 1024 bytes'; exit 1
        """);
    TestFarm.commit(fork, "devel/mktable: take too much");
    try (TestFarm farm = farm().started()) {
      TestFarm.until(() -> farm.store
          .find(FIRST, TOOL)
          .filter(row -> row.tries().next().isPresent())
          .isPresent());
      TestFarm.until(() -> farm.row(1, LIBRARY).state() == PackageState.BUILT);
      assertThat(farm.farm.cancel(FIRST, new Note("ada", ""))).isEqualTo(Cancellation.CANCELLED);
      PackageRecord row = farm.row(1, TOOL);
      assertThat(row.state()).isEqualTo(PackageState.SKIPPED);
      assertThat(row.tries().next()).isEmpty();
      assertThat(row.reason()).isEqualTo("the build was cancelled by ada");
      assertThat(farm.row(1, LIBRARY).state()).isEqualTo(PackageState.BUILT);
    }
  }

  @Test
  void isAskedForThroughTheFolderOfAFarmThatRuns() throws Exception {
    TestFarm.add(fork, "devel/mktable", "do-build:\n\t@while :; do sleep 1; done\n");
    TestFarm.commit(fork, "devel/mktable: never end");
    Path home = folder.resolve("home");
    Duration patience = Duration.ofMinutes(5);
    try (TestFarm farm = farm().started()) {
      TestFarm.until(() -> farm.store
          .find(FIRST, TOOL)
          .filter(row -> row.state() == PackageState.BUILDING)
          .isPresent());
      assertThat(Requests.cancel(home, new BuildId(7), ADA, patience))
          .hasValue(Cancellation.UNKNOWN);
      assertThat(Requests.cancel(home, FIRST, ADA, patience)).hasValue(Cancellation.CANCELLED);
      assertThat(farm.find(1).orElseThrow().state()).isEqualTo(BuildState.CANCELLED);
    }
  }

  private Stream<String> jails() throws IOException {
    try (Stream<Path> all = Files.walk(folder.resolve("home/jails"), 2)) {
      return all.map(each -> String.valueOf(each.getFileName())).toList().stream();
    }
  }
}
