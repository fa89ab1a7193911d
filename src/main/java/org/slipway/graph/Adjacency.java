package org.slipway.graph;

import java.util.Arrays;

/**
 * Edges between numbered nodes, packed: one array of ends, one of where each node's ends start. A
 * tree of 36,000 ports has some 250,000 edges, a megabyte here.
 */
final class Adjacency {
  private final int[] starts;
  private final int[] ends;

  private Adjacency(int[] starts, int[] ends) {
    this.starts = starts;
    this.ends = ends;
  }

  /**
   * Edges as given, each node's ends sorted and without doubles.
   *
   * @param rows the ends of each node
   */
  static Adjacency of(int[][] rows) {
    int[] starts = new int[rows.length + 1];
    int[][] distinct = new int[rows.length][];
    for (int node = 0; node < rows.length; node++) {
      distinct[node] = Arrays.stream(rows[node]).sorted().distinct().toArray();
      starts[node + 1] = starts[node] + distinct[node].length;
    }
    int[] ends = new int[starts[rows.length]];
    for (int node = 0; node < rows.length; node++) {
      System.arraycopy(distinct[node], 0, ends, starts[node], distinct[node].length);
    }
    return new Adjacency(starts, ends);
  }

  /** The same edges the other way. */
  Adjacency reversed() {
    int[] reversedStarts = new int[starts.length];
    for (int end : ends) {
      reversedStarts[end + 1]++;
    }
    for (int node = 0; node < size(); node++) {
      reversedStarts[node + 1] += reversedStarts[node];
    }
    int[] next = reversedStarts.clone();
    int[] reversedEnds = new int[ends.length];
    for (int node = 0; node < size(); node++) {
      for (int at = first(node); at < last(node); at++) {
        reversedEnds[next[ends[at]]++] = node;
      }
    }
    return new Adjacency(reversedStarts, reversedEnds);
  }

  int size() {
    return starts.length - 1;
  }

  /** Where a node's ends begin; see {@link #end}. */
  int first(int node) {
    return starts[node];
  }

  /** One past a node's last end. */
  int last(int node) {
    return starts[node + 1];
  }

  /** The end that stands at this place. */
  int end(int at) {
    return ends[at];
  }

  boolean contains(int from, int to) {
    return Arrays.binarySearch(ends, first(from), last(from), to) >= 0;
  }

  /** A node's ends, ascending. */
  int[] ends(int node) {
    return Arrays.copyOfRange(ends, first(node), last(node));
  }
}
