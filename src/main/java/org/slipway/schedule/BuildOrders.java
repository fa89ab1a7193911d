package org.slipway.schedule;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.slipway.build.BuildRequest;
import org.slipway.build.FailureClass;
import org.slipway.evaluate.Port;
import org.slipway.jail.Limits;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.PlannedPackage;
import org.slipway.plan.SourceDates;
import org.slipway.store.BuildId;
import org.slipway.store.PackageStore;

/** Says what a builder is asked for, on a job's terms. */
final class BuildOrders {
  private final Job job;
  private final PackageStore packages;
  private final KeptWork work;

  BuildOrders(Job job, PackageStore packages, KeptWork work) {
    this.job = job;
    this.packages = packages;
    this.work = work;
  }

  /** One package of a build, all of whose dependencies are there. */
  BuildRequest of(BuildId build, BuildRun run, OriginSpec spec, SourceDates dates) {
    PlannedPackage planned = run.planned(spec);
    Map<OriginSpec, BuiltPackage> known = run.known();
    List<BuildRequest.Install> installs = new ArrayList<>();
    for (OriginSpec each : planned.installs()) {
      BuiltPackage built = known.get(each);
      if (built == null) {
        throw new IllegalStateException(spec + " was started before " + each + " was there");
      }
      installs.add(new BuildRequest.Install(each, built, packages.path(built.sum())));
    }
    Job.Build settings = job.build();
    Limits limits = new Limits(
        settings.timeout(),
        settings.silence(),
        settings.outputBytes(),
        settings.memoryBytes(),
        settings.room().processes(),
        settings.room().openFiles(),
        settings.room().cpuPercent());
    int jobs = Math.max(1, Runtime.getRuntime().availableProcessors() / settings.slots());
    return new BuildRequest(
        planned.port(),
        job.target(),
        run.tree(),
        run.kit(),
        installs,
        settings.mirror(),
        limits,
        jobs,
        wishes(build, run, planned.port(), dates));
  }

  private BuildRequest.Wishes wishes(BuildId build, BuildRun run, Port port, SourceDates dates) {
    Job.Manner manner = job.build().manner();
    Job.Room room = job.build().room();
    return new BuildRequest.Wishes(
        manner.tested().has(port.spec().origin())
            ? BuildRequest.Mode.TEST
            : BuildRequest.Mode.PACKAGE,
        run.overlays(),
        dates.of(port),
        room.diskBytes(),
        room.workInMemory(),
        manner.ccache(),
        manner.keepWork().map(any -> work.of(job.name(), build)),
        manner.timeouts(),
        fetchAttempts(manner.retries()),
        manner.fetchNetwork());
  }

  /** A mirror that hiccups is asked once more at once; a wait is an attempt of its own. */
  private static int fetchAttempts(Retries retries) {
    return retries.times(FailureClass.FETCH) == 0 ? 1 : 2;
  }
}
