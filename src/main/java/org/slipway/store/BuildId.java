package org.slipway.store;

/** A build's number, counted up over the whole farm from 1. */
public record BuildId(long number) {
  public BuildId {
    if (number < 1) {
      throw new IllegalArgumentException("builds count from 1, not " + number);
    }
  }

  @Override
  public String toString() {
    return Long.toString(number);
  }
}
