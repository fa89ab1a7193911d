package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.slipway.evaluate.Finding;
import org.slipway.plan.Decision;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;
import org.slipway.repository.SnapshotId;
import org.slipway.tree.Commit;

/**
 * What a farm store promises on any database. One database a class, as a farm has one, and a job a
 * test, so that the tests also stand in each other's way as jobs do.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class FarmStoreContract {
  static final Instant NOW = Instant.parse("2026-11-22T10:00:00.123Z");
  static final String FOO = "devel/libfoo";
  static final String BAR = "www/bar@py311";

  FarmStore store;

  abstract DatabaseSettings database() throws Exception;

  @BeforeAll
  void open() throws Exception {
    store = FarmStore.open(database(), InstantSource.fixed(NOW));
  }

  @AfterAll
  void close() {
    store.close();
  }

  BuildId begin(JobName job) {
    store.recordCommits(job, List.of(Sample.commit(1)));
    return store.begin(job, Sample.commitId(1));
  }

  BuildId begin(JobName job, PlannedPackage... packages) {
    BuildId build = begin(job);
    store.plan(build, Sample.plan(packages));
    return build;
  }

  PackageRecord row(BuildId build, String spec) {
    return store.find(build, Sample.spec(spec)).orElseThrow();
  }

  /** Of a source that no other test knows. */
  static KnownPackage known(String spec) {
    String source = UUID.randomUUID().toString();
    return Sample.known(spec, source, source);
  }

  @Test
  void keepsCommitsAsTheyCameAndGivesTheNewestFirst() {
    JobName job = Sample.job();
    store.recordCommits(job, List.of(Sample.commit(1), Sample.commit(2)));
    Commit second = Sample.commit(2);
    Commit forged = new Commit(
        second.id(), second.parent(), "Mallory", "", second.time(), "nothing", List.of());
    store.recordCommits(job, List.of(forged, Sample.commit(3), Sample.commit(3)));

    assertThat(store.commits(job, 10))
        .containsExactly(Sample.commit(3), Sample.commit(2), Sample.commit(1));
    assertThat(store.commits(job, 1)).containsExactly(Sample.commit(3));
    assertThat(store.commits(Sample.job(), 10)).isEmpty();
  }

  @Test
  void keepsHostileTextsWithinBounds() {
    JobName job = Sample.job();
    Commit hostile = new Commit(
        Sample.commitId(1),
        Optional.empty(),
        "a\0b\uD800c😀",
        "x".repeat(100_000),
        NOW,
        "'; DROP TABLE builds; --\0" + "y".repeat(200_000),
        List.of("devel/\0😀\uDC00", "z".repeat(2_000_000)));
    store.recordCommits(job, List.of(hostile));

    Commit kept = store.commits(job, 1).get(0);
    assertThat(kept.author()).isEqualTo("a\uFFFDb\uFFFDc😀");
    assertThat(kept.email()).hasSize(512).endsWith("x…");
    assertThat(kept.message()).hasSize(65_536).startsWith("'; DROP TABLE builds; --\uFFFDy");
    assertThat(kept.changedPaths()).hasSize(2);
    assertThat(kept.changedPaths().get(1)).hasSize(2_000_000);

    BuildId build = store.begin(job, Sample.commitId(1));
    store.plan(build, Sample.plan(Sample.planned(FOO, new Decision.Ignore("no\0way"))));
    assertThat(row(build, FOO).reason()).isEqualTo("no\uFFFDway");
  }

  @Test
  void keepsWhatLiesOverABuildsTreeInItsOrder() {
    JobName job = Sample.job();
    store.recordCommits(job, List.of(Sample.commit(1)));
    // One commit may be of two trees, where one is a branch of the other.
    OverlayCommit private_ = new OverlayCommit("private", Sample.commit(1));
    OverlayCommit web = new OverlayCommit("a-web", Sample.commit(2));
    OverlayCommit newer = new OverlayCommit("a-web", Sample.commit(3));
    BuildId bare = store.begin(job, Sample.commitId(1));
    assertThat(store.lastOverlays(job)).isEmpty();
    BuildId first = store.begin(job, Sample.commitId(1), List.of(private_, web));
    BuildId second = store.begin(job, Sample.commitId(1), List.of(newer, private_));

    assertThat(store.build(bare).orElseThrow().overlays()).isEmpty();
    assertThat(store.build(first).orElseThrow().overlays()).containsExactly(private_, web);
    assertThat(store.builds(Optional.of(job), 2))
        .extracting(BuildRecord::overlays)
        .containsExactly(List.of(newer, private_), List.of(private_, web));
    assertThat(store.lastOverlays(job)).containsExactly(newer.head(), private_.head());
    assertThat(store.lastOverlays(Sample.job())).isEmpty();
    assertThat(store.build(second).orElseThrow().commit()).isEqualTo(Sample.commit(1));
  }

  @Test
  void refusesABuildOfACommitThatIsNotRecorded() {
    JobName job = Sample.job();
    assertThatThrownBy(() -> store.begin(job, Sample.commitId(7)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not recorded");
    assertThat(store.builds(Optional.of(job), 10)).isEmpty();
  }

  @Test
  void givesEveryBuildANumberOfItsOwnThatCountsUp() {
    JobName job = Sample.job();
    store.recordCommits(job, List.of(Sample.commit(1)));
    List<BuildId> begun = IntStream.range(0, 24)
        .parallel()
        .mapToObj(i -> store.begin(job, Sample.commitId(1)))
        .toList();

    assertThat(begun).doesNotHaveDuplicates();
    BuildId next = store.begin(job, Sample.commitId(1));
    assertThat(begun).allMatch(each -> each.number() < next.number());
    assertThat(store.builds(Optional.of(job), 100)).hasSize(25);
    assertThat(store.builds(Optional.of(job), 1)).extracting(BuildRecord::id).containsExactly(next);
  }

  @Test
  void followsABuildFromQueuedToDone() {
    JobName job = Sample.job();
    store.recordCommits(job, List.of(Sample.commit(1), Sample.commit(2)));
    BuildId build = store.begin(job, Sample.commitId(2));

    BuildRecord queued = store.build(build).orElseThrow();
    assertThat(queued.state()).isEqualTo(BuildState.QUEUED);
    assertThat(queued.commit()).isEqualTo(Sample.commit(2));
    assertThat(queued.created()).isEqualTo(NOW);
    assertThat(queued.started()).isEmpty();
    assertThat(store.lastBuilt(job)).contains(Sample.commitId(2));
    assertThat(store.unfinished()).extracting(BuildRecord::id).contains(build);

    store.state(build, BuildState.EVALUATING);
    assertThat(store.build(build).orElseThrow().started()).contains(NOW);
    store.plan(
        build,
        Sample.plan(
            List.of(Sample.build(FOO)),
            List.of(
                new Finding(Optional.of(Sample.spec(BAR)), "no such flavor"),
                new Finding(Optional.empty(), "MOVED has a loop"))));
    store.finish(
        build, BuildState.DONE, Optional.of(new SnapshotId("0123456789abcdef")), Optional.empty());

    BuildRecord done = store.build(build).orElseThrow();
    assertThat(done.state()).isEqualTo(BuildState.DONE);
    assertThat(done.finished()).contains(NOW);
    assertThat(done.snapshot()).contains(new SnapshotId("0123456789abcdef"));
    assertThat(done.findings()).containsExactly(BAR + ": no such flavor", "MOVED has a loop");
    assertThat(store.unfinished()).extracting(BuildRecord::id).doesNotContain(build);
  }

  @Test
  void aFinishedBuildNeverChangesBack() {
    BuildId build = begin(Sample.job(), Sample.build(FOO), Sample.build(BAR));
    int attempt = store.claim(build, Sample.spec(FOO), 1).orElseThrow();
    store.finish(build, BuildState.CANCELLED, Optional.empty(), Optional.of("cancelled by ada"));
    BuildRecord cancelled = store.build(build).orElseThrow();
    assertThat(cancelled.counts()).isEqualTo(new Counts(0, 0, 0, 0, 0, 0, 2, 0));
    assertThat(row(build, BAR).reason()).isEqualTo("the build was cancelled by ada");

    store.state(build, BuildState.BUILDING);
    store.finish(build, BuildState.DONE, Optional.empty(), Optional.empty());
    store.plan(build, Sample.plan(Sample.build("lang/new")));

    assertThat(store.build(build)).contains(cancelled);
    assertThat(store.packages(build)).hasSize(2);
    assertThat(store.claim(build, Sample.spec(BAR), 1)).isEmpty();
    assertThat(store.built(build, attempt, known(FOO), Sample.PHASES)).isFalse();
    assertThatThrownBy(() -> store.state(build, BuildState.DONE))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void keepsAPlanAsRowsInTheOrderOfTheirSpecs() {
    KnownPackage known = known("archivers/zz");
    BuildId build = begin(
        Sample.job(),
        Sample.build(FOO),
        Sample.build(BAR, FOO, "archivers/zz"),
        Sample.reuse(known),
        Sample.planned("devel/Upper", new Decision.Ignore("BROKEN: does not build")),
        Sample.planned("devel/a_b", new Decision.Skip("www/x is ignored", List.of())));

    assertThat(store.packages(build))
        .extracting(each -> each.spec().toString())
        .containsExactly("archivers/zz", "devel/Upper", "devel/a_b", FOO, BAR);
    PackageRecord foo = row(build, FOO);
    assertThat(foo.state()).isEqualTo(PackageState.READY);
    assertThat(foo.name()).hasToString("libfoo-1.0");
    assertThat(foo.reason()).isEqualTo("files of devel/libfoo changed");
    assertThat(foo.comment()).isEqualTo("About devel/libfoo");
    assertThat(foo.maintainer()).isEqualTo("ports@example.org");
    assertThat(foo.expected()).isEqualTo(Duration.ofSeconds(30));
    assertThat(foo.critical()).isEqualTo(Duration.ofSeconds(90));
    assertThat(foo.attempt()).isZero();
    assertThat(foo.log()).isFalse();
    PackageRecord bar = row(build, BAR);
    assertThat(bar.state()).isEqualTo(PackageState.WAITING);
    assertThat(bar.waitsFor()).containsExactly(Sample.spec(FOO), Sample.spec("archivers/zz"));
    PackageRecord reused = row(build, "archivers/zz");
    assertThat(reused.state()).isEqualTo(PackageState.REUSED);
    assertThat(reused.built()).contains(known.built());
    assertThat(reused.finished()).contains(NOW);
    assertThat(row(build, "devel/Upper").state()).isEqualTo(PackageState.IGNORED);
    assertThat(row(build, "devel/a_b").state()).isEqualTo(PackageState.SKIPPED);

    assertThat(store.packages(build, Set.of(PackageState.READY, PackageState.SKIPPED)))
        .extracting(each -> each.spec().toString())
        .containsExactly("devel/a_b", FOO);
    Counts counts = new Counts(1, 1, 0, 0, 1, 0, 1, 1);
    assertThat(store.counts(List.of(build, new BuildId(Long.MAX_VALUE))))
        .containsOnly(java.util.Map.entry(build, counts));
    assertThat(store.build(build).orElseThrow().counts()).isEqualTo(counts);
  }
}
