package org.slipway.evaluate;

/** The framework's kinds of dependency, by the variable that lists them. */
public enum DependencyKind {
  PKG,
  FETCH,
  EXTRACT,
  PATCH,
  BUILD,
  LIB,
  RUN,
  TEST;

  /** The framework's variable, such as {@code LIB_DEPENDS}. */
  public String variable() {
    return name() + "_DEPENDS";
  }

  /** Whether an installed package needs it too. */
  public boolean atRunTime() {
    return this == LIB || this == RUN;
  }
}
