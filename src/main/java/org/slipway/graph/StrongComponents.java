package org.slipway.graph;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Tarjan's strongly connected components, without recursion: a chain of dependencies may be longer
 * than a thread's stack.
 */
final class StrongComponents {
  private static final int UNSEEN = -1;

  private final Adjacency edges;
  private final int[] index;
  private final int[] low;
  private final boolean[] open;
  private final int[] next;
  private final IntStack path;
  private final IntStack pending;
  private final List<int[]> found = new ArrayList<>();
  private int counter;

  private StrongComponents(Adjacency edges) {
    this.edges = edges;
    int size = edges.size();
    index = new int[size];
    Arrays.fill(index, UNSEEN);
    low = new int[size];
    open = new boolean[size];
    next = new int[size];
    path = new IntStack();
    pending = new IntStack();
  }

  /** The components, each sorted, so that what a component points to stands before it. */
  static List<int[]> of(Adjacency edges) {
    StrongComponents search = new StrongComponents(edges);
    for (int node = 0; node < edges.size(); node++) {
      if (search.index[node] == UNSEEN) {
        search.from(node);
      }
    }
    return search.found;
  }

  private void from(int root) {
    enter(root);
    while (!path.isEmpty()) {
      int node = path.top();
      if (next[node] < edges.last(node)) {
        int end = edges.end(next[node]++);
        if (index[end] == UNSEEN) {
          enter(end);
        } else if (open[end]) {
          low[node] = Math.min(low[node], index[end]);
        }
      } else {
        leave(node);
      }
    }
  }

  private void enter(int node) {
    index[node] = counter;
    low[node] = counter;
    counter++;
    open[node] = true;
    next[node] = edges.first(node);
    path.push(node);
    pending.push(node);
  }

  private void leave(int node) {
    path.pop();
    if (!path.isEmpty()) {
      int parent = path.top();
      low[parent] = Math.min(low[parent], low[node]);
    }
    if (low[node] == index[node]) {
      found.add(close(node));
    }
  }

  private int[] close(int root) {
    int from = pending.size();
    int node;
    do {
      from--;
      node = pending.get(from);
      open[node] = false;
    } while (node != root);
    int[] component = pending.cutFrom(from);
    Arrays.sort(component);
    return component;
  }
}
