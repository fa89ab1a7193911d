package org.slipway.bench;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.build.BareBuild;
import org.slipway.build.BuildRequest;
import org.slipway.build.BuildResult;
import org.slipway.build.PackageBuilder;
import org.slipway.build.Phase;
import org.slipway.build.PhaseTime;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Port;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;
import org.slipway.tree.Checkout;

/**
 * Measures what a farm adds to a build: a port is built, from nothing to its package, and beside it the make calls of its phases
 * are run alone, turn by turn in one run.
 */
public final class BuildBench {
  private static final int WARM_UP = 3;

  /** For a port that does next to nothing. */
  private static final Limits LIMITS =
      new Limits(Duration.ofMinutes(10), Duration.ofMinutes(10), 64L << 20, 0, 4096);

  private final Jails jails;
  private final Path scratch;
  private final int rounds;
  private final Told told;

  /**
   * @param scratch a folder of the caller's, absolute, which it removes
   * @param rounds how often both are run
   */
  public BuildBench(Jails jails, Path scratch, int rounds, Told told) {
    if (rounds < 1 || rounds > 10_000) {
      throw new IllegalArgumentException("--rounds " + rounds + ": from 1 to 10000");
    }
    this.jails = jails;
    this.scratch = scratch;
    this.rounds = rounds;
    this.told = told;
  }

  /**
   * Evaluates a port and builds it again and again.
   *
   * @param request for one port, which fetches nothing and needs no other
   * @throws IllegalArgumentException where that port is none, or fetches or needs something
   * @throws IOException also where it does not build, with the reason
   */
  public BuildReport run(Checkout tree, EvaluationRequest request)
      throws IOException, InterruptedException {
    Files.createDirectories(scratch);
    try (Evaluator evaluator = new Evaluator(jails, scratch.resolve("kit"), 1)) {
      Evaluation evaluation = evaluator.evaluate(tree, request);
      Port port = evaluation.ports().values().stream()
          .filter(each -> each.spec().origin().toString().equals(request.ports().get(0)))
          .findFirst()
          .orElseThrow(() -> new IllegalArgumentException(request.ports().get(0)
              + " cannot be evaluated"
              + (evaluation.unevaluable().isEmpty()
                  ? ""
                  : ": " + evaluation.unevaluable().get(0))));
      return measure(new BuildRequest(
          port,
          request.target(),
          tree.directory(),
          evaluator.kit(request),
          List.of(),
          Optional.empty(),
          LIMITS,
          1));
    }
  }

  private BuildReport measure(BuildRequest request) throws IOException, InterruptedException {
    BareBuild bare = new BareBuild(jails, request, scratch.resolve("bare"));
    PackageBuilder builder =
        new PackageBuilder(jails, scratch.resolve("distfiles"), scratch.resolve("spool"));
    BuildReport.Times times = new BuildReport.Times();
    told.begins("builds", rounds);
    for (int round = -WARM_UP; round < rounds; round++) {
      long start = System.nanoTime();
      BuildResult result = builder.build(request, OutputStream.nullOutputStream(), phase -> {});
      Duration whole = Duration.ofNanos(System.nanoTime() - start);
      if (!(result instanceof BuildResult.Built built)) {
        throw new IOException(request.port().spec() + " does not build: "
            + (result instanceof BuildResult.Failed failed ? failed.message() : "no result"));
      }
      Files.delete(built.file());
      Duration make = bare.run();
      if (round >= 0) {
        times.add(whole, make, phases(built));
        told.step();
      }
    }
    told.ends();
    return new BuildReport(request.port().spec(), jails.containment(), rounds, times);
  }

  private static Map<Phase, Duration> phases(BuildResult.Built built) {
    Map<Phase, Duration> phases = new EnumMap<>(Phase.class);
    for (PhaseTime time : built.phases()) {
      phases.merge(time.phase(), time.took(), Duration::plus);
    }
    return phases;
  }
}
