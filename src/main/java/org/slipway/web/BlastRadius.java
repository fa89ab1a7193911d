package org.slipway.web;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slipway.packages.OriginSpec;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

/**
 * Skipped packages by what they were skipped for: the failed or ignored package that they wait for,
 * directly or through others that were skipped. Where a plan kept no such link, a package that the
 * reason names counts as one; where it names none, the reason itself is the group.
 */
final class BlastRadius {
  private static final Pattern BETWEEN_WORDS = Pattern.compile("[\\s,;:()\"]+");

  private final Map<OriginSpec, PackageRecord> bySpec = new HashMap<>();
  private final Map<OriginSpec, List<OriginSpec>> skippedFor = new HashMap<>();

  private BlastRadius(List<PackageRecord> packages) {
    packages.forEach(each -> bySpec.put(each.spec(), each));
    for (PackageRecord each : packages) {
      if (each.state() == PackageState.SKIPPED) {
        Set<OriginSpec> because = new LinkedHashSet<>(each.waitsFor());
        named(each.reason()).ifPresent(because::add);
        for (OriginSpec needed : because) {
          skippedFor.computeIfAbsent(needed, key -> new ArrayList<>()).add(each.spec());
        }
      }
    }
  }

  /** Culprit, or a reason, to the skipped packages; the widest first. */
  static Map<String, List<PackageRecord>> of(List<PackageRecord> packages) {
    BlastRadius radius = new BlastRadius(packages);
    Map<String, List<PackageRecord>> groups = new HashMap<>();
    Set<OriginSpec> explained = new LinkedHashSet<>();
    for (PackageRecord each : packages) {
      if (each.state() == PackageState.FAILED || each.state() == PackageState.IGNORED) {
        List<PackageRecord> hit = radius.from(each.spec());
        if (!hit.isEmpty()) {
          groups.put(each.spec().toString(), hit);
          hit.forEach(one -> explained.add(one.spec()));
        }
      }
    }
    for (PackageRecord each : packages) {
      if (each.state() == PackageState.SKIPPED && !explained.contains(each.spec())) {
        groups
            .computeIfAbsent(Clean.line(each.reason(), 300), key -> new ArrayList<>())
            .add(each);
      }
    }
    return widestFirst(groups);
  }

  private static Map<String, List<PackageRecord>> widestFirst(
      Map<String, List<PackageRecord>> groups) {
    Map<String, List<PackageRecord>> sorted = new LinkedHashMap<>();
    groups.entrySet().stream()
        .sorted(Comparator.comparingInt((Map.Entry<String, List<PackageRecord>> entry) ->
                -entry.getValue().size())
            .thenComparing(Map.Entry::getKey))
        .forEach(entry -> sorted.put(entry.getKey(), entry.getValue()));
    return sorted;
  }

  private List<PackageRecord> from(OriginSpec culprit) {
    Set<OriginSpec> reached = new LinkedHashSet<>();
    Deque<OriginSpec> next = new ArrayDeque<>(List.of(culprit));
    while (!next.isEmpty()) {
      for (OriginSpec each : skippedFor.getOrDefault(next.remove(), List.of())) {
        if (reached.add(each)) {
          next.add(each);
        }
      }
    }
    List<PackageRecord> found = new ArrayList<>();
    for (OriginSpec each : reached) {
      PackageRecord record = bySpec.get(each);
      if (record != null) {
        found.add(record);
      }
    }
    return found;
  }

  /** The first package of this build that a reason names. */
  private Optional<OriginSpec> named(String reason) {
    return BETWEEN_WORDS
        .splitAsStream(reason)
        .filter(word -> word.indexOf('/') > 0)
        .flatMap(word -> Routes.parse(word, OriginSpec::parse).stream())
        .filter(bySpec::containsKey)
        .findFirst();
  }
}
