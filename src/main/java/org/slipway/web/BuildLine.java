package org.slipway.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.store.BuildRecord;

/** A build in a list. */
record BuildLine(
    long number,
    String job,
    String state,
    boolean over,
    CommitView commit,
    List<OverlayView> overlays,
    String created,
    @Nullable String started,
    @Nullable String finished,
    @Nullable Double tookSeconds,
    @Nullable String problem,
    @Nullable String snapshot,
    CountsView counts) {
  /** What lay over the tree. */
  record OverlayView(String name, CommitView commit) {}

  static BuildLine of(BuildRecord build, Look look) {
    return new BuildLine(
        build.id().number(),
        build.job().name(),
        build.state().word(),
        build.state().finished(),
        CommitView.of(build.commit()),
        build.overlays().stream()
            .map(each -> new OverlayView(each.name(), CommitView.of(each.commit())))
            .toList(),
        Look.moment(build.created()),
        Look.moment(build.started()),
        Look.moment(build.finished()),
        build
            .started()
            .map(start -> look.seconds(start, build.finished().orElse(null)))
            .orElse(null),
        build.problem().map(problem -> Clean.line(problem, 500)).orElse(null),
        build.snapshot().map(Object::toString).orElse(null),
        CountsView.of(build.counts()));
  }
}
