package org.slipway.web;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Publication;
import org.slipway.publish.Publisher;
import org.slipway.schedule.Forecast;
import org.slipway.schedule.Job;
import org.slipway.store.BuildRecord;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

/** The front page: every job with its last build and channels, and what is building now. */
record FarmView(
    String containment,
    boolean contained,
    List<JobLine> jobs,
    List<NowBuilding> building,
    List<BuildLine> builds) {

  /**
   * A job in the list.
   *
   * @param last its newest build
   */
  record JobLine(
      String name,
      String abi,
      String base,
      String branch,
      List<ChannelLine> channels,
      @Nullable BuildLine last) {}

  /** A channel in a list; without a snapshot nothing has been published yet. */
  record ChannelLine(
      String name,
      String path,
      @Nullable String snapshot,
      @Nullable String at) {}

  /** A build under way with the packages in its slots. */
  record NowBuilding(BuildLine build, @Nullable Double leftSeconds, List<PackageRow> packages) {}

  static FarmView read(Look look) throws IOException {
    List<JobLine> jobs = new ArrayList<>();
    for (Job job : look.site().jobs()) {
      Optional<BuildRecord> last =
          look.site().store().builds(Optional.of(job.name()), 1).stream().findFirst();
      jobs.add(new JobLine(
          job.name().name(),
          job.target().abi().toString(),
          job.target().baseName(),
          job.tree().branch(),
          channels(job, look),
          last.map(build -> BuildLine.of(build, look)).orElse(null)));
    }
    List<NowBuilding> building = new ArrayList<>();
    for (BuildRecord build : look.site().store().unfinished()) {
      building.add(now(build, look));
    }
    List<BuildLine> builds = look.site().store().builds(Optional.empty(), 15).stream()
        .map(build -> BuildLine.of(build, look))
        .toList();
    return new FarmView(
        look.site().containment().sentence(),
        look.site().containment().contains(),
        jobs,
        building,
        builds);
  }

  private static NowBuilding now(BuildRecord build, Look look) {
    List<PackageRecord> packages = look.packages(build.id());
    int slots = look.job(build.job()).map(job -> job.build().slots()).orElse(1);
    return new NowBuilding(
        BuildLine.of(build, look),
        packages.isEmpty() ? null : Look.seconds(Forecast.remaining(packages, slots, look.now())),
        packages.stream()
            .filter(each -> each.state() == PackageState.BUILDING)
            .map(each -> PackageRow.of(each, look))
            .toList());
  }

  /** The job's channels: its own first, then the others that there are. */
  static List<ChannelLine> channels(Job job, Look look) throws IOException {
    Publisher publisher = look.site().publishers().get(job.name());
    List<ChannelName> names = new ArrayList<>(List.of(job.publish().channel()));
    if (publisher != null) {
      publisher.channels().stream().filter(each -> !names.contains(each)).forEach(names::add);
    }
    List<ChannelLine> lines = new ArrayList<>();
    for (ChannelName name : names) {
      Optional<Publication> current =
          publisher == null ? Optional.empty() : publisher.current(name);
      lines.add(new ChannelLine(
          name.name(),
          "/jobs/" + job.name() + "/channels/" + name,
          current.map(each -> each.snapshot().hex()).orElse(null),
          Look.moment(current.map(Publication::at))));
    }
    return lines;
  }
}
