package org.slipway.build;

import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Finds which of many texts stand in a stream of bytes, in one pass whatever their number: the
 * automaton of Aho and Corasick (Efficient string matching, CACM 18(6), 1975) as one table. Never
 * changes once made.
 */
final class LiteralScan {
  private static final int[] NOTHING = {};

  /** By byte: its column in the table; all bytes that no text has share column 0. */
  private final int[] columns = new int[256];

  private final int width;
  private final int[] next;
  private final int[][] found;

  /** @param texts by number; each number's texts are found under that number */
  LiteralScan(List<List<String>> texts) {
    List<byte[]> words = new ArrayList<>();
    List<Integer> numbers = new ArrayList<>();
    int states = 1;
    int used = 1;
    for (int number = 0; number < texts.size(); number++) {
      for (String text : texts.get(number)) {
        byte[] word = text.getBytes(StandardCharsets.UTF_8);
        words.add(word);
        numbers.add(number);
        states += word.length;
        for (byte each : word) {
          if (columns[each & 0xff] == 0) {
            columns[each & 0xff] = used++;
          }
        }
      }
    }
    width = used;
    int[] table = new int[states * width];
    int[][] ends = new int[states][];
    Arrays.fill(ends, NOTHING);
    int made = 1;
    for (int i = 0; i < words.size(); i++) {
      int state = 0;
      for (byte each : words.get(i)) {
        int cell = state * width + columns[each & 0xff];
        if (table[cell] == 0) {
          table[cell] = made++;
        }
        state = table[cell];
      }
      ends[state] = with(ends[state], numbers.get(i));
    }
    complete(table, ends, width);
    next = Arrays.copyOf(table, made * width);
    found = Arrays.copyOf(ends, made);
  }

  /** Breadth first, so that a state's longest proper suffix is complete before the state is. */
  private static void complete(int[] table, int[][] ends, int width) {
    int[] suffix = new int[ends.length];
    ArrayDeque<Integer> queue = new ArrayDeque<>();
    for (int column = 0; column < width; column++) {
      if (table[column] != 0) {
        queue.add(table[column]);
      }
    }
    while (!queue.isEmpty()) {
      int state = queue.remove();
      for (int number : ends[suffix[state]]) {
        ends[state] = with(ends[state], number);
      }
      for (int column = 0; column < width; column++) {
        int cell = state * width + column;
        int onward = table[suffix[state] * width + column];
        if (table[cell] == 0) {
          table[cell] = onward;
        } else {
          suffix[table[cell]] = onward;
          queue.add(table[cell]);
        }
      }
    }
  }

  private static int[] with(int[] numbers, int number) {
    if (Arrays.stream(numbers).anyMatch(each -> each == number)) {
      return numbers;
    }
    int[] more = Arrays.copyOf(numbers, numbers.length + 1);
    more[numbers.length] = number;
    return more;
  }

  /** The state after one more byte; 0 is the state before any. */
  int next(int state, byte octet) {
    return next[state * width + columns[octet & 0xff]];
  }

  /** The numbers whose texts end in this state; not to be changed. */
  int[] found(int state) {
    return found[state];
  }
}
