package org.slipway.schedule;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slipway.packages.Digest;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Decision;
import org.slipway.plan.Inventory;
import org.slipway.plan.PlannedPackage;
import org.slipway.plan.Planner;
import org.slipway.poudriere.BulkSettings;
import org.slipway.poudriere.PoudriereEngine;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;

/**
 * A job's builds that poudriere does; there is one at a time, but a late task may ask for another.
 */
final class Bulks implements AutoCloseable {
  private final Job job;
  private final Pipeline.Parts parts;
  private final Home home;
  private final PoudriereEngine engine;
  private final Map<BuildId, Bulk> running = new ConcurrentHashMap<>();

  Bulks(Job job, BulkSettings settings, Pipeline.Parts parts, Home home) {
    this.job = job;
    this.parts = parts;
    this.home = home;
    this.engine = new PoudriereEngine(settings, job.name().name());
  }

  /** The plan's rows as poudriere gets them: nothing is settled before it has decided. */
  static BuildPlan asked(BuildPlan plan) {
    List<PlannedPackage> packages = plan.packages().stream()
        .map(each -> each.decision() instanceof Decision.Reuse
            ? new PlannedPackage(
                each.port(),
                new Decision.Build("expected to be kept: " + each.decision().reason()),
                each.waitsFor(),
                each.installs(),
                each.expected(),
                each.critical())
            : each)
        .toList();
    return new BuildPlan(plan.evaluation(), packages, plan.cycles(), plan.findings());
  }

  void begin(
      BuildRecord record, BuildPlan plan, Ground ground, Inventory inventory, Planner planner) {
    Intakes intakes = new Intakes(job, plan, inventory, planner, parts, home.spool());
    running.put(record.id(), new Bulk(job, record, plan, ground, engine, intakes, parts));
  }

  Optional<Bulk> find(BuildId build) {
    return Optional.ofNullable(running.get(build));
  }

  Set<Digest> using(Set<Digest> sums) {
    Set<Digest> used = new HashSet<>();
    running.values().forEach(each -> used.addAll(each.using(sums)));
    return used;
  }

  void end(BuildId build) {
    Bulk bulk = running.remove(build);
    if (bulk != null) {
      bulk.close();
    }
  }

  /**
   * Ends what is asked of the host at this moment; poudriere goes on, and the next start follows
   * it.
   */
  void stop() {
    engine.close();
  }

  @Override
  public void close() {
    engine.close();
    running.values().forEach(Bulk::close);
    running.clear();
  }
}
