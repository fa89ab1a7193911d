package org.slipway.build;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slipway.packages.BuiltPackage;

/** How a package's build ended. */
public sealed interface BuildResult permits BuildResult.Built, BuildResult.Failed {
  /** The phases that were run, in order, each with its time; the last is where a failure was. */
  List<PhaseTime> phases();

  /** What it used. */
  Footprint footprint();

  /**
   * A package.
   *
   * @param file the archive, in a folder of the farm's own, the caller's to move
   */
  record Built(BuiltPackage built, Path file, List<PhaseTime> phases, Footprint footprint)
      implements BuildResult {
    public Built {
      phases = List.copyOf(phases);
    }
  }

  /**
   * No package.
   *
   * @param message one sentence for a table: what went wrong, from the log where it can be told
   * @param quoted the first line of the log that tells why, as it stands there, where one does
   * @param work what the build left of its WRKDIR, where that was asked for: a file of the farm's
   */
  record Failed(
      FailureClass failure,
      Phase phase,
      String message,
      Optional<Quote> quoted,
      List<PhaseTime> phases,
      Footprint footprint,
      Optional<Path> work)
      implements BuildResult {
    public Failed {
      phases = List.copyOf(phases);
    }

    /** Of which nothing else is known. */
    public Failed(FailureClass failure, Phase phase, String message, List<PhaseTime> phases) {
      this(failure, phase, message, Optional.empty(), phases, Footprint.NONE, Optional.empty());
    }
  }

  /**
   * A line of a log.
   *
   * @param number counted from 1 over the whole log
   */
  record Quote(long number, String text) {}
}
