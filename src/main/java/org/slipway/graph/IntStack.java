package org.slipway.graph;

import java.util.Arrays;

/** Ints, last in first out, without a box around each. */
final class IntStack {
  private int[] values = new int[32];
  private int size;

  void push(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, size * 2);
    }
    values[size++] = value;
  }

  int pop() {
    return values[--size];
  }

  int top() {
    return values[size - 1];
  }

  int get(int at) {
    return values[at];
  }

  int size() {
    return size;
  }

  boolean isEmpty() {
    return size == 0;
  }

  /** Takes off all that stand at this place and above. */
  int[] cutFrom(int from) {
    int[] cut = Arrays.copyOfRange(values, from, size);
    size = from;
    return cut;
  }
}
