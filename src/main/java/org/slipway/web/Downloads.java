package org.slipway.web;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** The large files that are on their way, so that a server that stops can wait for them. */
final class Downloads {
  private int underWay;

  synchronized void begins() {
    underWay++;
  }

  synchronized void ends() {
    underWay--;
    notifyAll();
  }

  /** Waits until none is under way, but not longer than this; an interrupt ends the wait. */
  synchronized void await(Duration longest) {
    long end = System.nanoTime() + longest.toNanos();
    try {
      for (long left = longest.toNanos();
          underWay > 0 && left >= 1_000_000;
          left = end - System.nanoTime()) {
        TimeUnit.NANOSECONDS.timedWait(this, left);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
