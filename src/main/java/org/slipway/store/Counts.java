package org.slipway.store;

/** How many packages of a build are in each state. */
public record Counts(
    int waiting,
    int ready,
    int building,
    int built,
    int reused,
    int failed,
    int skipped,
    int ignored) {

  public int total() {
    return waiting + ready + building + finished();
  }

  public int finished() {
    return built + reused + failed + skipped + ignored;
  }

  public int remaining() {
    return waiting + ready + building;
  }
}
