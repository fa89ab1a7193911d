package org.slipway.schedule;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slipway.evaluate.Evaluation;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.BuildKey;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Decision;
import org.slipway.plan.Inventory;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;
import org.slipway.plan.Planner;
import org.slipway.store.BuildId;
import org.slipway.store.FarmStore;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;
import org.slipway.store.PackageStore;

/**
 * A build that is going on: which packages are there, which may start, which cannot any more. What it says stands in the
 * store too; after a restart it is made anew from the plan and the rows.
 */
final class BuildRun implements Made {
  private final BuildId id;
  private final BuildPlan plan;
  private final Ground ground;
  private final Path kit;
  private final Planner planner;
  private final FarmStore store;
  private final PackageStore packages;
  private final Map<Digest, KnownPackage> byKey;
  private final Map<OriginSpec, PlannedPackage> planned = new LinkedHashMap<>();
  private final Map<OriginSpec, List<OriginSpec>> waiters = new HashMap<>();
  private final Map<OriginSpec, Integer> missing = new HashMap<>();
  private final Map<OriginSpec, BuiltPackage> known = new HashMap<>();

  /** The ports without which a package cannot be: a failed one is its own culprit. */
  private final Map<OriginSpec, SortedSet<OriginSpec>> culprits = new HashMap<>();

  private int open;

  BuildRun(
      BuildId id,
      BuildPlan plan,
      Ground ground,
      Path kit,
      Inventory inventory,
      Planner planner,
      FarmStore store,
      PackageStore packages) {
    this.id = id;
    this.plan = plan;
    this.ground = ground;
    this.kit = kit;
    this.planner = planner;
    this.store = store;
    this.packages = packages;
    this.byKey = new HashMap<>(inventory.byKey());
    plan.packages().forEach(each -> planned.put(each.spec(), each));
  }

  Path tree() {
    return ground.tree();
  }

  /** Folders that lie over the tree, first wins. */
  List<Path> overlays() {
    return ground.overlays();
  }

  Path kit() {
    return kit;
  }

  Evaluation evaluation() {
    return plan.evaluation();
  }

  PlannedPackage planned(OriginSpec spec) {
    PlannedPackage found = planned.get(spec);
    if (found == null) {
      throw new IllegalArgumentException(spec + " is not in build " + id);
    }
    return found;
  }

  /**
   * Takes what the rows say is finished and settles all that needs no building.
   *
   * @return what may start now
   */
  synchronized List<PlannedPackage> begin(List<PackageRecord> rows) {
    Deque<OriginSpec> settled = new ArrayDeque<>();
    Set<OriginSpec> finished = new HashSet<>();
    for (PlannedPackage each : planned.values()) {
      List<OriginSpec> inPlan =
          each.waitsFor().stream().filter(planned::containsKey).toList();
      missing.put(each.spec(), inPlan.size());
      inPlan.forEach(on -> waiters.computeIfAbsent(on, any -> new ArrayList<>()).add(each.spec()));
    }
    open = planned.size();
    Map<OriginSpec, PackageRecord> row = new HashMap<>();
    rows.forEach(each -> row.put(each.spec(), each));
    for (PlannedPackage each : planned.values()) {
      PackageRecord record = row.get(each.spec());
      if (record != null && record.state().finished()) {
        record.built().ifPresent(built -> known.put(each.spec(), built));
        if (record.state() == PackageState.FAILED) {
          culprits.put(each.spec(), new TreeSet<>(List.of(each.spec())));
        } else if (record.state() == PackageState.SKIPPED) {
          culprits.put(each.spec(), skippedBecause(each));
        }
        settled.add(each.spec());
        finished.add(each.spec());
        open--;
      }
    }
    List<PlannedPackage> ready = new ArrayList<>();
    for (PlannedPackage each : planned.values()) {
      if (missing.getOrDefault(each.spec(), 0) == 0 && !finished.contains(each.spec())) {
        settleOrStart(each, settled, ready);
      }
    }
    wake(settled, ready);
    return ready;
  }

