package org.slipway.trial;

import java.nio.file.Path;
import java.util.List;
import org.slipway.build.Phase;

/**
 * What a build said, as far as a person wants to see it at once.
 *
 * @param log the file with all of it
 * @param tail the last lines of the last phase, printable, at most 30
 * @param findings of the phases that test, printable, at most 200
 * @param omitted how many findings more there are in the log
 */
public record TrialReport(Path log, List<String> tail, List<Finding> findings, int omitted) {
  public TrialReport {
    tail = List.copyOf(tail);
    findings = List.copyOf(findings);
  }

  /** A line with which a phase that tests complains. */
  public record Finding(Phase phase, String text) {}
}
