package org.slipway.store;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;
import org.slipway.build.PhaseTime;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Finding;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.plan.BuildKey;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Decision;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;
import org.slipway.tree.Commit;
import org.slipway.tree.CommitId;

/** Values of the other rooms, as small as they can be. */
final class Sample {
  static final Abi ABI = Abi.parse("Linux:3.2:x86_64");
  static final List<PhaseTime> PHASES = List.of(
      new PhaseTime(Phase.FETCH, Duration.ofMillis(120)),
      new PhaseTime(Phase.BUILD, Duration.ofMillis(4_500)));

  private static final AtomicInteger COUNT = new AtomicInteger();

  private Sample() {}

  /** A job that no other test writes to. */
  static JobName job() {
    return new JobName("job-" + COUNT.incrementAndGet());
  }

  static OriginSpec spec(String text) {
    return OriginSpec.parse(text);
  }

  static CommitId commitId(int number) {
    return new CommitId(String.format("%040x", number));
  }

  static Commit commit(int number) {
    return new Commit(
        commitId(number),
        number == 1 ? Optional.empty() : Optional.of(commitId(number - 1)),
        "Åsa Port",
        "asa@example.org",
        Instant.parse("2026-01-02T03:04:05Z").plusSeconds(number),
        "devel/libfoo: update to 1." + number + "\n\nSecurity: yes\n",
        List.of("devel/libfoo/Makefile", "devel/libfoo/distinfo"));
  }

  static Port port(String spec) {
    OriginSpec of = spec(spec);
    return new Port(
        of,
        PackageName.parse(of.origin().name() + "-1.0"),
        List.of(),
        List.of(),
        Optional.empty(),
        Map.of(),
        List.of(),
        Map.of("COMMENT", "About " + spec, "MAINTAINER", "ports@example.org"),
        Digest.of(spec),
        List.of(),
        List.of());
  }

  /** Built once those are there. */
  static PlannedPackage build(String spec, String... waitsFor) {
    return planned(spec, new Decision.Build("files of " + spec + " changed"), waitsFor);
  }

  static PlannedPackage planned(String spec, Decision decision, String... waitsFor) {
    return new PlannedPackage(
        port(spec),
        decision,
        Arrays.stream(waitsFor).map(OriginSpec::parse).toList(),
        List.of(),
        Duration.ofSeconds(30),
        Duration.ofSeconds(90));
  }

  static PlannedPackage reuse(KnownPackage known) {
    return planned(known.spec().toString(), new Decision.Reuse("it is unchanged", known));
  }

  static BuildPlan plan(PlannedPackage... packages) {
    return plan(List.of(packages), List.of());
  }

  static BuildPlan plan(List<PlannedPackage> packages, List<Finding> findings) {
    TreeMap<OriginSpec, Port> ports = new TreeMap<>();
    packages.forEach(each -> ports.put(each.spec(), each.port()));
    Target target = new Target(ABI, new Base.Host(), "host");
    Evaluation evaluation = new Evaluation(
        Optional.of(commitId(1)),
        target,
        new ArrayList<>(ports.keySet()),
        ports,
        List.of(),
        findings);
    return new BuildPlan(evaluation, packages, List.of(), findings);
  }

  /** What building this port from that source gives; another content is another archive. */
  static KnownPackage known(String spec, String source, String content) {
    OriginSpec of = spec(spec);
    BuiltPackage built = new BuiltPackage(
        PackageName.parse(of.origin().name() + "-1.0"),
        of.origin(),
        ABI,
        Digest.of("archive " + content),
        Digest.of("payload " + content),
        2_048,
        8_192,
        List.of("libfoo.so.1"));
    return new KnownPackage(
        of,
        new BuildKey(Map.of("folder", source, "recipe CFLAGS", "-O2 -pipe")),
        built,
        Duration.ofMillis(4_620));
  }

  static BuildResult.Failed failed(String message) {
    return new BuildResult.Failed(FailureClass.COMPILE, Phase.BUILD, message, PHASES);
  }
}
