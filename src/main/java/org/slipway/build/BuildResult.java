package org.slipway.build;

import java.nio.file.Path;
import java.util.List;
import org.slipway.packages.BuiltPackage;

/** How a package's build ended. */
public sealed interface BuildResult permits BuildResult.Built, BuildResult.Failed {
  /** The phases that were run, in order, each with its time; the last is where a failure was. */
  List<PhaseTime> phases();

  /**
   * A package.
   *
   * @param file the archive, in a folder of the farm's own, the caller's to move
   */
  record Built(BuiltPackage built, Path file, List<PhaseTime> phases) implements BuildResult {
    public Built {
      phases = List.copyOf(phases);
    }
  }

  /**
   * No package.
   *
   * @param message one sentence for a table: what went wrong, from the log where it can be told
   */
  record Failed(FailureClass failure, Phase phase, String message, List<PhaseTime> phases)
      implements BuildResult {
    public Failed {
      phases = List.copyOf(phases);
    }
  }
}
