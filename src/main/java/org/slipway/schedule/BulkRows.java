package org.slipway.schedule;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Decision;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;
import org.slipway.poudriere.Progress;
import org.slipway.poudriere.Settled;
import org.slipway.store.BuildId;
import org.slipway.store.FarmStore;
import org.slipway.store.PackageRecord;

/** The rows of a build that poudriere does, and where they differ from what was planned. */
final class BulkRows {
  private static final int MOST_NAMES = 5;

  private final BuildId build;
  private final FarmStore store;
  private final Map<OriginSpec, PlannedPackage> planned = new LinkedHashMap<>();
  private final Map<PackageName, OriginSpec> byName = new HashMap<>();
  private final Set<OriginSpec> settled = new HashSet<>();
  private final Map<OriginSpec, Integer> attempts = new HashMap<>();
  private final Map<OriginSpec, Phase> phases = new HashMap<>();

  private final Set<OriginSpec> keptAgainstThePlan = new TreeSet<>();
  private final Set<OriginSpec> builtAgainstThePlan = new TreeSet<>();
  private final Set<String> strangers = new TreeSet<>();

  BulkRows(BuildId build, BuildPlan plan, FarmStore store, Intakes intakes) {
    this.build = build;
    this.store = store;
    for (PlannedPackage each : plan.packages()) {
      if (toMake(each)) {
        planned.put(each.spec(), each);
        byName.put(each.port().name(), each.spec());
      }
    }
    // What an earlier run of the farm brought in stays in.
    for (PackageRecord row : store.packages(build)) {
      if (row.state().finished()) {
        settled.add(row.spec());
        row.built().ifPresent(built -> intakes.add(row.spec(), built));
      }
    }
  }

  private static boolean toMake(PlannedPackage each) {
    return each.decision() instanceof Decision.Build || each.decision() instanceof Decision.Reuse;
  }

  /** The plan's name for what poudriere calls so; a package's name is one port's only. */
  private Optional<OriginSpec> find(OriginSpec spec, PackageName name) {
    OriginSpec named = byName.get(name);
    if (named != null && named.origin().equals(spec.origin())) {
      return Optional.of(named);
    }
    if (planned.containsKey(spec)) {
      return Optional.of(spec);
    }
    return spec.flavor().isPresent()
        ? Optional.empty()
        : planned.values().stream()
            .filter(each -> each.spec().origin().equals(spec.origin()))
            .filter(each -> !each.port().flavors().isEmpty()
                && each.spec().flavor().equals(Optional.of(each.port().flavors().get(0))))
            .map(PlannedPackage::spec)
            .findFirst();
  }

  /** The row of an entry, where it is not finished. */
  Optional<OriginSpec> open(Settled entry) {
    return find(entry.spec(), entry.name()).filter(spec -> !settled.contains(spec));
  }

  /** Those of a kind whose rows are not finished. */
  List<Intakes.Wanted> open(List<Settled> entries, Settled.Kind kind) {
    List<Intakes.Wanted> wanted = new ArrayList<>();
    for (Settled each : entries) {
      if (each.kind() == kind) {
        open(each)
            .ifPresent(spec -> wanted.add(new Intakes.Wanted(spec, each.name(), each.took())));
      }
    }
    return wanted;
  }

  /** What of the plan poudriere does not speak of: it has these. */
  List<Intakes.Wanted> notIn(List<Settled> entries) {
    Set<OriginSpec> spoken = new HashSet<>();
    entries.forEach(each -> find(each.spec(), each.name()).ifPresent(spoken::add));
    return planned.values().stream()
        .filter(each -> !spoken.contains(each.spec()) && !settled.contains(each.spec()))
        .map(each -> new Intakes.Wanted(each.spec(), each.port().name(), Optional.empty()))
        .toList();
  }

  void running(List<Progress.Running> running) {
    for (Progress.Running each : running) {
      Optional<OriginSpec> found =
          find(each.spec(), each.name()).filter(spec -> !settled.contains(spec));
      if (found.isPresent()) {
        OriginSpec spec = found.get();
        Optional<Integer> attempt = attempt(spec, each.builder());
        Optional<Phase> phase = each.phase().filter(now -> now != phases.get(spec));
        if (attempt.isPresent() && phase.isPresent()) {
          phases.put(spec, phase.get());
          store.phase(build, spec, attempt.get(), phase.get());
        }
      }
    }
  }

  private Optional<Integer> attempt(OriginSpec spec, int builder) {
    Integer taken = attempts.get(spec);
    if (taken != null) {
      return Optional.of(taken);
    }
    Optional<Integer> attempt = store.claim(build, spec, builder);
    attempt.ifPresent(number -> attempts.put(spec, number));
    return attempt;
  }

  void built(OriginSpec spec, KnownPackage known) {
    attempt(spec, 1).ifPresent(number -> store.built(build, number, known, List.of()));
    settled.add(spec);
    if (!(decision(spec) instanceof Decision.Build)) {
      builtAgainstThePlan.add(spec);
    }
  }

