package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Footprint;
import org.slipway.build.Phase;
import org.slipway.build.PhaseTime;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.Inventory;
import org.slipway.plan.KnownPackage;

/** What a farm store promises of packages in slots: who has one, what became of it. */
abstract class SlotContract extends FarmStoreContract {
  @Test
  void onlyOneOfManyTakesAPackageIntoASlot() throws Exception {
    BuildId build = begin(Sample.job(), Sample.build(FOO));
    try (FarmStore other = FarmStore.open(database(), InstantSource.fixed(NOW))) {
      List<Optional<Integer>> claims = IntStream.range(0, 16)
          .parallel()
          .mapToObj(i -> (i % 2 == 0 ? store : other).claim(build, Sample.spec(FOO), i + 1))
          .toList();
      assertThat(claims).filteredOn(Optional::isPresent).containsExactly(Optional.of(1));
    }
    PackageRecord taken = row(build, FOO);
    assertThat(taken.state()).isEqualTo(PackageState.BUILDING);
    assertThat(taken.slot()).isPresent();
    assertThat(taken.started()).contains(NOW);
    assertThat(taken.log()).isTrue();
  }

  @Test
  void aBuiltPackageIsThereForTheNextPlan() {
    JobName job = Sample.job();
    BuildId build = begin(job, Sample.build(FOO), Sample.build(BAR, FOO));
    KnownPackage known = known(FOO);
    int attempt = store.claim(build, Sample.spec(FOO), 2).orElseThrow();
    store.phase(build, Sample.spec(FOO), attempt, Phase.STAGE);
    assertThat(row(build, FOO).phase()).contains(Phase.STAGE);
    assertThat(row(build, FOO).phaseStarted()).contains(NOW);

    assertThat(store.built(build, attempt, known, Sample.PHASES)).isTrue();
    store.ready(build, Sample.spec(BAR));

    PackageRecord row = row(build, FOO);
    assertThat(row.state()).isEqualTo(PackageState.BUILT);
    assertThat(row.built()).contains(known.built());
    assertThat(row.phases()).isEqualTo(Sample.PHASES);
    assertThat(row.slot()).isEmpty();
    assertThat(row(build, BAR).state()).isEqualTo(PackageState.READY);
    Inventory inventory = store.inventory(job);
    assertThat(inventory.find(known.key())).contains(known);
    assertThat(inventory.latest()).containsOnly(java.util.Map.entry(Sample.spec(FOO), known));
    Inventory others = store.inventory(Sample.job());
    assertThat(others.find(known.key())).contains(known);
    assertThat(others.latest()).isEmpty();
  }

  @Test
  void theNewestPackageOfAPortIsItsLatestBuiltOrReused() {
    JobName job = Sample.job();
    KnownPackage old = known(FOO);
    KnownPackage young = known(FOO);
    BuildId first = begin(job, Sample.build(FOO));
    store.built(first, store.claim(first, Sample.spec(FOO), 1).orElseThrow(), old, List.of());
    BuildId second = begin(job, Sample.build(FOO));
    store.built(second, store.claim(second, Sample.spec(FOO), 1).orElseThrow(), young, List.of());
    assertThat(store.inventory(job).latest()).containsEntry(Sample.spec(FOO), young);

    BuildId third = begin(job, Sample.build(FOO));
    assertThat(store.reused(third, old, "its dependencies are what they were")).isTrue();
    assertThat(store.reused(third, young, "again")).isFalse();
    PackageRecord row = row(third, FOO);
    assertThat(row.state()).isEqualTo(PackageState.REUSED);
    assertThat(row.reason()).isEqualTo("its dependencies are what they were");
    assertThat(store.inventory(job).latest()).containsEntry(Sample.spec(FOO), old);

    BuildId fourth = begin(job, Sample.build(FOO));
    store.failed(
        fourth,
        Sample.spec(FOO),
        store.claim(fourth, Sample.spec(FOO), 1).orElseThrow(),
        Sample.failed("no"));
    assertThat(store.inventory(job).latest()).containsEntry(Sample.spec(FOO), old);
  }

