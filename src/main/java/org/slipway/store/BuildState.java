package org.slipway.store;

/** Where a build of one commit is. */
public enum BuildState {
  QUEUED,
  EVALUATING,
  BUILDING,
  PUBLISHING,
  /** Finished and published, failed packages or not. */
  DONE,
  /** Ended without a snapshot: {@link BuildRecord#problem} says why. */
  FAILED,
  CANCELLED;

  public boolean finished() {
    return this == DONE || this == FAILED || this == CANCELLED;
  }

  /** In lower case, for pages and JSON. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
