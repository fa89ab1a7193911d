package org.slipway.plan;

import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.evaluate.Port;

/**
 * When ports were last changed, for the times of the files in their packages. Pure.
 *
 * @param byFolder of the tree, relative to its top
 */
public record SourceDates(Map<String, Instant> byFolder) {
  /** Of no port. */
  public static final SourceDates NONE = new SourceDates(Map.of());

  public SourceDates {
    byFolder = Map.copyOf(byFolder);
  }

  /** The folders that count for what a plan builds. */
  public static Set<String> folders(BuildPlan plan) {
    Set<String> folders = new HashSet<>();
    for (PlannedPackage each : plan.packages()) {
      if (each.decision() instanceof Decision.Build) {
        folders.addAll(each.port().folders());
      }
    }
    return folders;
  }

  /** The newest change of the port's own folder or its master's; empty where one of them has none. */
  public Optional<Instant> of(Port port) {
    Instant newest = Instant.MIN;
    for (String folder : port.folders()) {
      Instant changed = byFolder.get(folder);
      if (changed == null) {
        return Optional.empty();
      }
      newest = changed.isAfter(newest) ? changed : newest;
    }
    return port.folders().isEmpty() ? Optional.empty() : Optional.of(newest);
  }
}
