package org.slipway.web;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.schedule.Forecast;
import org.slipway.schedule.Job;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

/**
 * A build's page. Each table holds its first rows and says how many there are; the rest is on the
 * page of packages.
 *
 * @param leftSeconds a forecast, while packages are left
 * @param impulsePerHour packages finished by building in the last ten minutes, as a rate
 * @param slots what each slot does; empty when the build is over
 */
record BuildView(
    BuildLine build,
    String phrase,
    @Nullable Double leftSeconds,
    @Nullable String expectedEnd,
    @Nullable Long impulsePerHour,
    List<String> findings,
    List<Slot> slots,
    Table failed,
    List<Culprit> skipped,
    Table building,
    Table ready,
    Table waiting,
    Table built,
    Table reused,
    Table ignored) {
  private static final int ROWS = 100;
  private static final int FINDINGS = 200;
  private static final int CULPRITS = 50;
  private static final int HITS = 30;

  /** A slot; without a package it is idle, and the note says why. */
  record Slot(
      int number, @Nullable PackageRow doing, @Nullable String note) {}

  /** The first rows of one state. */
  record Table(String state, int total, List<PackageRow> rows) {}

  /**
   * What kept others from being built.
   *
   * @param path the culprit's page, absent where a reason is all that is known
   * @param rows the first of them
   */
  record Culprit(String name, @Nullable String path, int total, List<Hit> rows) {}

  /** A package that was skipped. */
  record Hit(String spec, String path) {}

  static Optional<BuildView> read(BuildId id, Look look) {
    return look.site().store().build(id).map(build -> of(build, look.packages(id), look));
  }

  private static BuildView of(BuildRecord build, List<PackageRecord> packages, Look look) {
    int slots = look.job(build.job()).map(Job::build).map(Job.Build::slots).orElse(1);
    boolean forecast = build.state() == BuildState.BUILDING && !packages.isEmpty();
    Duration left = Forecast.remaining(packages, slots, look.now());
    return new BuildView(
        BuildLine.of(build, look),
        phrase(build),
        forecast ? Look.seconds(left) : null,
        forecast ? Look.moment(look.now().plus(left)) : null,
        build.state() == BuildState.BUILDING ? impulse(packages, look.now()) : null,
        build.findings().stream()
            .limit(FINDINGS)
            .map(each -> Clean.line(each, 1_000))
            .toList(),
        build.state() == BuildState.BUILDING ? slots(slots, packages, look) : List.of(),
        table(PackageState.FAILED, packages, look),
        culprits(packages),
        table(PackageState.BUILDING, packages, look),
        table(PackageState.READY, packages, look),
        table(PackageState.WAITING, packages, look),
        table(PackageState.BUILT, packages, look),
        table(PackageState.REUSED, packages, look),
        table(PackageState.IGNORED, packages, look));
  }

  /** What the state means, in words. */
  private static String phrase(BuildRecord build) {
    return switch (build.state()) {
      case QUEUED -> "waits for its turn";
      case EVALUATING -> "make is asked about every port of this commit";
      case BUILDING -> "packages are being built";
      case PUBLISHING -> "the repository is being written and signed";
      case DONE -> build.counts().failed() == 0 ? "published" : "published without what failed";
      case FAILED -> "ended without a repository";
      case CANCELLED -> "cancelled";
    };
  }

  private static @Nullable Long impulse(List<PackageRecord> packages, Instant now) {
    Instant since = now.minus(Duration.ofMinutes(10));
    long recent = packages.stream()
        .filter(each -> each.state() == PackageState.BUILT || each.state() == PackageState.FAILED)
        .filter(each -> each.finished().filter(end -> end.isAfter(since)).isPresent())
        .count();
    return recent == 0 ? null : recent * 6;
  }

  private static List<Slot> slots(int count, List<PackageRecord> packages, Look look) {
    List<PackageRecord> building = packages.stream()
        .filter(each -> each.state() == PackageState.BUILDING && each.slot().isPresent())
        .toList();
    boolean ready = packages.stream().anyMatch(each -> each.state() == PackageState.READY);
    long waiting =
        packages.stream().filter(each -> each.state() == PackageState.WAITING).count();
    String idle = ready
        ? "idle: takes the next package in a moment"
        : waiting > 0
            ? "idle: " + waiting + " left wait for what is building"
            : "idle: nothing is left to start";
    int highest =
        building.stream().mapToInt(each -> each.slot().orElse(0)).max().orElse(0);
    List<Slot> slots = new ArrayList<>();
    for (int number = 1; number <= Math.max(count, Math.min(highest, 1_000)); number++) {
      int slot = number;
      PackageRow row = building.stream()
          .filter(each -> each.slot().orElse(0) == slot)
          .findFirst()
          .map(each -> PackageRow.of(each, look))
          .orElse(null);
      slots.add(new Slot(number, row, row == null ? idle : null));
    }
    return slots;
  }

  private static Table table(PackageState state, List<PackageRecord> packages, Look look) {
    List<PackageRecord> found = ordered(state, packages);
    return new Table(
        state.word(),
        found.size(),
        found.stream().limit(ROWS).map(each -> PackageRow.of(each, look)).toList());
  }

  /**
   * What a person looks for first: the newest end, the next in line. All else stays as the store
   * gives it, by spec; what compares as equal does too.
   */
  static List<PackageRecord> ordered(PackageState state, List<PackageRecord> packages) {
    Comparator<PackageRecord> order = switch (state) {
      case BUILT, FAILED ->
        Comparator.comparing(
            each -> each.finished().orElse(Instant.EPOCH), Comparator.reverseOrder());
      case READY, WAITING ->
        Comparator.comparing(PackageRecord::critical, Comparator.reverseOrder());
      case BUILDING -> Comparator.comparing(each -> each.slot().orElse(0));
      case REUSED, SKIPPED, IGNORED -> Comparator.comparing(PackageRecord::state);
    };
    return packages.stream().filter(each -> each.state() == state).sorted(order).toList();
  }

  private static List<Culprit> culprits(List<PackageRecord> packages) {
    Map<String, String> paths = new HashMap<>();
    packages.stream()
        .filter(each -> each.state() == PackageState.FAILED || each.state() == PackageState.IGNORED)
        .forEach(each -> paths.put(each.spec().toString(), PackageRow.path(each)));
    List<Culprit> culprits = new ArrayList<>();
    for (Map.Entry<String, List<PackageRecord>> group : BlastRadius.of(packages).entrySet()) {
      if (culprits.size() == CULPRITS) {
        break;
      }
      List<Hit> hits = group.getValue().stream()
          .limit(HITS)
          .map(each -> new Hit(each.spec().toString(), PackageRow.path(each)))
          .toList();
      culprits.add(new Culprit(
          group.getKey(), paths.get(group.getKey()), group.getValue().size(), hits));
    }
    return culprits;
  }
}
