package org.slipway.schedule;

import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.plan.BuildPlan;
import org.slipway.poudriere.BuildName;
import org.slipway.poudriere.Failures;
import org.slipway.poudriere.HostAwayException;
import org.slipway.poudriere.Order;
import org.slipway.poudriere.PoudriereEngine;
import org.slipway.poudriere.PoudriereEngine.Look;
import org.slipway.poudriere.PoudriereEngine.Standing;
import org.slipway.poudriere.Progress;
import org.slipway.poudriere.Settled;
import org.slipway.store.BuildRecord;
import org.slipway.store.BuildState;

/**
 * One build that poudriere does. Each look brings the rows to what poudriere says; all that it says
 * is read anew, so a look that was missed, or a farm that was away, costs nothing.
 */
final class Bulk implements Made {
  private static final Logger log = LoggerFactory.getLogger(Bulk.class);

  /** What stands before this build's remarks. */
  static final String MARK = "poudriere";

  /** Between two tries of a host that is away, at most. */
  private static final Duration LONGEST_WAIT = Duration.ofMinutes(5);

  /** Looks in a row that fail for another reason before the build does. */
  private static final int MOST_FAULTS = 5;

  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm 'UTC'").withZone(ZoneOffset.UTC);

  /** For poudriere to hear that it shall stop, and to begin to. */
  private static final Duration PATIENCE = Duration.ofMinutes(2);

  private final Job job;
  private final BuildRecord record;
  private final BuildName name;
  private final BuildPlan plan;
  private final Ground ground;
  private final PoudriereEngine engine;
  private final Pipeline.Parts parts;
  private final Intakes intakes;
  private final BulkRows rows;
  private final Instant begun;

  private boolean started;
  private boolean kept;
  private volatile boolean cancelled;
  private @Nullable Instant asked;
  private @Nullable Instant away;
  private int faults;
  private Instant next = Instant.MIN;
  private Duration wait;
  private Optional<String> stopped = Optional.empty();
  private volatile Optional<String> wish = Optional.empty();

  Bulk(
      Job job,
      BuildRecord record,
      BuildPlan plan,
      Ground ground,
      PoudriereEngine engine,
      Intakes intakes,
      Pipeline.Parts parts) {
    this.job = job;
    this.record = record;
    this.name = BuildName.of(record.id().number(), record.created());
    this.plan = plan;
    this.ground = ground;
    this.engine = engine;
    this.parts = parts;
    this.intakes = intakes;
    this.rows = new BulkRows(record.id(), plan, parts.store(), intakes);
    this.begun = record.created();
    this.wait = engine.settings().poll();
  }

  /**
   * How it is over.
   *
   * @param state PUBLISHING, FAILED or CANCELLED
   */
  record End(BuildState state, Optional<String> problem) {}

  /**
   * Looks once, and starts it where it was not.
   *
   * @return empty while it goes on, be it that the host cannot be reached
   * @throws IOException where it cannot go on
   */
  synchronized Optional<End> look() throws IOException {
    Instant now = parts.clock().instant();
    if (now.isBefore(next)) {
      return Optional.empty();
    }
    try {
      Look look = engine.look(name);
      if (look.standing() == Standing.NONE && !started && !cancelled) {
        engine.start(name, ground.sources(), order());
        look = engine.look(name);
      }
      started = true;
      back();
      Optional<End> end = follow(look);
      faults = 0;
      return end;
    } catch (HostAwayException e) {
      return tooLong(now).or(() -> away(now, e));
    } catch (IOException e) {
      // A file that poudriere moved under us, a transfer cut short: all is asked anew.
      faults++;
      if (!started || faults >= MOST_FAULTS) {
        throw e;
      }
      log.info("build {}: {}", record.id(), e.getMessage());
      return Optional.empty();
    }
  }

