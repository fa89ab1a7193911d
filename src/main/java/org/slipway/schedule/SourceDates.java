package org.slipway.schedule;

import java.io.IOException;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slipway.evaluate.Port;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Decision;
import org.slipway.plan.PlannedPackage;
import org.slipway.tree.CommitId;
import org.slipway.tree.PortsTree;

/** When the ports that a plan builds were last changed, for the times of the files in packages. */
record SourceDates(Map<String, Instant> byFolder) {
  /** Of no port. */
  static final SourceDates NONE = new SourceDates(Map.of());

  SourceDates {
    byFolder = Map.copyOf(byFolder);
  }

  static SourceDates of(PortsTree tree, CommitId commit, BuildPlan plan) throws IOException {
    Set<String> folders = new HashSet<>();
    for (PlannedPackage each : plan.packages()) {
      if (each.decision() instanceof Decision.Build) {
        folders.addAll(each.port().folders());
      }
    }
    return new SourceDates(tree.lastChanges(commit, folders));
  }

  /** The newest change of the port's own folder or its master's; empty where one of them has none. */
  Optional<Instant> of(Port port) {
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
