package org.slipway.plan;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;

/**
 * A farm without jails: carries plans out on paper, so that what one commit leaves behind is what
 * the next plan starts from. A package's payload is the digest of the variable PAYLOAD where the
 * port sets one, else of its sources.
 */
final class PaperFarm {
  private final Planner planner;
  private final Map<Digest, KnownPackage> byKey = new HashMap<>();
  private final Map<OriginSpec, KnownPackage> latest = new HashMap<>();
  private final Map<String, Duration> times = new HashMap<>();

  PaperFarm(String makeConf) {
    planner = new Planner(makeConf);
  }

  PaperFarm() {
    this("");
  }

  BuildPlan plan(Evaluation evaluation) {
    return planner.plan(evaluation, inventory());
  }

  /** Another job's lines, the same store. */
  BuildPlan plan(Evaluation evaluation, String makeConf) {
    return new Planner(makeConf).plan(evaluation, inventory());
  }

  void takes(String name, int seconds) {
    times.put(name, Duration.ofSeconds(seconds));
  }

  void loses(OriginSpec spec) {
    byKey.values().removeIf(known -> known.spec().equals(spec));
  }

  /** Carries a plan out and gives what was really built, in order. */
  List<OriginSpec> build(Evaluation evaluation) {
    List<OriginSpec> built = new ArrayList<>();
    Map<OriginSpec, BuiltPackage> packages = new HashMap<>();
    for (PlannedPackage each : plan(evaluation).packages()) {
      if (each.decision() instanceof Decision.Reuse reuse) {
        packages.put(each.spec(), reuse.known().built());
      } else if (each.decision() instanceof Decision.Build) {
        BuildKey key = planner.key(each.port(), evaluation, packages);
        KnownPackage known = byKey.get(key.digest());
        if (known == null) {
          built.add(each.spec());
          known = known(each.port(), evaluation, key);
          byKey.put(key.digest(), known);
        }
        latest.put(each.spec(), known);
        packages.put(each.spec(), known.built());
      }
    }
    return built;
  }

  private Inventory inventory() {
    return new Inventory(byKey, latest);
  }

  private KnownPackage known(Port port, Evaluation evaluation, BuildKey key) {
    String payload =
        port.variable("PAYLOAD").isEmpty() ? port.sources().hex() : port.variable("PAYLOAD");
    BuiltPackage built = new BuiltPackage(
        port.name(),
        port.spec().origin(),
        evaluation.target().abi(),
        Digest.of(key.digest().hex()),
        Digest.of(payload),
        1,
        1,
        List.of());
    return new KnownPackage(
        port.spec(),
        key,
        built,
        times.getOrDefault(port.spec().origin().name(), Duration.ofSeconds(3)));
  }
}
