package org.slipway.store;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Footprint;
import org.slipway.build.Phase;
import org.slipway.build.PhaseTime;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/**
 * One package of one build.
 *
 * @param reason why it is built, reused, skipped or ignored
 * @param slot where it is building, from 1
 * @param phase the phase it is in, or failed in
 * @param attempt 0 before it was first taken
 * @param tries which attempts before this one failed
 * @param built the package, where there is one
 * @param message why it failed
 * @param quote the line of the log that tells why, where one does
 * @param footprint what its last attempt used
 * @param log whether there is a log to read
 */
public record PackageRecord(
    BuildId build,
    OriginSpec spec,
    PackageName name,
    PackageState state,
    String reason,
    String comment,
    String maintainer,
    List<OriginSpec> waitsFor,
    Duration expected,
    Duration critical,
    int attempt,
    Tries tries,
    Optional<Integer> slot,
    Optional<Phase> phase,
    Optional<Instant> phaseStarted,
    Optional<Instant> started,
    Optional<Instant> finished,
    List<PhaseTime> phases,
    Optional<BuiltPackage> built,
    Optional<FailureClass> failure,
    Optional<String> message,
    Optional<BuildResult.Quote> quote,
    Footprint footprint,
    boolean log) {
  public PackageRecord {
    waitsFor = List.copyOf(waitsFor);
    phases = List.copyOf(phases);
  }
}