  @Test
  void ofTwoArchivesWithOneKeyTheNewestCounts() throws Exception {
    JobName job = Sample.job();
    String source = UUID.randomUUID().toString();
    KnownPackage first = Sample.known(FOO, source, source + " at noon");
    KnownPackage second = Sample.known(FOO, source, source + " at one");
    BuildId one = begin(job, Sample.build(FOO));
    store.built(one, store.claim(one, Sample.spec(FOO), 1).orElseThrow(), first, List.of());
    try (FarmStore later =
        FarmStore.open(database(), InstantSource.fixed(NOW.plusSeconds(3_600)))) {
      BuildId two = begin(job, Sample.build(FOO));
      later.built(two, later.claim(two, Sample.spec(FOO), 1).orElseThrow(), second, List.of());
    }
    assertThat(store.inventory(job).find(first.key())).contains(second);
    assertThat(row(one, FOO).built()).contains(first.built());
  }

  @Test
  void anAttemptThatFailedIsKeptWhileThePackageIsTriedAgain() {
    BuildId build = begin(Sample.job(), Sample.build(FOO));
    OriginSpec spec = Sample.spec(FOO);
    int first = store.claim(build, spec, 1).orElseThrow();
    assertThat(store.again(build, spec, first, Sample.failed("it is away"), 3, NOW.plusSeconds(60)))
        .isTrue();
    PackageRecord waiting = row(build, FOO);
    assertThat(waiting.state()).isEqualTo(PackageState.READY);
    assertThat(waiting.slot()).isEmpty();
    assertThat(waiting.phase()).isEmpty();
    assertThat(waiting.failure()).isEmpty();
    assertThat(waiting.tries().next()).contains(NOW.plusSeconds(60));
    BuildResult.Failed failed = Sample.failed("it is away");
    assertThat(waiting.tries().failed())
        .containsExactly(new Tries.Failed(3, failed.failure(), failed.phase(), "it is away"));
    assertThat(store.again(build, spec, first, failed, 3, NOW)).as("late").isFalse();

    // As a farm does that comes back meanwhile.
    store.plan(build, Sample.plan(Sample.build(FOO)));
    assertThat(row(build, FOO).tries()).isEqualTo(waiting.tries());
    int second = store.claim(build, spec, 2).orElseThrow();
    assertThat(second).isEqualTo(2);
    assertThat(row(build, FOO).tries().next()).isEmpty();
    assertThat(store.again(build, spec, first, failed, 3, NOW)).as("late").isFalse();
    assertThat(store.again(build, spec, second, Sample.failed("a\u0000 b"), 3, NOW))
        .isTrue();
    int third = store.claim(build, spec, 2).orElseThrow();
    assertThat(store.failed(build, spec, third, Sample.failed("for good"))).isTrue();
    PackageRecord over = row(build, FOO);
    assertThat(over.state()).isEqualTo(PackageState.FAILED);
    assertThat(over.message()).contains("for good");
    assertThat(over.tries().failed())
        .extracting(Tries.Failed::message)
        .containsExactly("it is away", "a\uFFFD b");
  }

  @Test
  void aBuildIsCancelledUntilItIsPublished() {
    BuildId build = begin(Sample.job(), Sample.build(FOO), Sample.build(BAR, FOO));
    int attempt = store.claim(build, Sample.spec(FOO), 1).orElseThrow();
    assertThat(store.cancel(build, "cancelled by ada")).isTrue();
    assertThat(store.build(build).orElseThrow().state()).isEqualTo(BuildState.CANCELLED);
    assertThat(store.build(build).orElseThrow().problem()).contains("cancelled by ada");
    assertThat(row(build, FOO).reason()).isEqualTo("the build was cancelled by ada");
    assertThat(store.built(build, attempt, known(FOO), List.of())).isFalse();
    assertThat(store.cancel(build, "cancelled by bob")).isFalse();

    BuildId late = begin(Sample.job(), Sample.build(FOO));
    store.state(late, BuildState.PUBLISHING);
    assertThat(store.cancel(late, "cancelled by ada")).isFalse();
    assertThat(store.build(late).orElseThrow().state()).isEqualTo(BuildState.PUBLISHING);
  }