  private Order order() {
    List<Order.Weight> weights = plan.packages().stream()
        .map(each -> new Order.Weight(each.port().name(), each.critical()))
        .toList();
    List<OriginSpec> wanted = plan.evaluation().wanted().stream()
        .filter(spec -> plan.evaluation().port(spec).isPresent())
        .toList();
    return new Order(job.request(), wanted, weights);
  }

  private Optional<End> away(Instant now, HostAwayException fault) {
    Instant since = away == null ? now : away;
    away = since;
    next = now.plus(wait);
    rows.remark(fault.getMessage() + "; so it is since " + TIME.format(since)
        + ", and it is asked again in " + words(wait) + "; what it builds meanwhile is not lost");
    log.info("build {}: {}", record.id(), fault.getMessage());
    Duration longer = wait.multipliedBy(2);
    wait = longer.compareTo(LONGEST_WAIT) > 0 ? LONGEST_WAIT : longer;
    return Optional.empty();
  }

  private void back() {
    wait = engine.settings().poll();
    if (away != null) {
      away = null;
      rows.remark();
    }
  }

  private Optional<End> tooLong(Instant now) {
    Duration limit = engine.settings().timeout();
    return Duration.between(begun, now).compareTo(limit.plus(PATIENCE)) > 0
        ? Optional.of(new End(
            BuildState.FAILED,
            Optional.of(engine.settings().place() + " did not finish it within " + words(limit)
                + "; raise poudriere-engine: { timeout } or see what the host does")))
        : Optional.empty();
  }

  private static String words(Duration time) {
    return time.toSeconds() < 120 ? time.toSeconds() + " s" : time.toMinutes() + " min";
  }

  private Optional<End> follow(Look look) throws IOException {
    Progress progress = look.progress();
    boolean over = look.standing() != Standing.RUNNING;
    rows.running(progress.running());
    takeKept(progress, over);
    takeBuilt(progress, over);
    takeFailed(progress);
    rows.passedOver(progress.settled());
    if (!over) {
      stopWhereAsked(progress);
      return Optional.empty();
    }
    return Optional.of(end(look));
  }

  /**
   * Once poudriere knows what it builds, all else of the plan is there already. That is taken
   * first: what is built is known by what it was built with.
   */
  private void takeKept(Progress progress, boolean over) throws IOException {
    boolean decided = !progress.running().isEmpty()
        || progress.settled().stream().anyMatch(each -> each.kind() == Settled.Kind.BUILT)
        || (over && progress.done());
    if (kept || !decided || !progress.whole()) {
      return;
    }
    Optional<Intakes.Taken> taken =
        intakes.take(engine, name, rows.notIn(progress.settled()), false);
    if (taken.isPresent()) {
      kept = true;
      taken.get().known().forEach(rows::kept);
      taken.get().refused().forEach(rows::refused);
    }
  }

  private void takeBuilt(Progress progress, boolean over) throws IOException {
    if (!kept && !over) {
      return;
    }
    List<Intakes.Wanted> good = rows.open(progress.settled(), Settled.Kind.INSPECTED);
    good.addAll(rows.open(progress.settled(), Settled.Kind.FETCHED));
    intakes.take(engine, name, good, false).ifPresent(taken -> {
      taken.known().forEach(rows::kept);
      taken.refused().forEach(rows::refused);
    });
    List<Intakes.Wanted> built = rows.open(progress.settled(), Settled.Kind.BUILT);
    Optional<Intakes.Taken> taken = intakes.take(engine, name, built, true);
    if (taken.isPresent()) {
      logs(built.stream()
          .filter(each -> !taken.get().absent().contains(each.spec()))
          .toList());
      taken.get().known().forEach(rows::built);
      taken.get().refused().forEach(rows::refused);
      if (over) {
        taken
            .get()
            .absent()
            .forEach(spec ->
                rows.refused(spec, "poudriere says that it built it, and has no archive of it"));
      }
    } else if (over) {
      built.forEach(each -> rows.refused(
          each.spec(),
          "its archive is gone: another bulk has published its packages since this one ended"));
    }
  }

