package org.slipway.publish;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slipway.packages.Origin;
import org.slipway.packages.Version;
import org.slipway.repository.Snapshot;
import org.slipway.repository.SnapshotId;

/**
 * What is different between two snapshots, as a client that goes from the one to the other sees it.
 *
 * @param differences sorted by name
 */
public record Comparison(Side from, Side to, int same, List<Difference> differences) {
  public Comparison {
    differences = List.copyOf(differences);
  }

  /**
   * One of the two.
   *
   * @param bytes of all its packages' archives
   */
  public record Side(SnapshotId snapshot, int packages, long bytes) {}

  /** What became of a package. */
  public enum Kind {
    ADDED,
    REMOVED,
    /** To a version that pkg takes for newer. */
    UPGRADED,
    /** To a version that pkg takes for older. */
    DOWNGRADED,
    /** Another archive of a version that pkg takes for the same. */
    REBUILT
  }

  /**
   * One package that is not the same.
   *
   * @param origin where it is now, or was
   * @param bytes how much larger its archive is now; negative where it is smaller
   */
  public record Difference(
      Kind kind,
      String name,
      Origin origin,
      Optional<String> from,
      Optional<String> to,
      long bytes) {}

  /** Compares what two snapshots list. */
  public static Comparison of(Snapshot from, Snapshot to) {
    Map<String, List<Snapshot.Listed>> before = byName(from);
    Map<String, List<Snapshot.Listed>> after = byName(to);
    int same = 0;
    List<Difference> differences = new ArrayList<>();
    TreeMap<String, Boolean> names = new TreeMap<>();
    before.keySet().forEach(name -> names.put(name, true));
    after.keySet().forEach(name -> names.put(name, true));
    for (String name : names.keySet()) {
      List<Snapshot.Listed> old = new ArrayList<>(before.getOrDefault(name, List.of()));
      List<Snapshot.Listed> fresh = new ArrayList<>(after.getOrDefault(name, List.of()));
      int listed = old.size();
      old.removeIf(each -> fresh.removeIf(other -> other.sum().equals(each.sum())));
      same += listed - old.size();
      pair(old, fresh, differences);
    }
    return new Comparison(side(from), side(to), same, differences);
  }

  /** The few packages of one name, which nearly always are one on either side. */
  private static void pair(
      List<Snapshot.Listed> old, List<Snapshot.Listed> fresh, List<Difference> differences) {
    for (int i = 0; i < Math.max(old.size(), fresh.size()); i++) {
      if (i >= old.size()) {
        Snapshot.Listed now = fresh.get(i);
        differences.add(new Difference(
            Kind.ADDED,
            now.name().base(),
            now.origin(),
            Optional.empty(),
            Optional.of(now.name().version()),
            now.sizeBytes()));
      } else if (i >= fresh.size()) {
        Snapshot.Listed was = old.get(i);
        differences.add(new Difference(
            Kind.REMOVED,
            was.name().base(),
            was.origin(),
            Optional.of(was.name().version()),
            Optional.empty(),
            -was.sizeBytes()));
      } else {
        differences.add(changed(old.get(i), fresh.get(i)));
      }
    }
  }

  private static Difference changed(Snapshot.Listed was, Snapshot.Listed now) {
    int order = version(was).compareTo(version(now));
    return new Difference(
        order < 0 ? Kind.UPGRADED : order > 0 ? Kind.DOWNGRADED : Kind.REBUILT,
        now.name().base(),
        now.origin(),
        Optional.of(was.name().version()),
        Optional.of(now.name().version()),
        now.sizeBytes() - was.sizeBytes());
  }

  private static Map<String, List<Snapshot.Listed>> byName(Snapshot snapshot) {
    Map<String, List<Snapshot.Listed>> byName = new TreeMap<>();
    for (Snapshot.Listed each : snapshot.packages()) {
      byName.computeIfAbsent(each.name().base(), any -> new ArrayList<>(1)).add(each);
    }
    byName.values().forEach(each -> each.sort(Comparator.comparing(Comparison::version)));
    return byName;
  }

  private static Version version(Snapshot.Listed listed) {
    return new Version(listed.name().version());
  }

  private static Side side(Snapshot snapshot) {
    return new Side(
        snapshot.id(),
        snapshot.packages().size(),
        snapshot.packages().stream().mapToLong(Snapshot.Listed::sizeBytes).sum());
  }
}
