package org.slipway.web;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** A clock that is moved by hand, until it is let go and follows the world's. */
final class SampleClock implements InstantSource {
  private volatile Instant now;
  private volatile boolean free;

  SampleClock(Instant start) {
    this.now = start;
  }

  @Override
  public Instant instant() {
    return free ? Instant.now() : now;
  }

  void advance(Duration by) {
    now = now.plus(by);
  }

  void letGo() {
    free = true;
  }
}
