package org.slipway.schedule;

import java.time.Duration;
import java.util.OptionalLong;
import java.util.stream.Stream;

/**
 * How long a farm keeps what it could do without; each at least a day. What a build that is going on
 * uses stays in any case.
 *
 * @param logs of builds that ended, but for each job's newest
 * @param distfiles that no build used since
 * @param distfileBytes what all distfiles together may have; those that were not used for longest go
 *     first
 * @param caches what is laid out again where it is missing: kits, rigs, lists of bases
 * @param trees mirrors, checkouts and kept work directories of jobs and overlays that are gone
 */
public record Keep(
    Duration logs,
    Duration distfiles,
    OptionalLong distfileBytes,
    Duration caches,
    Duration trees) {
  /** Shorter than this, a look at what is used could come too late. */
  public static final Duration SHORTEST = Duration.ofDays(1);

  /** A farm's without settings: a distfile may be needed again at the next bump of its port. */
  public static final Keep USUAL = new Keep(
      Duration.ofDays(180),
      Duration.ofDays(180),
      OptionalLong.empty(),
      Duration.ofDays(30),
      Duration.ofDays(30));

  public Keep {
    if (Stream.of(logs, distfiles, caches, trees).anyMatch(each -> each.compareTo(SHORTEST) < 0)) {
      throw new IllegalArgumentException("nothing can be kept for less than a day");
    }
  }
}
