package org.slipway.build;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.slipway.evaluate.Dependency;
import org.slipway.evaluate.DependencyKind;
import org.slipway.jail.Jail;
import org.slipway.packages.OriginSpec;

/** What of other ports, and at last of itself, a port finds installed. */
final class Provision {
  private final BuildRequest request;
  private final BuildLog log;
  private final Installing installing;

  /**
   * Prepares.
   *
   * @param tars a file of the farm's own to be written and written again
   */
  Provision(Jail jail, BuildRequest request, Steps steps, Path tars, BuildLog log) {
    this.request = request;
    this.log = log;
    this.installing = new Installing(jail, request, steps, tars, log);
  }

  /**
   * Makes present what a phase named for a kind of dependency needs, and what that needs to run.
   *
   * @return whether the port has dependencies of that kind, about which the framework must be asked
   */
  boolean ensure(Phase phase) throws IOException, InterruptedException, PhaseFailure {
    List<OriginSpec> wanted = wanted(phase);
    if (wanted.isEmpty()) {
      sayNone(phase, log);
    } else {
      installing.ensure(wanted, phase);
    }
    return !wanted.isEmpty();
  }

  /** Whether {@link #ensure} has nothing to do. */
  boolean none(Phase phase) {
    return wanted(phase).isEmpty();
  }

  static void sayNone(Phase phase, BuildLog log) throws IOException {
    log.say("No " + phase.word().replace("-depends", "") + " dependencies");
  }

  /** Makes present what fetching needs, in a root of which nobody asks. */
  void ensureQuietly() throws IOException, InterruptedException, PhaseFailure {
    installing.ensure(wanted(Phase.FETCH_DEPENDS), Phase.FETCH_DEPENDS);
  }

  private List<OriginSpec> wanted(Phase phase) {
    DependencyKind kind = kind(phase);
    return request.port().dependencies().stream()
        .filter(each -> each.kind() == kind)
        .map(Dependency::on)
        .distinct()
        .toList();
  }

  private static DependencyKind kind(Phase phase) {
    return switch (phase) {
      case PKG_DEPENDS -> DependencyKind.PKG;
      case FETCH_DEPENDS -> DependencyKind.FETCH;
      case EXTRACT_DEPENDS -> DependencyKind.EXTRACT;
      case PATCH_DEPENDS -> DependencyKind.PATCH;
      case BUILD_DEPENDS -> DependencyKind.BUILD;
      case LIB_DEPENDS -> DependencyKind.LIB;
      case RUN_DEPENDS -> DependencyKind.RUN;
      default -> throw new IllegalArgumentException(phase + " is about no dependencies");
    };
  }

  /** Puts the package in that was just made, as a client would. */
  void install(BuildRequest.Install own) throws IOException, InterruptedException, PhaseFailure {
    installing.install(List.of(own));
  }
}
