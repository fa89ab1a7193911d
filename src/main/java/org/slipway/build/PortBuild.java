package org.slipway.build;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.evaluate.Port;
import org.slipway.jail.Jail;
import org.slipway.jail.JailException;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Mount;
import org.slipway.jail.Tmpfs;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.StageLimits;

/** One build: makes its jail, has the phases walked in it, and says how that ended. */
final class PortBuild {
  /** The time of all files of a package that nothing else gives a time, 2000-01-01. */
  private static final Instant WITHOUT_TIME = Instant.ofEpochSecond(946_684_800);

  private final Jails jails;
  private final Distfiles distfiles;
  private final BuildRequest request;
  private final Path rigs;
  private final StageLimits stageLimits;
  private final Path folder;
  private final BuildLog log;
  private final PhaseRun phases;
  private final BuildObserver observer;
  private Instant epoch = WITHOUT_TIME;
  private Optional<Path> work = Optional.empty();

  /**
   * Prepares.
   *
   * @param rigs where rigs are kept, see {@link Rig}
   * @param folder an empty folder of the farm's own, the caller's to remove
   */
  PortBuild(
      Jails jails,
      Distfiles distfiles,
      BuildRequest request,
      Path rigs,
      StageLimits stageLimits,
      Path folder,
      BuildLog log,
      BuildObserver observer) {
    this.jails = jails;
    this.distfiles = distfiles;
    this.request = request;
    this.rigs = rigs;
    this.stageLimits = stageLimits;
    this.folder = folder;
    this.log = log;
    this.phases = new PhaseRun(log, observer);
    this.observer = observer;
  }

  /**
   * Builds.
   *
   * @param target where the archive is written
   */
  BuildResult run(Path target) throws IOException, InterruptedException {
    try {
      BuiltPackage built = build(target);
      return new BuildResult.Built(
          built, target, phases.times(), phases.footprint(log.saidBytes()));
    } catch (PhaseFailure e) {
      return failed(e.failure(), e.sentence(), e.quote());
    } catch (JailException e) {
      return failed(
          FailureClass.JAIL, OneLine.of(String.valueOf(e.getMessage())), Optional.empty());
    }
  }

  private BuildResult failed(
      FailureClass failure, String sentence, Optional<BuildResult.Quote> quote) {
    return new BuildResult.Failed(
        failure,
        phases.last(),
        sentence,
        quote,
        phases.times(),
        phases.footprint(log.saidBytes()),
        work);
  }

  private BuiltPackage build(Path target) throws IOException, InterruptedException, PhaseFailure {
    Path view = Files.createDirectory(folder.resolve("distfiles"));
    // The build user is another one.
    Files.setPosixFilePermissions(view, PosixFilePermissions.fromString("rwxr-xr-x"));
    Optional<Rig> rig = Rig.of(request.target(), rigs);
    String text = BuildConf.text(request, rig.map(Rig::makeConf).orElse(List.of()));
    Path conf = Files.writeString(folder.resolve("make.conf"), text);
    Files.setPosixFilePermissions(conf, PosixFilePermissions.fromString("rw-r--r--"));
    BuildConf.show(request, text, log);
    List<Mount> seen = new ArrayList<>(Steps.sources(request));
    seen.add(new Mount(conf, BuildConf.PLACE, false));
    rig.ifPresent(given -> seen.addAll(given.mounts()));
    try (Jail jail = jails.create(spec(seen, view))) {
      phases.count(jail);
      return shown(jail, rig, () -> walk(jail, seen, view, rig, target));
    }
  }

  private BuiltPackage walk(Jail jail, List<Mount> seen, Path view, Optional<Rig> rig, Path target)
      throws IOException, InterruptedException, PhaseFailure {
    Walk walk = phases.run(Phase.CHECK_SANITY, () -> begin(jail, seen, view, rig));
    try (walk) {
      return walk.run(target);
    } catch (PhaseFailure e) {
      if (e.failure() != FailureClass.JAIL && request.wishes().keepWork().isPresent()) {
        work = walk.keepWork(request.wishes().keepWork().get());
      }
      throw e;
    }
  }

  /** Whoever watches may look at the root before it goes, whether the phases went well or not. */
  private <T> T shown(Jail jail, Optional<Rig> rig, PhaseRun.Step<T> build)
      throws IOException, InterruptedException, PhaseFailure {
    T result;
    try {
      result = build.run();
    } catch (PhaseFailure e) {
      observer.leaving(jail, new Steps(request, epoch, rig).shell());
      throw e;
    }
    observer.leaving(jail, new Steps(request, epoch, rig).shell());
    return result;
  }

  private JailSpec spec(List<Mount> seen, Path view) throws IOException {
    List<Mount> mounts = new ArrayList<>(seen);
    mounts.add(new Mount(view, Steps.DISTFILES, false));
    Optional<Path> ccache = request.wishes().ccache();
    if (BuildConf.ccache(request).isPresent() && ccache.isPresent()) {
      Files.createDirectories(ccache.get());
      mounts.add(new Mount(ccache.get().toAbsolutePath(), BuildConf.CCACHE, true));
    } else if (ccache.isPresent()) {
      log.say("The base has no ccache: built without it");
    }
    List<Tmpfs> tmpfs = new ArrayList<>();
    request.wishes().workInMemory().ifPresent(bytes -> tmpfs.add(new Tmpfs(Steps.WORK, bytes, 0)));
    return new JailSpec(
        JailNames.of("build", request.port()),
        request.target().base(),
        mounts,
        tmpfs,
        request.wishes().diskBytes());
  }

  private Walk begin(Jail jail, List<Mount> seen, Path view, Optional<Rig> rig)
      throws IOException, InterruptedException, PhaseFailure {
    Optional<String> refusal = rig.flatMap(given -> given.refusal(request.port()));
    if (refusal.isPresent()) {
      throw new PhaseFailure(FailureClass.SANITY, refusal.get());
    }
    Distinfo distinfo = Fetching.distinfo(request);
    epoch = request.wishes().changed().or(distinfo::timestamp).orElse(WITHOUT_TIME);
    Steps steps = new Steps(request, epoch, rig);
    checkSanity(jail, steps);
    Fetching fetching =
        new Fetching(jails, request, distinfo, distfiles, view, seen, steps, log, phases::count);
    Packing packing = new Packing(jail, request, steps, stageLimits, folder, log);
    return new Walk(jail, request, steps, fetching, packing, phases, folder, log, epoch);
  }

  private void checkSanity(Jail jail, Steps steps)
      throws IOException, InterruptedException, PhaseFailure {
    LastLine last = new LastLine(log);
    var exit = jail.run(steps.checkSanity(), last);
    if (exit instanceof org.slipway.jail.Exit.Exited ended && ended.status() == Steps.OTHER_NAME) {
      Port port = request.port();
      throw new PhaseFailure(
          FailureClass.SANITY,
          port.spec() + " calls itself \"" + last.text() + "\" in its jail, but " + port.name()
              + " was planned; something in the base answers the port otherwise than when it was"
              + " evaluated");
    }
    if (!exit.succeeded()) {
      throw PhaseFailure.of(Phase.CHECK_SANITY, exit, log.notes());
    }
  }
}
