package org.slipway.trial;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slipway.build.BuildRequest;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.jail.Limits;
import org.slipway.plan.SourceDates;

/**
 * What every build of a trial has in common.
 *
 * @param evaluation of the ports that are asked for and of all that they need
 * @param makeText all that make is told beside the options of single ports: a part of every build
 *     key
 * @param tree the folder that was evaluated; it must not change meanwhile
 * @param overlays folders that lie over it, first wins; each path ends in the name that the
 *     evaluation has for it
 * @param kit the folder for /kit, from the evaluator
 * @param mirror where distfiles are looked for first
 * @param jobs how many a port's own build may run at once; packages that are built beside each other
 *     share them
 * @param builds how many packages that are needed may be built at once
 * @param changed when ports were last changed by a commit, where there are commits
 * @param logs a folder in which each build leaves its log, by the package's name; made when absent
 * @param keepWork a folder in which a failed build's WRKDIR is kept
 */
public record Setting(
    Evaluation evaluation,
    String makeText,
    Path tree,
    List<Path> overlays,
    Path kit,
    Optional<URI> mirror,
    Limits limits,
    int jobs,
    int builds,
    SourceDates changed,
    Path logs,
    Optional<Path> keepWork) {
  public Setting {
    overlays = List.copyOf(overlays);
    if (jobs < 1) {
      throw new IllegalArgumentException(jobs + " jobs build nothing; give at least 1");
    }
    if (builds < 1) {
      throw new IllegalArgumentException(builds + " builds at once are none; give at least 1");
    }
  }

  /** Of a build's root, and of a work folder in memory where there is one. */
  BuildRequest.Wishes wishes(Port port, BuildRequest.Mode mode, OptionalLong workInMemory) {
    return new BuildRequest.Wishes(
        mode, overlays, changed.of(port), 0, workInMemory, Optional.empty(), keepWork);
  }
}
