package org.slipway;

import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.function.Function;
import org.slipway.packages.OriginSpec;

/**
 * One side of a port's lineage, what it needs or what needs it, as a tree. A port stands wherever
 * it is a neighbour, but goes on in one place only, nearest to the root, for in a graph of ports
 * the ways to a common library are beyond number.
 */
final class LineageSide {
  /** A tree longer than this is not read but searched, and for that there are other forms. */
  private static final int MOST_LINES = 100;

  /** Of a root with more neighbours than lines: enough to see what kind of ports they are. */
  private static final int SAMPLE = 40;

  /** Beyond this an indented line is wider than any terminal. */
  private static final int MOST_DEPTH = 20;

  private record Place(int level, OriginSpec parent) {}

  private final OriginSpec root;
  private final Function<OriginSpec, Set<OriginSpec>> next;
  private final Map<OriginSpec, Place> places = new LinkedHashMap<>();
  private final List<Integer> lines = new ArrayList<>();
  private final int all;
  private final int most;
  private final int depth;
  private final boolean sampled;

  /**
   * @param reached all that {@code next} leads to from the root, directly or not
   * @param wanted how many steps from the root the tree goes; where there is none, as many as make
   *     a tree that a person can read
   */
  LineageSide(
      OriginSpec root,
      Set<OriginSpec> reached,
      Function<OriginSpec, Set<OriginSpec>> next,
      OptionalInt wanted) {
    this.root = root;
    this.next = next;
    all = reached.size() - (reached.contains(root) ? 1 : 0);
    place();
    most = Math.min(steps(), MOST_DEPTH);
    depth = wanted.isPresent() ? Math.max(0, Math.min(wanted.getAsInt(), most)) : readable();
    sampled = wanted.isEmpty() && depth == 1 && lines.get(0) > MOST_LINES;
  }

  private void place() {
    places.put(root, new Place(0, root));
    List<OriginSpec> level = List.of(root);
    while (!level.isEmpty()) {
      List<OriginSpec> following = new ArrayList<>();
      int count = 0;
      for (OriginSpec parent : level) {
        for (OriginSpec child : next.apply(parent)) {
          count++;
          if (places.putIfAbsent(child, new Place(lines.size() + 1, parent)) == null) {
            following.add(child);
          }
        }
      }
      lines.add(count);
      level = following;
    }
  }

  private int readable() {
    int sum = 0;
    for (int level = 0; level < most; level++) {
      sum += lines.get(level);
      if (sum > MOST_LINES) {
        return Math.max(level, 1);
      }
    }
    return most;
  }

  OriginSpec root() {
    return root;
  }

  /** How many ports there are on this side, the root not counted. */
  int all() {
    return all;
  }

  /** How many of them are direct neighbours, the root not counted. */
  int direct() {
    Set<OriginSpec> children = next.apply(root);
    return children.size() - (children.contains(root) ? 1 : 0);
  }

  /** How many steps from the root the tree goes. */
  int depth() {
    return depth;
  }

  /** The greatest depth that a tree of this side can have. */
  int most() {
    return most;
  }

  /** Whether only some of the root's neighbours are shown, and nothing beyond. */
  boolean sampled() {
    return sampled;
  }

  /** How many steps the whole tree goes. */
  int steps() {
    int last = lines.size() - 1;
    // The farthest ports may still have neighbours, all of which stand nearer to the root.
    return lines.get(last) == 0 ? last : last + 1;
  }

  /** Whether a longer tree would show more. */
  boolean cut() {
    return sampled || depth < steps();
  }

  /** A port's neighbours that the tree shows under it. */
  Collection<OriginSpec> children(OriginSpec spec) {
    if (level(spec) >= depth) {
      return List.of();
    }
    Set<OriginSpec> children = next.apply(spec);
    return sampled ? children.stream().limit(SAMPLE).toList() : children;
  }

  /** How many of a port's neighbours the tree does not show under it. */
  int hidden(OriginSpec spec) {
    return next.apply(spec).size() - children(spec).size();
  }

  /** Whether a port's neighbours are shown where it stands under this parent. */
  boolean goesOn(OriginSpec parent, OriginSpec child) {
    return !child.equals(root) && place(child).parent().equals(parent);
  }

  /** Whether the way from the root to this port leads over the other, or the two are one. */
  boolean leadsOver(OriginSpec spec, OriginSpec other) {
    for (OriginSpec at = spec; !at.equals(root); at = place(at).parent()) {
      if (at.equals(other)) {
        return true;
      }
    }
    return other.equals(root);
  }

  /** What the tree shows, the root first, then by distance. */
  List<OriginSpec> shown() {
    if (sampled) {
      List<OriginSpec> few = new ArrayList<>(List.of(root));
      children(root).stream().filter(child -> !child.equals(root)).forEach(few::add);
      return few;
    }
    return places.entrySet().stream()
        .filter(entry -> entry.getValue().level() <= depth)
        .map(Map.Entry::getKey)
        .toList();
  }

  private int level(OriginSpec spec) {
    return place(spec).level();
  }

  private Place place(OriginSpec spec) {
    Place place = places.get(spec);
    if (place == null) {
      throw new IllegalArgumentException(spec + " is not on this side of " + root);
    }
    return place;
  }
}