  @Test
  void plannedAgainAfterARestartKeepsWhatIsFinished() {
    BuildId build = begin(
        Sample.job(),
        Sample.build(FOO),
        Sample.build("devel/broken"),
        Sample.build("devel/running"),
        Sample.build("devel/gone"),
        Sample.build(BAR, FOO));
    KnownPackage foo = known(FOO);
    store.built(build, store.claim(build, Sample.spec(FOO), 1).orElseThrow(), foo, Sample.PHASES);
    OriginSpec broken = Sample.spec("devel/broken");
    store.failed(build, broken, store.claim(build, broken, 2).orElseThrow(), Sample.failed("no"));
    OriginSpec running = Sample.spec("devel/running");
    int lost = store.claim(build, running, 2).orElseThrow();
    store.phase(build, running, lost, Phase.FETCH);

    store.plan(
        build,
        Sample.plan(
            Sample.reuse(foo),
            Sample.build("devel/broken"),
            Sample.build("devel/running"),
            Sample.build(BAR)));

    assertThat(row(build, FOO).state()).isEqualTo(PackageState.BUILT);
    assertThat(row(build, FOO).reason()).isEqualTo("files of devel/libfoo changed");
    assertThat(row(build, FOO).phases()).isEqualTo(Sample.PHASES);
    assertThat(row(build, "devel/broken").state()).isEqualTo(PackageState.FAILED);
    PackageRecord again = row(build, "devel/running");
    assertThat(again.state()).isEqualTo(PackageState.READY);
    assertThat(again.slot()).isEmpty();
    assertThat(again.phase()).isEmpty();
    assertThat(row(build, BAR).state()).isEqualTo(PackageState.READY);
    assertThat(store.find(build, Sample.spec("devel/gone"))).isEmpty();

    assertThat(store.built(build, lost, known("devel/running"), List.of())).isFalse();
    int attempt = store.claim(build, running, 1).orElseThrow();
    assertThat(attempt).isEqualTo(lost + 1);
  }

  @Test
  void refusesResultsOfAnAttemptThatIsNotTheCurrentOne() {
    JobName job = Sample.job();
    BuildId build = begin(job, Sample.build(FOO));
    OriginSpec spec = Sample.spec(FOO);
    int stale = store.claim(build, spec, 1).orElseThrow();
    store.plan(build, Sample.plan(Sample.build(FOO)));
    int current = store.claim(build, spec, 2).orElseThrow();
    KnownPackage late = known(FOO);

    store.phase(build, spec, stale, Phase.PACKAGE);
    assertThat(store.built(build, stale, late, List.of())).isFalse();
    assertThat(store.failed(build, spec, stale, Sample.failed("late"))).isFalse();
    assertThat(row(build, FOO).phase()).isEmpty();
    assertThat(row(build, FOO).state()).isEqualTo(PackageState.BUILDING);
    assertThat(store.inventory(job).find(late.key())).isEmpty();

    assertThat(store.failed(build, spec, current, Sample.failed("cc: no such file")))
        .isTrue();
    assertThat(store.built(build, current, late, List.of())).isFalse();
    PackageRecord row = row(build, FOO);
    assertThat(row.state()).isEqualTo(PackageState.FAILED);
    assertThat(row.failure()).contains(FailureClass.COMPILE);
    assertThat(row.phase()).contains(Phase.BUILD);
    assertThat(row.message()).contains("cc: no such file");
    assertThat(store.claim(build, spec, 1)).isEmpty();
  }

