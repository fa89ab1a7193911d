package org.slipway.build;

import com.github.luben.zstd.ZstdOutputStream;
import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.packages.BuiltPackage;

/** The phases behind check-sanity, in the order in which {@link Phase} has them, in one jail. */
final class Walk implements AutoCloseable {
  /** What is kept of a WRKDIR: room for the sources of all but the largest ports, unpacked. */
  private static final long WORK_BYTES = 4L << 30;

  private final Jail jail;
  private final BuildRequest request;
  private final Steps steps;
  private final Fetching fetching;
  private final Packing packing;
  private final PhaseRun phases;
  private final BuildLog log;
  private final Instant epoch;
  private final Provision provision;
  private final Guard guard;
  private Optional<BuiltPackage> built = Optional.empty();

  /**
   * Prepares.
   *
   * @param folder of the farm's own, for what is collected
   * @param epoch the time of all files of the package
   */
  Walk(
      Jail jail,
      BuildRequest request,
      Steps steps,
      Fetching fetching,
      Packing packing,
      PhaseRun phases,
      Path folder,
      BuildLog log,
      Instant epoch) {
    this.jail = jail;
    this.request = request;
    this.steps = steps;
    this.fetching = fetching;
    this.packing = packing;
    this.phases = phases;
    this.log = log;
    this.epoch = epoch;
    this.provision = new Provision(jail, request, steps, folder.resolve("install.tar"), log);
    this.guard = new Guard(jail, request, steps, folder, log);
  }

  /**
   * Runs them.
   *
   * @param target where the archive is written
   */
  BuiltPackage run(Path target) throws IOException, InterruptedException, PhaseFailure {
    boolean test = request.wishes().mode() == BuildRequest.Mode.TEST;
    List<Phase> walked = Stream.of(Phase.values())
        .filter(phase -> phase != Phase.CHECK_SANITY && (test || !phase.ofTest()))
        .toList();
    for (int at = 0; at < walked.size(); at++) {
      Phase phase = walked.get(at);
      List<Phase> series = test ? List.of() : series(walked.subList(at, walked.size()));
      if (series.size() > 1) {
        Series.run(jail, steps, phases, log, series);
        at += series.size() - 1;
        continue;
      }
      phases.run(phase, () -> {
        if (test) {
          guard.before(phase);
        }
        step(phase, target);
        if (test) {
          guard.after(phase);
        }
        return phase;
      });
    }
    return built.orElseThrow();
  }

  /** How many of these need nothing but make, within the same time, so that they can share a run. */
  private List<Phase> series(List<Phase> next) {
    int count = 0;
    while (count < next.size()
        && (isMake(next.get(count))
            ? steps.time(next.get(count)).equals(steps.time(next.get(0)))
            : count > 0 && next.get(count).depends() && provision.none(next.get(count)))) {
      count++;
    }
    return next.subList(0, count);
  }

  private static boolean isMake(Phase phase) {
    return switch (phase) {
      case EXTRACT, PATCH, CONFIGURE, BUILD, STAGE -> true;
      default -> false;
    };
  }

  private void step(Phase phase, Path target)
      throws IOException, InterruptedException, PhaseFailure {
    switch (phase) {
      case FETCH -> fetching.fetch();
      case CHECKSUM -> {
        fetching.verify();
        if (fetching.isNeeded()) {
          make(phase);
        }
      }
      case PACKAGE -> built = Optional.of(packing.write(target, epoch.getEpochSecond()));
      case INSTALL ->
        provision.install(
            new BuildRequest.Install(request.port().spec(), built.orElseThrow(), target));
      case LEFTOVERS -> log.say("Looking for what is left");
      default -> {
        if (!phase.depends()) {
          make(phase);
        } else if (provision.ensure(phase)) {
          make(phase);
        }
      }
    }
  }

  private void make(Phase phase) throws IOException, InterruptedException, PhaseFailure {
    Exit exit = jail.run(steps.make(phase), log);
    if (!exit.succeeded()) {
      throw PhaseFailure.of(phase, exit, log.notes());
    }
  }

  /**
   * Keeps the build's WRKDIR as an archive, read from inside by who built.
   *
   * @return empty, and a line in the log, where there is none or it is too large
   */
  Optional<Path> keepWork(Path into) throws IOException, InterruptedException {
    String work = request.port().variable("WRKDIR");
    if (!work.startsWith(Steps.WORK + "/") || work.contains("..")) {
      return Optional.empty();
    }
    Files.createDirectories(into);
    Path kept = into.resolve(JailNames.of("work", request.port()) + ".tar.zst");
    Path part = Files.createTempFile(into, ".new-", "");
    try {
      Exit exit;
      long bytes;
      try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(part));
          ZstdOutputStream packed = new ZstdOutputStream(out)) {
        exit = jail.run(steps.pack(work, WORK_BYTES), packed, log);
      }
      bytes = exit.used().map(Exit.Usage::outputBytes).orElse(0L);
      if (!exit.succeeded() || bytes >= WORK_BYTES) {
        log.say(
            bytes >= WORK_BYTES
                ? "WRKDIR was not kept: it has more than " + (WORK_BYTES >> 30) + " GiB"
                : "WRKDIR was not kept: " + exit.inWords());
        return Optional.empty();
      }
      Files.move(part, kept, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      log.say("WRKDIR is kept as " + kept.getFileName());
      return Optional.of(kept);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  @Override
  public void close() throws IOException {
    fetching.close();
  }
}
