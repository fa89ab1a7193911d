package org.slipway.build;

/** What kind of failure it was: each has its own cure and its own retry rule. */
public enum FailureClass {
  SANITY,
  DEPENDS,
  FETCH,
  CHECKSUM,
  EXTRACT,
  PATCH,
  CONFIGURE,
  COMPILE,
  STAGE,
  PLIST,
  PACKAGE,
  TIMEOUT,
  SILENT,
  MEMORY,
  DISK,
  JAIL;

  /** The class in lower case, for pages and JSON. */
  public String word() {
    return name().toLowerCase(java.util.Locale.ROOT);
  }
}
