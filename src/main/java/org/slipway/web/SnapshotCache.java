package org.slipway.web;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.slipway.repository.Snapshot;

/**
 * The snapshots that were looked at last; what is in one never changes. Safe for several threads.
 */
final class SnapshotCache {
  private static final int SNAPSHOTS = 4;

  private final Map<Path, Snapshot> snapshots = new LinkedHashMap<>(8, 0.75f, true);

  /** Empty where it has been pruned. */
  synchronized Optional<Snapshot> read(Path directory) throws IOException {
    if (!Files.isDirectory(directory)) {
      snapshots.remove(directory);
      return Optional.empty();
    }
    Snapshot known = snapshots.get(directory);
    if (known == null) {
      known = Snapshot.read(directory);
      snapshots.put(directory, known);
      if (snapshots.size() > SNAPSHOTS) {
        snapshots.remove(snapshots.keySet().iterator().next());
      }
    }
    return Optional.of(known);
  }
}
