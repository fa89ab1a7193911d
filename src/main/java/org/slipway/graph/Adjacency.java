package org.slipway.graph;

import java.util.Arrays;
import java.util.function.IntFunction;
import java.util.function.IntPredicate;

/**
 * Marked edges between numbered nodes, packed: where each node's edges start, their ends, their
 * marks. A tree of 36,000 ports has some 300,000 edges, two megabytes here.
 */
final class Adjacency {
  private final int[] starts;
  private final int[] ends;
  private final short[] marks;

  private Adjacency(int[] starts, int[] ends, short[] marks) {
    this.starts = starts;
    this.ends = ends;
    this.marks = marks;
  }

  /** An edge as a row takes it. */
  static long edge(int end, short mark) {
    return ((long) end << Short.SIZE) | (mark & 0xFFFF);
  }

  /**
   * Each node's edges in ascending order of their ends; those to the same end become one with all
   * their marks.
   *
   * @param rows the edges of each node, which this may change
   */
  static Adjacency of(int size, IntFunction<long[]> rows) {
    int[] starts = new int[size + 1];
    int[] ends = new int[size * 8 + 8];
    short[] marks = new short[ends.length];
    int count = 0;
    for (int node = 0; node < size; node++) {
      long[] row = rows.apply(node);
      Arrays.sort(row);
      if (count + row.length > ends.length) {
        int room = Math.max(ends.length * 2, count + row.length);
        ends = Arrays.copyOf(ends, room);
        marks = Arrays.copyOf(marks, room);
      }
      for (long edge : row) {
        int end = (int) (edge >> Short.SIZE);
        if (count == starts[node] || ends[count - 1] != end) {
          ends[count] = end;
          marks[count] = 0;
          count++;
        }
        marks[count - 1] = (short) (marks[count - 1] | edge);
      }
      starts[node + 1] = count;
    }
    return new Adjacency(starts, Arrays.copyOf(ends, count), Arrays.copyOf(marks, count));
  }

  /** The same nodes with those edges only whose mark passes. */
  Adjacency only(IntPredicate wanted) {
    int[] keptStarts = new int[starts.length];
    int[] keptEnds = new int[ends.length];
    short[] keptMarks = new short[ends.length];
    int count = 0;
    for (int node = 0; node < size(); node++) {
      for (int at = first(node); at < last(node); at++) {
        if (wanted.test(marks[at])) {
          keptEnds[count] = ends[at];
          keptMarks[count] = marks[at];
          count++;
        }
      }
      keptStarts[node + 1] = count;
    }
    return new Adjacency(
        keptStarts, Arrays.copyOf(keptEnds, count), Arrays.copyOf(keptMarks, count));
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
    short[] reversedMarks = new short[ends.length];
    for (int node = 0; node < size(); node++) {
      for (int at = first(node); at < last(node); at++) {
        int place = next[ends[at]]++;
        reversedEnds[place] = node;
        reversedMarks[place] = marks[at];
      }
    }
    return new Adjacency(reversedStarts, reversedEnds, reversedMarks);
  }

  int size() {
    return starts.length - 1;
  }

  /** Where a node's edges begin; see {@link #end}. */
  int first(int node) {
    return starts[node];
  }

  /** One past a node's last edge. */
  int last(int node) {
    return starts[node + 1];
  }

  /** The end of the edge that stands at this place. */
  int end(int at) {
    return ends[at];
  }

  /** The mark of the edge between two nodes, 0 where there is none. */
  short mark(int from, int to) {
    int at = Arrays.binarySearch(ends, first(from), last(from), to);
    return at >= 0 ? marks[at] : 0;
  }

  boolean contains(int from, int to) {
    return Arrays.binarySearch(ends, first(from), last(from), to) >= 0;
  }

  /** The ends of a node's edges, ascending. */
  int[] ends(int node) {
    return Arrays.copyOfRange(ends, first(node), last(node));
  }
}
