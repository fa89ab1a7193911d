package org.slipway.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

/** How long a build will still take. Pure. */
public final class Forecast {
  /** Fewer finished packages say nothing of how this build differs from what was expected. */
  private static final int ENOUGH = 3;

  private Forecast() {}

  /**
   * The longer of two bounds: the work that is left shared by all slots, and the longest chain of
   * packages that wait for one another; what has been building for longer than expected counts as
   * nearly done. Both are scaled by how the packages of this build that are finished compare with
   * what was expected of them: a first build knows no times, and a busy host is slower.
   */
  public static Duration remaining(List<PackageRecord> packages, int slots, Instant now) {
    double pace = pace(packages);
    double work = 0;
    double chain = 0;
    for (PackageRecord each : packages) {
      if (!each.state().finished()) {
        double expected = seconds(each.expected()) * pace;
        double left = Math.max(0, expected - seconds(spent(each, now)));
        double after = Math.max(0, seconds(each.critical().minus(each.expected())) * pace);
        work += left;
        chain = Math.max(chain, left + after);
      }
    }
    return Duration.ofMillis((long) (1000 * Math.max(work / Math.max(1, slots), chain)));
  }

  private static Duration spent(PackageRecord each, Instant now) {
    return each.state() == PackageState.BUILDING
        ? each.started().map(start -> Duration.between(start, now)).orElse(Duration.ZERO)
        : Duration.ZERO;
  }

  /** What finished packages took, as a multiple of what was expected of them. */
  private static double pace(List<PackageRecord> packages) {
    int count = 0;
    double took = 0;
    double expected = 0;
    for (PackageRecord each : packages) {
      if (each.state() == PackageState.BUILT
          && each.started().isPresent()
          && each.finished().isPresent()) {
        count++;
        took += seconds(Duration.between(each.started().get(), each.finished().get()));
        expected += seconds(each.expected());
      }
    }
    return count < ENOUGH || expected <= 0 ? 1 : took / expected;
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
