package org.slipway.graph;

import java.util.Collection;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.slipway.evaluate.DependencyKind;

/** Sets of kinds of dependency as bits, the form in which an edge is marked with them. */
final class Kinds {
  private static final Map<DependencyKind, Short> BITS = new EnumMap<>(DependencyKind.class);

  static {
    for (DependencyKind kind : DependencyKind.values()) {
      BITS.put(kind, (short) (1 << BITS.size()));
    }
  }

  private Kinds() {}

  static short bit(DependencyKind kind) {
    return Objects.requireNonNull(BITS.get(kind));
  }

  static short bits(Collection<DependencyKind> kinds) {
    int bits = 0;
    for (DependencyKind kind : kinds) {
      bits |= bit(kind);
    }
    return (short) bits;
  }

  /** Unmodifiable, in the framework's order. */
  static Set<DependencyKind> of(short bits) {
    Set<DependencyKind> kinds = EnumSet.noneOf(DependencyKind.class);
    for (Map.Entry<DependencyKind, Short> each : BITS.entrySet()) {
      if ((bits & each.getValue()) != 0) {
        kinds.add(each.getKey());
      }
    }
    return Collections.unmodifiableSet(kinds);
  }
}
