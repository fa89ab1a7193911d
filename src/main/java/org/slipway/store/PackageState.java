package org.slipway.store;

/** Where one package of a build is. */
public enum PackageState {
  /** Its dependencies are not there yet. */
  WAITING,
  /** It may start when a slot is free. */
  READY,
  BUILDING,
  BUILT,
  REUSED,
  FAILED,
  SKIPPED,
  IGNORED;

  public boolean finished() {
    return this != WAITING && this != READY && this != BUILDING;
  }

  /** In lower case, for pages and JSON. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
