package org.slipway.trial;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.slipway.build.BuildResult;
import org.slipway.build.Phase;
import org.slipway.jail.Command;
import org.slipway.jail.Jail;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/** Who wants to know how a trial goes on; packages are built beside each other, so several threads call. */
public interface TrialWatch {
  /** Where a package that is needed comes from. */
  enum Origin {
    /** It was fetched from the repository, or had been. */
    REPOSITORY,
    /** It was built by an earlier run from the same inputs. */
    KEPT,
    /** It was built just now. */
    BUILT
  }

  /**
   * So many packages are needed before the port itself.
   *
   * @param refusals why packages of the repository are not taken, a sentence for each
   */
  void needed(int packages, List<String> refusals);

  /**
   * A package that is needed is there.
   *
   * @param took the time of its build, or of its fetch
   */
  void there(OriginSpec spec, PackageName name, Origin from, Duration took);

  /** A build begins, of a dependency or of the port itself. */
  void building(OriginSpec spec, PackageName name, boolean dependency);

  /** A phase of it begins. */
  void phase(OriginSpec spec, Phase phase);

  /** It has ended. */
  void ended(OriginSpec spec, BuildResult result);

  /**
   * The port's phases are over, and its root is about to go: what is to be looked at in it is looked
   * at now.
   *
   * @param shell starts a shell as the build user, with all that phases have in their environment
   * @param report what was said so far
   */
  void leaving(Jail jail, Command shell, TrialReport report)
      throws IOException, InterruptedException;
}