  /** It was there, and poudriere left it as it was. */
  void kept(OriginSpec spec, KnownPackage known) {
    boolean expected = decision(spec) instanceof Decision.Reuse;
    store.reused(
        build,
        known,
        expected
            ? decision(spec).reason()
            : "poudriere kept the package that it had, though planned: "
                + decision(spec).reason());
    settled.add(spec);
    if (!expected) {
      keptAgainstThePlan.add(spec);
    }
  }

  private Decision decision(OriginSpec spec) {
    PlannedPackage found = planned.get(spec);
    if (found == null) {
      throw new IllegalArgumentException(spec + " is not in build " + build);
    }
    return found.decision();
  }

  void failed(Settled entry, BuildResult.Failed failed) {
    open(entry).ifPresent(spec -> failed(spec, failed));
  }

  private void failed(OriginSpec spec, BuildResult.Failed failed) {
    attempt(spec, 1).ifPresent(number -> store.failed(build, spec, number, failed));
    settled.add(spec);
  }

  /** An archive that is no good is no package. */
  void refused(OriginSpec spec, String sentence) {
    failed(spec, new BuildResult.Failed(FailureClass.PACKAGE, Phase.PACKAGE, sentence, List.of()));
  }

  /** What is not built for others' faults or its own. */
  void passedOver(List<Settled> entries) {
    for (Settled each : entries) {
      Optional<OriginSpec> spec = open(each);
      if (each.kind() == Settled.Kind.QUEUED || each.kind() == Settled.Kind.BUILT) {
        if (find(each.spec(), each.name()).isEmpty()) {
          strangers.add(each.name().toString());
        }
      } else if (spec.isPresent() && each.kind() == Settled.Kind.SKIPPED) {
        skip(
            spec.get(),
            "needs " + (each.why().isEmpty() ? "another" : each.why()) + ", which was not built");
      } else if (spec.isPresent() && each.kind() == Settled.Kind.IGNORED) {
        skip(spec.get(), "poudriere ignores it" + (each.why().isEmpty() ? "" : ": " + each.why()));
      }
    }
  }

  private void skip(OriginSpec spec, String reason) {
    store.skipped(build, spec, reason);
    settled.add(spec);
  }

  /** poudriere is done, and said nothing of these. */
  void leftOver() {
    for (OriginSpec spec : List.copyOf(planned.keySet())) {
      if (!settled.contains(spec)) {
        if (attempts.containsKey(spec)) {
          failed(
              spec,
              new BuildResult.Failed(
                  FailureClass.CRASHED,
                  phases.getOrDefault(spec, Phase.CHECK_SANITY),
                  "poudriere was building it and never said what came of it",
                  List.of()));
        } else {
          skip(spec, "poudriere neither built it nor has it");
        }
      }
    }
  }

  /** What was building when poudriere went. */
  void crashed(String how) {
    for (OriginSpec spec : List.copyOf(attempts.keySet())) {
      if (!settled.contains(spec)) {
        failed(
            spec,
            new BuildResult.Failed(
                FailureClass.CRASHED,
                phases.getOrDefault(spec, Phase.CHECK_SANITY),
                how,
                List.of()));
      }
    }
  }

  /** Says on the build's page where poudriere decided otherwise than the plan. */
  void differences(Progress progress) {
    List<String> sentences = new ArrayList<>();
    tell(sentences, "it built", builtAgainstThePlan, "the plan expected to be kept");
    tell(sentences, "it kept", keptAgainstThePlan, "the plan expected to be built");
    tell(sentences, "it built or was to build", strangers, "the plan does not have");
    if (progress.refused() > 0) {
      sentences.add("it lists " + progress.refused()
          + (progress.refused() == 1 ? " entry" : " entries")
          + " whose names no port and no package can have; they are left out");
    }
    remark(sentences.toArray(String[]::new));
  }

  private static void tell(
      List<String> sentences, String verb, Collection<?> of, String expectation) {
    if (!of.isEmpty()) {
      List<String> names = of.stream().map(Object::toString).toList();
      String shown = String.join(", ", names.subList(0, Math.min(MOST_NAMES, names.size())));
      int more = names.size() - MOST_NAMES;
      sentences.add(
          verb + " " + names.size() + (names.size() == 1 ? " package that " : " packages that ")
              + expectation + ": " + shown + (more > 0 ? " and " + more + " more" : ""));
    }
  }

  void remark(String... sentences) {
    store.remark(build, Bulk.MARK, Arrays.asList(sentences));
  }

  /** What belongs to this build of all that is known. */
  Map<OriginSpec, BuiltPackage> inBuild(Map<OriginSpec, BuiltPackage> known) {
    Map<OriginSpec, BuiltPackage> mine = new LinkedHashMap<>();
    planned.keySet().forEach(spec -> {
      BuiltPackage built = known.get(spec);
      if (built != null) {
        mine.put(spec, built);
      }
    });
    return mine;
  }
}
