package org.slipway.graph;

import java.util.BitSet;

/** What edges lead to, directly or not. Without recursion, for a chain may be as long as a tree. */
final class Reach {
  private Reach() {}

  /** Every node that a way leads to, ascending; {@code start} itself only where one leads back. */
  static int[] from(Adjacency edges, int start) {
    BitSet seen = new BitSet(edges.size());
    IntStack open = new IntStack();
    open.push(start);
    int count = 0;
    while (!open.isEmpty()) {
      int node = open.pop();
      for (int at = edges.first(node); at < edges.last(node); at++) {
        int end = edges.end(at);
        if (!seen.get(end)) {
          seen.set(end);
          open.push(end);
          count++;
        }
      }
    }
    int[] reached = new int[count];
    for (int place = 0, node = -1; place < count; place++) {
      node = seen.nextSetBit(node + 1);
      reached[place] = node;
    }
    return reached;
  }

  /**
   * These roots and what they lead to, each after all that it leads to, but for cycles. Without
   * {@code self}, nor what only it leads to.
   */
  static int[] inOrder(Adjacency edges, int[] roots, int self) {
    BitSet entered = new BitSet(edges.size());
    entered.set(self);
    IntStack done = new IntStack();
    IntStack path = new IntStack();
    IntStack next = new IntStack();
    for (int root : roots) {
      enter(edges, root, entered, path, next);
      while (!path.isEmpty()) {
        int at = next.pop();
        if (at == edges.last(path.top())) {
          done.push(path.pop());
        } else {
          next.push(at + 1);
          enter(edges, edges.end(at), entered, path, next);
        }
      }
    }
    return done.cutFrom(0);
  }

  private static void enter(
      Adjacency edges, int node, BitSet entered, IntStack path, IntStack next) {
    if (!entered.get(node)) {
      entered.set(node);
      path.push(node);
      next.push(edges.first(node));
    }
  }
}
