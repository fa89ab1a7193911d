package org.slipway.schedule;

import java.util.concurrent.BlockingQueue;
import java.util.concurrent.PriorityBlockingQueue;
import java.util.stream.IntStream;

/** The numbers of the places where packages build, from 1; the lowest free one is taken first. */
final class Slots {
  private final BlockingQueue<Integer> free;

  Slots(int count) {
    free = new PriorityBlockingQueue<>(count);
    IntStream.rangeClosed(1, count).forEach(free::add);
  }

  int take() throws InterruptedException {
    return free.take();
  }

  void giveBack(int slot) {
    free.add(slot);
  }
}