  @Test
  void keepsWhatABuildUsedAndTheLineThatTellsWhyItFailed() {
    JobName job = Sample.job();
    BuildId build = begin(job, Sample.build(FOO), Sample.build(BAR));
    Footprint footprint = new Footprint(
        Optional.of(Duration.ofMillis(81_234)),
        OptionalLong.of(3L << 30),
        OptionalLong.of(5L << 30),
        123_456_789_012L);
    List<PhaseTime> phases = List.of(
        new PhaseTime(Phase.FETCH, Duration.ofMillis(7)),
        new PhaseTime(
            Phase.CONFIGURE,
            Duration.ofMillis(12),
            Optional.of(Duration.ofMillis(11)),
            OptionalLong.empty()),
        new PhaseTime(Phase.BUILD, Duration.ofMillis(90), Optional.empty(), OptionalLong.of(4096)));
    KnownPackage plain = known(FOO);
    KnownPackage known = new KnownPackage(
        plain.spec(),
        plain.key(),
        plain.built(),
        plain.took(),
        footprint.cpu(),
        footprint.peakMemoryBytes());
    int attempt = store.claim(build, Sample.spec(FOO), 1).orElseThrow();
    assertThat(store.built(build, attempt, known, phases, footprint)).isTrue();
    PackageRecord built = row(build, FOO);
    assertThat(built.footprint()).isEqualTo(footprint);
    assertThat(built.phases()).isEqualTo(phases);
    assertThat(built.quote()).isEmpty();
    assertThat(store.inventory(job).find(known.key())).contains(known);

    BuildResult.Failed failed = new BuildResult.Failed(
        FailureClass.PROCESS_LIMIT,
        Phase.LIB_DEPENDS,
        "it could not fork",
        Optional.of(new BuildResult.Quote(4_000_000_000L, "sh: fork: \u0000 \ud83d no")),
        phases,
        footprint,
        Optional.empty());
    int other = store.claim(build, Sample.spec(BAR), 2).orElseThrow();
    assertThat(store.failed(build, Sample.spec(BAR), other, failed)).isTrue();
    PackageRecord row = row(build, BAR);
    assertThat(row.quote())
        .contains(new BuildResult.Quote(4_000_000_000L, "sh: fork: \ufffd \ufffd no"));
    assertThat(row.footprint()).isEqualTo(footprint);
    assertThat(row.failure()).contains(FailureClass.PROCESS_LIMIT);
    assertThat(row.phase()).contains(Phase.LIB_DEPENDS);
  }

  @Test
  void skipsOnlyWhatIsInNoSlot() {
    BuildId build = begin(Sample.job(), Sample.build(FOO), Sample.build(BAR, FOO));
    assertThat(store.claim(build, Sample.spec(FOO), 1)).contains(1);
    store.skipped(build, Sample.spec(FOO), "no");
    store.skipped(build, Sample.spec(BAR), "devel/libfoo failed");
    store.ready(build, Sample.spec(BAR));

    assertThat(row(build, FOO).state()).isEqualTo(PackageState.BUILDING);
    assertThat(row(build, BAR).state()).isEqualTo(PackageState.SKIPPED);
    assertThat(row(build, BAR).reason()).isEqualTo("devel/libfoo failed");
  }

  @Test
  void tellsSinceWhichBuildAPackageFails() {
    JobName job = Sample.job();
    OriginSpec spec = Sample.spec(FOO);
    BuildId good = begin(job, Sample.build(FOO));
    store.built(good, store.claim(good, spec, 1).orElseThrow(), known(FOO), List.of());
    assertThat(store.failingSince(job, spec)).isEmpty();

    store.recordCommits(job, List.of(Sample.commit(2), Sample.commit(3)));
    BuildId broke = store.begin(job, Sample.commitId(2));
    BuildId still = store.begin(job, Sample.commitId(3));
    for (BuildId each : List.of(broke, still)) {
      store.plan(each, Sample.plan(Sample.build(FOO)));
      store.failed(each, spec, store.claim(each, spec, 1).orElseThrow(), Sample.failed("no"));
    }
    BuildRecord since = store.failingSince(job, spec).orElseThrow();
    assertThat(since.id()).isEqualTo(broke);
    assertThat(since.commit()).isEqualTo(Sample.commit(2));
    assertThat(store.history(job, spec, 2))
        .extracting(PackageRecord::build)
        .containsExactly(still, broke);
    assertThat(store.history(Sample.job(), spec, 2)).isEmpty();

    BuildId repaired = begin(job, Sample.reuse(known(FOO)));
    assertThat(store.failingSince(job, spec)).isEmpty();
    assertThat(store.history(job, spec, 9))
        .extracting(PackageRecord::build)
        .containsExactly(still, broke, good)
        .doesNotContain(repaired);
  }
}
