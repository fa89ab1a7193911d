package org.slipway.web;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.schedule.Job;
import org.slipway.store.BuildRecord;
import org.slipway.store.JobName;

/** A job's page: what it builds, its channels, its builds and the commits of its tree. */
record JobView(
    String name,
    String tree,
    String branch,
    List<OverlayLine> overlays,
    String abi,
    String base,
    List<String> ports,
    int slots,
    double pollSeconds,
    @Nullable String cron,
    List<FarmView.ChannelLine> channels,
    List<BuildLine> builds,
    List<CommitLine> commits) {
  private static final int BUILDS = 100;
  private static final int COMMITS = 50;

  /** What lies over the tree. */
  record OverlayLine(String name, String tree, String branch) {}

  /**
   * A commit in the list.
   *
   * @param build the newest build of it, among those listed
   */
  record CommitLine(
      CommitView commit, @Nullable Long build, @Nullable String buildState) {}

  static Optional<JobView> read(JobName name, Look look) throws IOException {
    Optional<Job> found = look.job(name);
    if (found.isEmpty()) {
      return Optional.empty();
    }
    Job job = found.get();
    List<BuildRecord> builds = look.site().store().builds(Optional.of(name), BUILDS);
    return Optional.of(new JobView(
        name.name(),
        withoutPassword(job.tree().url()),
        job.tree().branch(),
        job.tree().overlays().stream()
            .map(each -> new OverlayLine(each.name(), withoutPassword(each.url()), each.branch()))
            .toList(),
        job.target().abi().toString(),
        job.target().baseName(),
        job.ports(),
        job.build().slots(),
        Look.seconds(job.trigger().poll()),
        job.trigger().cron().orElse(null),
        FarmView.channels(job, look),
        builds.stream().map(build -> BuildLine.of(build, look)).toList(),
        look.site().store().commits(name, COMMITS).stream()
            .map(commit -> {
              Optional<BuildRecord> of = builds.stream()
                  .filter(build -> build.commit().id().equals(commit.id()))
                  .findFirst();
              return new CommitLine(
                  CommitView.of(commit),
                  of.map(build -> build.id().number()).orElse(null),
                  of.map(build -> build.state().word()).orElse(null));
            })
            .toList()));
  }

  /**
   * An address as it may be shown to anyone: what stands between {@code //} and {@code @} is a
   * secret.
   */
  static String withoutPassword(String url) {
    return Clean.line(url.replaceFirst("^([A-Za-z][A-Za-z0-9+.-]*://)[^/@]*@", "$1"), 300);
  }
}
