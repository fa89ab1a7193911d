package org.slipway.build;

import java.util.Locale;

/** What kind of failure it was: each has its own cure and its own retry rule. */
public enum FailureClass {
  SANITY,
  DEPENDENCY,
  FETCH,
  CHECKSUM,
  EXTRACT,
  PATCH,
  CONFIGURE,
  COMPILE,
  LINK,
  STAGE,
  PLIST,
  PACKAGE,
  TIMEOUT,
  SILENT,
  MEMORY,
  DISK,
  PROCESS_LIMIT,
  /** Something was written where a phase may not write. */
  FS_VIOLATION,
  LEFTOVER,
  JAIL,
  CRASHED,
  UNKNOWN;

  /** The class in lower case, for pages and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }
}
