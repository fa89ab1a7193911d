package org.slipway.poudriere;

import java.time.Duration;
import java.util.Optional;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/**
 * What poudriere says became of a package, or is to become of it.
 *
 * @param spec as poudriere has it: of a default flavor with or without the flavor's name
 * @param took the whole build, where it is known
 * @param phase where it failed, in poudriere's words; else empty
 * @param why its kind of error, the package whose fault it is, or the reason for passing it over;
 *     poudriere's words, of which the port's author chose some
 */
public record Settled(
    Kind kind,
    OriginSpec spec,
    PackageName name,
    Optional<Duration> took,
    String phase,
    String why) {
  /** poudriere's lists, named as its files are. */
  public enum Kind {
    BUILT("built"),
    FAILED("failed"),
    /** For the fault of another, which {@code why} names. */
    SKIPPED("skipped"),
    IGNORED("ignored"),
    /** There already, and found to be good still. */
    INSPECTED("inspected"),
    /** Of another repository. */
    FETCHED("fetched"),
    /** To be built. */
    QUEUED("tobuild");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    String word() {
      return word;
    }
  }
}