  /** A package is there. */
  synchronized List<PlannedPackage> built(OriginSpec spec, KnownPackage package_) {
    known.put(spec, package_.built());
    byKey.put(package_.key().digest(), package_);
    return finished(spec);
  }

  /** A package is not to be had. */
  synchronized List<PlannedPackage> failed(OriginSpec spec) {
    culprits.put(spec, new TreeSet<>(List.of(spec)));
    return finished(spec);
  }

  private List<PlannedPackage> finished(OriginSpec spec) {
    open--;
    List<PlannedPackage> ready = new ArrayList<>();
    wake(new ArrayDeque<>(List.of(spec)), ready);
    return ready;
  }

  /** Nothing is left to be done. */
  synchronized boolean done() {
    return open == 0;
  }

  /** What a package is made from, once its dependencies are there. */
  synchronized BuildKey key(OriginSpec spec) {
    return planner.key(planned(spec).port(), plan.evaluation(), known);
  }

  @Override
  public synchronized Map<OriginSpec, BuiltPackage> known() {
    return new LinkedHashMap<>(known);
  }

  /**
   * A name for what was planned, of a build that has ended: every port with its build key, or without
   * one where no package came of it. A farm that was killed meanwhile and planned anew has the same.
   */
  @Override
  public synchronized Digest planDigest() {
    StringBuilder text = new StringBuilder();
    for (OriginSpec spec : new TreeSet<>(planned.keySet())) {
      text.append(spec).append(' ');
      text.append(known.containsKey(spec) ? key(spec).digest() : "none").append('\n');
    }
    return Digest.of(text.toString());
  }

  @Override
  public synchronized Set<Digest> using(Set<Digest> sums) {
    return Stream.concat(known.values().stream(), byKey.values().stream().map(KnownPackage::built))
        .map(BuiltPackage::sum)
        .filter(sums::contains)
        .collect(Collectors.toSet());
  }

  private void wake(Deque<OriginSpec> settled, List<PlannedPackage> ready) {
    while (!settled.isEmpty()) {
      for (OriginSpec waiter : waiters.getOrDefault(settled.remove(), List.of())) {
        int left = missing.merge(waiter, -1, Integer::sum);
        PlannedPackage next = planned(waiter);
        if (left == 0 && !known.containsKey(waiter) && !culprits.containsKey(waiter)) {
          settleOrStart(next, settled, ready);
        }
      }
    }
  }

  private void settleOrStart(
      PlannedPackage next, Deque<OriginSpec> settled, List<PlannedPackage> ready) {
    if (!(next.decision() instanceof Decision.Build)) {
      // The plan decided it already, and the store has its row.
      return;
    }
    SortedSet<OriginSpec> because = skippedBecause(next);
    if (!because.isEmpty()) {
      culprits.put(next.spec(), because);
      store.skipped(id, next.spec(), "needs " + words(because));
      open--;
      settled.add(next.spec());
      return;
    }
    Optional<KnownPackage> same = Optional.ofNullable(byKey.get(key(next.spec()).digest()))
        .filter(found -> packages.has(found.built().sum()));
    if (same.isPresent()) {
      known.put(next.spec(), same.get().built());
      store.reused(id, same.get(), "what it needs was built again to the same bytes");
      open--;
      settled.add(next.spec());
      return;
    }
    store.ready(id, next.spec());
    ready.add(next);
  }

  private SortedSet<OriginSpec> skippedBecause(PlannedPackage next) {
    SortedSet<OriginSpec> because = new TreeSet<>();
    next.waitsFor().forEach(on -> because.addAll(culprits.getOrDefault(on, new TreeSet<>())));
    return because;
  }

  private static String words(SortedSet<OriginSpec> because) {
    String first = because.first().toString();
    return because.size() == 1
        ? first + ", which failed"
        : first + " and " + (because.size() - 1) + " more that failed";
  }

  @Override
  public void close() {
    ground.close();
  }
}
