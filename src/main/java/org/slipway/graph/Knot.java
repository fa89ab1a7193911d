package org.slipway.graph;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Queue;

/** The inside of a set of ports that need one another. */
final class Knot {
  private static final int NONE = -1;

  private Knot() {}

  /**
   * The shortest way from a member back to itself: what a person needs to see of a large knot.
   *
   * @param members a strongly connected component, sorted
   * @param start one of them
   */
  static int[] shortestWayRound(Adjacency edges, int[] members, int start) {
    int[] cameFrom = new int[members.length];
    Arrays.fill(cameFrom, NONE);
    Queue<Integer> waiting = new ArrayDeque<>();
    waiting.add(start);
    while (!waiting.isEmpty()) {
      int node = waiting.remove();
      for (int at = edges.first(node); at < edges.last(node); at++) {
        int end = edges.end(at);
        if (end == start) {
          return way(members, cameFrom, node);
        }
        int place = Arrays.binarySearch(members, end);
        if (place >= 0 && cameFrom[place] == NONE) {
          cameFrom[place] = node;
          waiting.add(end);
        }
      }
    }
    throw new IllegalArgumentException("no way leads back to the start");
  }

  private static int[] way(int[] members, int[] cameFrom, int last) {
    int[] backwards = new int[members.length];
    int length = 0;
    for (int node = last; node != NONE; node = cameFrom[Arrays.binarySearch(members, node)]) {
      backwards[length++] = node;
    }
    int[] way = new int[length];
    for (int at = 0; at < length; at++) {
      way[at] = backwards[length - 1 - at];
    }
    return way;
  }
}
