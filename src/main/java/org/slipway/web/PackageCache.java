package org.slipway.web;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slipway.store.BuildId;
import org.slipway.store.FarmEvent;
import org.slipway.store.FarmStore;
import org.slipway.store.PackageRecord;

/**
 * The packages of the builds that were looked at last. A build is read anew once the store said
 * that it changed; however many look at the same time, one reads and the others that waited share
 * what it read. Safe for several threads.
 */
final class PackageCache {
  private static final int BUILDS = 4;
  /** Another node may write without this one's store saying so. */
  private static final long OLDEST_NANOS = Duration.ofSeconds(5).toNanos();

  private record Entry(List<PackageRecord> packages, long readAt) {}

  private final FarmStore store;
  private final Object reading = new Object();
  private final Map<BuildId, Entry> entries = new LinkedHashMap<>(8, 0.75f, true);
  private final Map<BuildId, Long> changes = new LinkedHashMap<>();

  PackageCache(FarmStore store) {
    this.store = store;
  }

  /** What the store calls after a change. */
  void changed(FarmEvent event) {
    synchronized (entries) {
      changes.put(event.build(), System.nanoTime());
      forgetOldest(changes, 64);
    }
  }

  /** By spec, no older than this call or the last change. */
  List<PackageRecord> packages(BuildId build) {
    long asked = System.nanoTime();
    Entry fresh = fresh(build, asked);
    if (fresh != null) {
      return fresh.packages();
    }
    synchronized (reading) {
      fresh = fresh(build, asked);
      if (fresh != null) {
        return fresh.packages();
      }
      long readAt = System.nanoTime();
      List<PackageRecord> packages = List.copyOf(store.packages(build));
      synchronized (entries) {
        entries.put(build, new Entry(packages, readAt));
        forgetOldest(entries, BUILDS);
      }
      return packages;
    }
  }

  private @Nullable Entry fresh(BuildId build, long asked) {
    synchronized (entries) {
      Entry entry = entries.get(build);
      if (entry == null) {
        return null;
      }
      Long changed = changes.get(build);
      boolean unchanged = changed == null || changed - entry.readAt() < 0;
      boolean young = asked - entry.readAt() < OLDEST_NANOS;
      return (unchanged && young) || entry.readAt() - asked >= 0 ? entry : null;
    }
  }

  private static <V> void forgetOldest(Map<BuildId, V> map, int keep) {
    var each = map.keySet().iterator();
    while (map.size() > keep && each.hasNext()) {
      each.next();
      each.remove();
    }
  }
}
