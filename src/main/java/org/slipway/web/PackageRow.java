package org.slipway.web;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.store.PackageRecord;

/**
 * A package in a table.
 *
 * @param path of its page
 * @param tookSeconds from its start to its end, or to now
 * @param tries which attempt it is, and why the one before failed, where one did
 * @param nextTry when it is tried again, while it waits for that
 * @param phaseSeconds how long it has been in its phase, while it is building
 * @param waitsFor the packages of this build that it still needed when the build was planned
 */
record PackageRow(
    String spec,
    String path,
    String name,
    String version,
    String state,
    String reason,
    @Nullable String comment,
    int attempt,
    @Nullable String tries,
    @Nullable String nextTry,
    @Nullable Integer slot,
    @Nullable String phase,
    @Nullable String phaseStarted,
    @Nullable Double phaseSeconds,
    @Nullable String started,
    @Nullable String finished,
    @Nullable Double tookSeconds,
    double expectedSeconds,
    @Nullable Long sizeBytes,
    @Nullable String failure,
    @Nullable String message,
    List<String> waitsFor,
    boolean log) {

  static String path(PackageRecord each) {
    return "/builds/" + each.build() + "/" + each.spec();
  }

  static PackageRow of(PackageRecord each, Look look) {
    return new PackageRow(
        each.spec().toString(),
        path(each),
        each.name().base(),
        each.name().version(),
        each.state().word(),
        Clean.line(each.reason(), 300),
        each.comment().isBlank() ? null : Clean.line(each.comment(), 200),
        each.attempt(),
        each.tries().sentence().map(text -> Clean.line(text, 400)).orElse(null),
        Look.moment(each.tries().next()),
        each.slot().orElse(null),
        each.phase().map(Phase::word).orElse(null),
        Look.moment(each.phaseStarted()),
        each.state().finished()
            ? null
            : each.phaseStarted().map(start -> look.seconds(start, null)).orElse(null),
        Look.moment(each.started()),
        Look.moment(each.finished()),
        each.started()
            .filter(start -> !each.state().finished() || each.finished().isPresent())
            .map(start -> look.seconds(start, each.finished().orElse(null)))
            .orElse(null),
        Look.seconds(each.expected()),
        each.built().map(built -> built.sizeBytes()).orElse(null),
        each.failure().map(FailureClass::word).orElse(null),
        each.message().map(message -> Clean.line(message, 300)).orElse(null),
        each.waitsFor().stream().limit(40).map(OriginSpec::toString).toList(),
        each.log());
  }
}