  private void takeFailed(Progress progress) throws IOException {
    List<Settled> failed = new ArrayList<>();
    List<Intakes.Wanted> wanted = new ArrayList<>();
    for (Settled each : progress.settled()) {
      Optional<OriginSpec> spec = rows.open(each);
      if (each.kind() == Settled.Kind.FAILED && spec.isPresent()) {
        failed.add(each);
        wanted.add(new Intakes.Wanted(spec.get(), each.name(), Optional.empty()));
      }
    }
    logs(wanted);
    failed.forEach(each -> rows.failed(each, Failures.of(each)));
  }

  private void logs(List<Intakes.Wanted> of) throws IOException {
    Map<PackageName, OriginSpec> specs = new HashMap<>();
    of.forEach(each -> specs.put(each.name(), each.spec()));
    if (specs.isEmpty()) {
      return;
    }
    engine.logs(name, specs.keySet(), job.build().outputBytes(), (of_, in) -> {
      OriginSpec spec = specs.get(of_);
      if (spec != null) {
        try (OutputStream out = parts.logs().write(record.id(), spec)) {
          in.transferTo(out);
        }
      }
    });
  }

  /**
   * By a person, or for its time. Who is cleaning up already is left alone, however long that takes:
   * a second signal ends poudriere 3.4 in the middle of it, and leaves its mounts.
   */
  private void stopWhereAsked(Progress progress) throws IOException {
    Instant now = parts.clock().instant();
    Duration limit = engine.settings().timeout();
    if (!cancelled && Duration.between(begun, now).compareTo(limit) > 0) {
      stopped = Optional.of(
          "it was stopped after " + words(limit) + ", the time that poudriere-engine gives it");
      cancelled = true;
    }
    boolean heard =
        progress.ended() || progress.status().toLowerCase(Locale.ROOT).startsWith("sig");
    if (cancelled
        && !heard
        && (asked == null || Duration.between(asked, now).compareTo(PATIENCE) > 0)) {
      engine.cancel(name, asked != null);
      asked = now;
    }
  }

  /** Has poudriere asked to stop at the next look; that it stopped is seen by looking. */
  void cancel(String problem) {
    if (wish.isEmpty()) {
      wish = Optional.of(problem);
    }
    cancelled = true;
  }

  private End end(Look look) throws IOException {
    Progress progress = look.progress();
    rows.differences(progress);
    if (stopped.isPresent()) {
      return new End(BuildState.FAILED, stopped);
    }
    if (cancelled) {
      return new End(BuildState.CANCELLED, wish);
    }
    if (look.standing() == Standing.ENDED && progress.done()) {
      rows.leftOver();
      return new End(BuildState.PUBLISHING, Optional.empty());
    }
    String how = look.standing() == Standing.ENDED
        ? "poudriere ended in the middle"
            + look.status().map(each -> " with status " + each).orElse("")
        : "poudriere is gone in the middle: its host went down, or somebody killed it";
    String said = engine.lastWords(name);
    rows.crashed(how);
    return new End(
        BuildState.FAILED,
        Optional.of(how + (said.isEmpty() ? "" : "; its last words: " + said)
            + " (what it had built is kept, and poudriere goes on from there at the next commit)"));
  }

  @Override
  public Map<OriginSpec, BuiltPackage> known() {
    return new LinkedHashMap<>(rows.inBuild(intakes.known()));
  }

  @Override
  public Digest planDigest() {
    StringBuilder text = new StringBuilder();
    Map<OriginSpec, BuiltPackage> known = known();
    plan.packages().stream()
        .map(each -> each.spec())
        .sorted(Comparator.naturalOrder())
        .forEach(spec -> {
          BuiltPackage built = known.get(spec);
          text.append(spec)
              .append(' ')
              .append(built == null ? "none" : built.sum())
              .append('\n');
        });
    return Digest.of(text.toString());
  }

  @Override
  public Set<Digest> using(Set<Digest> sums) {
    return intakes.using(sums);
  }

  @Override
  public void close() {
    ground.close();
  }
}
