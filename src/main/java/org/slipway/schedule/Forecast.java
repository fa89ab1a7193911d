package org.slipway.schedule;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

/** How long a build will still take. Pure. */
public final class Forecast {
  private Forecast() {}

  /**
   * The longer of two bounds: the work that is left shared by all slots, and the longest chain of packages that wait for
   * one another; what has been building for longer than expected counts as nearly done.
   */
  public static Duration remaining(List<PackageRecord> packages, int slots, Instant now) {
    Duration work = Duration.ZERO;
    Duration chain = Duration.ZERO;
    for (PackageRecord each : packages) {
      if (each.state().finished()) {
        continue;
      }
      Duration spent = each.state() == PackageState.BUILDING
          ? each.started().map(start -> Duration.between(start, now)).orElse(Duration.ZERO)
          : Duration.ZERO;
      Duration left = atLeastZero(each.expected().minus(spent));
      work = work.plus(left);
      Duration way = left.plus(atLeastZero(each.critical().minus(each.expected())));
      chain = way.compareTo(chain) > 0 ? way : chain;
    }
    Duration shared = work.dividedBy(Math.max(1, slots));
    return shared.compareTo(chain) > 0 ? shared : chain;
  }

  private static Duration atLeastZero(Duration duration) {
    return duration.isNegative() ? Duration.ZERO : duration;
  }
}
