package org.slipway.web;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.schedule.Job;
import org.slipway.store.BuildId;
import org.slipway.store.JobName;
import org.slipway.store.PackageRecord;

/**
 * One look at the farm: what there is to read, the moment of the look and the address that the
 * visitor used.
 *
 * @param address without a slash at its end, such as {@code http://farm.example:8080}
 */
record Look(Site site, PackageCache cache, SnapshotCache snapshots, Instant now, String address) {
  Optional<Job> job(JobName name) {
    return site.jobs().stream().filter(each -> each.name().equals(name)).findFirst();
  }

  List<PackageRecord> packages(BuildId build) {
    return cache.packages(build);
  }

  /** Seconds from one moment to another, or until now. */
  double seconds(Instant from, @Nullable Instant to) {
    return seconds(Duration.between(from, to == null ? now : to));
  }

  static double seconds(Duration duration) {
    return Math.max(0, duration.toMillis()) / 1000.0;
  }

  /** ISO 8601 in UTC, whole seconds. */
  static String moment(Instant instant) {
    return instant.truncatedTo(ChronoUnit.SECONDS).toString();
  }

  static @Nullable String moment(Optional<Instant> instant) {
    return instant.map(Look::moment).orElse(null);
  }
}
