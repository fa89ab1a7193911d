package org.slipway.poudriere;

import java.time.Duration;
import java.util.Comparator;
import java.util.List;

/**
 * The packages that poudriere is told to begin with (PRIORITY_BOOST in poudriere.conf.sample):
 * those with the longest way to the end of all that waits for them, in seconds of the farm's own
 * history. poudriere alone counts links of that way and knows no times; it gives what a boosted
 * package needs the same priority.
 *
 * <p>poudriere's master has looked priorities up under another name than it keeps them since
 * February 2024, so there the list does nothing; in the 3.4 releases it does.
 */
final class Boost {
  private Boost() {}

  /** Names without versions, the longest way first. */
  static List<String> names(List<Order.Weight> weights, int most) {
    return weights.stream()
        .filter(each -> each.critical().compareTo(Duration.ZERO) > 0)
        .sorted(Comparator.comparing(Order.Weight::critical)
            .reversed()
            .thenComparing(Order.Weight::name))
        .map(each -> each.name().base())
        .distinct()
        .limit(most)
        .toList();
  }
}
