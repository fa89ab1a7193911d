package org.slipway.schedule;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.build.BuildRequest;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Footprint;
import org.slipway.build.PackageBuilder;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.StageLimits;
import org.slipway.plan.BuildKey;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;
import org.slipway.plan.SourceDates;
import org.slipway.store.BuildId;
import org.slipway.store.LogWriter;
import org.slipway.store.PackageRecord;
import org.slipway.store.Tries;

/** A job's attempts at packages: each builds one, records what came of it, and asks for another where that may help. */
final class Attempts {
  private static final Logger log = LoggerFactory.getLogger(Attempts.class);

  private final Job job;
  private final Pipeline.Parts parts;
  private final PackageBuilder builder;
  private final Dispatcher dispatcher;
  private final Workers workers;
  private final BuildOrders orders;
  private volatile boolean stopping;

  Attempts(Job job, Pipeline.Parts parts, Dispatcher dispatcher, Workers workers) {
    this.job = job;
    this.parts = parts;
    this.builder = parts
        .builder()
        .with(StageLimits.DEFAULT.withTotalBytes(job.build().room().packageBytes()));
    this.dispatcher = dispatcher;
    this.workers = workers;
    this.orders = new BuildOrders(job, parts.packages(), parts.work());
  }

  /**
   * Builds a package that the caller, one of the build's workers, has claimed.
   *
   * @return what may start now
   * @throws InterruptedException where the build ends meanwhile
   */
  List<PlannedPackage> attempt(
      BuildId build, BuildRun run, OriginSpec spec, int attempt, SourceDates dates)
      throws InterruptedException, FarmException {
    BuildResult result;
    Instant start = parts.clock().instant();
    try {
      BuildKey key = run.key(spec);
      BuildRequest request = orders.of(build, run, spec, dates);
      try (LogWriter output = parts.logs().write(build, spec)) {
        tell(tries(build, spec), output);
        result = workers.stoppable(
            build,
            () -> builder.build(request, output, phase -> {
              output.phase(phase);
              parts.store().phase(build, spec, attempt, phase);
            }));
      }
      if (result instanceof BuildResult.Built built) {
        return built(build, run, spec, attempt, key, built, start);
      }
    } catch (IOException | RuntimeException e) {
      if (workers.over(build)) {
        throw (InterruptedException) new InterruptedException().initCause(e);
      }
      log.error("{} of build {} could not be built", spec, build, e);
      result = new BuildResult.Failed(
          FailureClass.JAIL,
          Phase.PACKAGE,
          "the farm could not build it: " + e.getMessage(),
          List.of());
    }
    return stopping ? List.of() : failed(build, run, spec, attempt, (BuildResult.Failed) result);
  }

  private List<PlannedPackage> built(
      BuildId build,
      BuildRun run,
      OriginSpec spec,
      int attempt,
      BuildKey key,
      BuildResult.Built built,
      Instant start)
      throws IOException {
    parts.packages().take(built.file(), built.built().sum());
    Duration took = Duration.between(start, parts.clock().instant());
    Footprint used = built.footprint();
    KnownPackage known =
        new KnownPackage(spec, key, built.built(), took, used.cpu(), used.peakMemoryBytes());
    boolean current = parts.store().built(build, attempt, known, built.phases(), used);
    return current ? run.built(spec, known) : List.of();
  }

  private List<PlannedPackage> failed(
      BuildId build, BuildRun run, OriginSpec spec, int attempt, BuildResult.Failed failed)
      throws FarmException {
    Optional<Retries.Next> next =
        job.build().manner().retries().after(tries(build, spec).failed(), failed.failure());
    if (next.isEmpty()) {
      return parts.store().failed(build, spec, attempt, failed) ? run.failed(spec) : List.of();
    }
    Duration pause = next.get().pause();
    Instant when = parts.clock().instant().plus(pause);
    if (parts.store().again(build, spec, attempt, failed, next.get().most(), when)) {
      dispatcher.again(job, build, spec, pause);
    }
    return List.of();
  }

  Tries tries(BuildId build, OriginSpec spec) {
    return parts.store().find(build, spec).map(PackageRecord::tries).orElse(Tries.NONE);
  }

  /** The log before is gone by now, so what came of it stands here. */
  private static void tell(Tries tries, LogWriter output) throws IOException {
    Optional<String> sentence = tries.sentence();
    if (sentence.isPresent()) {
      String text = sentence.get();
      output.write(
          ("===>  " + text.substring(0, 1).toUpperCase(Locale.ROOT) + text.substring(1) + "\n")
              .getBytes(StandardCharsets.UTF_8));
    }
  }

  /** From here on nothing is recorded as failed: what ends now ends because the farm does. */
  void stop() {
    stopping = true;
  }
}
