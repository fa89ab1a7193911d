package org.slipway.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.slipway.jail.Command.Network;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;
import org.slipway.jail.JailException;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Mount;
import org.slipway.packages.BuiltPackage;

/** One build: the order of the phases stands here. */
final class PortBuild {
  /**
   * The time of all files of a package without distfiles, 2000-01-01: times must follow from the
   * build key, and a commit's does not.
   */
  private static final Instant WITHOUT_DISTFILES = Instant.ofEpochSecond(946_684_800);

  private final Jails jails;
  private final Distfiles distfiles;
  private final BuildRequest request;
  private final Path folder;
  private final BuildLog log;
  private final PhaseRun phases;

  /**
   * Prepares.
   *
   * @param folder an empty folder of the farm's own, the caller's to remove
   */
  PortBuild(
      Jails jails,
      Distfiles distfiles,
      BuildRequest request,
      Path folder,
      BuildLog log,
      BuildObserver observer) {
    this.jails = jails;
    this.distfiles = distfiles;
    this.request = request;
    this.folder = folder;
    this.log = log;
    this.phases = new PhaseRun(log, observer);
  }

  /**
   * Builds.
   *
   * @param target where the archive is written
   */
  BuildResult run(Path target) throws IOException, InterruptedException {
    try {
      return new BuildResult.Built(build(target), target, phases.times(), Footprint.NONE);
    } catch (PhaseFailure e) {
      return failed(e.failure(), e.sentence());
    } catch (JailException e) {
      return failed(FailureClass.JAIL, OneLine.of(String.valueOf(e.getMessage())));
    }
  }

  private BuildResult failed(FailureClass failure, String sentence) {
    return new BuildResult.Failed(failure, phases.last(), sentence, phases.times());
  }

  private BuiltPackage build(Path target) throws IOException, InterruptedException, PhaseFailure {
    Path view = Files.createDirectory(folder.resolve("distfiles"));
    // The build user is another one.
    Files.setPosixFilePermissions(view, PosixFilePermissions.fromString("rwxr-xr-x"));
    try (Jail jail = jails.create(new JailSpec(
        JailNames.of("build", request.port()),
        request.target().base(),
        List.of(
            new Mount(request.tree(), Steps.TREE, false),
            new Mount(request.kit(), Steps.KIT, false),
            new Mount(view, Steps.DISTFILES, false))))) {
      Prepared prepared = phases.run(Phase.CHECK_SANITY, () -> prepare(jail, view));
      Steps steps = prepared.steps();
      phases.run(Phase.PKG_DEPENDS, () -> {
        Path tars = folder.resolve("install.tar");
        new Installing(jail, steps, tars, log).install(request.installs());
        return tars;
      });
      fetch(jail, prepared);
      for (Phase phase : List.of(
          Phase.EXTRACT,
          Phase.PATCH,
          Phase.CONFIGURE,
          Phase.BUILD,
          Phase.STAGE,
          Phase.CHECK_PLIST)) {
        phases.run(phase, () -> make(jail, steps, phase));
      }
      Packing packing = new Packing(jail, request, steps, folder, log);
      return phases.run(
          Phase.PACKAGE, () -> packing.write(target, prepared.epoch().getEpochSecond()));
    }
  }

  /** What the first phase finds out. */
  private record Prepared(Instant epoch, Steps steps, Fetching fetching) {}

  private Prepared prepare(Jail jail, Path view)
      throws IOException, InterruptedException, PhaseFailure {
    Distinfo distinfo = Fetching.distinfo(request);
    Instant epoch = distinfo.timestamp().orElse(WITHOUT_DISTFILES);
    Steps steps = new Steps(request, epoch);
    make(jail, steps, Phase.CHECK_SANITY);
    Fetching fetching = new Fetching(jails, request, distinfo, distfiles, view, steps, log);
    return new Prepared(epoch, steps, fetching);
  }

  private void fetch(Jail jail, Prepared prepared)
      throws IOException, InterruptedException, PhaseFailure {
    try (Fetching fetching = prepared.fetching()) {
      phases.run(Phase.FETCH, fetching::fetch);
      phases.run(Phase.CHECKSUM, () -> {
        List<String> taken = fetching.verify();
        return fetching.isNeeded() ? make(jail, prepared.steps(), Phase.CHECKSUM) : taken;
      });
    }
  }

  private Exit make(Jail jail, Steps steps, Phase phase)
      throws IOException, InterruptedException, PhaseFailure {
    Exit exit = jail.run(steps.make(phase.word(), Network.NONE, List.of()), log);
    if (!exit.succeeded()) {
      throw PhaseFailure.of(phase, exit, log.notes());
    }
    return exit;
  }
}
