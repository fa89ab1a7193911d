package org.slipway.build;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Target;
import org.slipway.jail.Limits;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;

/**
 * One package to build.
 *
 * @param tree the pinned checkout's folder
 * @param kit the folder for /kit, from the evaluator
 * @param installs packages to install before, in order
 * @param mirror where distfiles are looked for first
 * @param jobs how many the port's own build may run at once
 */
public record BuildRequest(
    Port port,
    Target target,
    Path tree,
    Path kit,
    List<Install> installs,
    Optional<URI> mirror,
    Limits limits,
    int jobs) {
  public BuildRequest {
    installs = List.copyOf(installs);
  }

  /** A package to install, with its archive. */
  public record Install(OriginSpec spec, BuiltPackage built, Path file) {}
}
