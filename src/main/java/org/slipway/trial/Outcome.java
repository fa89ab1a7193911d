package org.slipway.trial;

import java.nio.file.Path;
import java.util.Optional;
import org.slipway.build.BuildResult;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;

/** How a trial of one port ended. */
public sealed interface Outcome permits Outcome.Done, Outcome.Failed, Outcome.Unbuildable {
  /**
   * There is a package.
   *
   * @param file the archive, among the kept packages; or the caller's to move after a test
   * @param result how it was built; empty where an earlier run had built it
   * @param report present beside a result
   */
  record Done(
      OriginSpec spec,
      BuiltPackage built,
      Path file,
      Optional<BuildResult.Built> result,
      Optional<TrialReport> report)
      implements Outcome {}

  /**
   * A build failed.
   *
   * @param spec what was built: the port itself, or one that it needs
   */
  record Failed(OriginSpec spec, BuildResult.Failed result, TrialReport report)
      implements Outcome {}

  /**
   * No build can be tried.
   *
   * @param reason a sentence without a full stop, about {@code spec}
   */
  record Unbuildable(OriginSpec spec, String reason) implements Outcome {}
}
