package org.slipway.build;

import java.util.Locale;

/** What kind of failure it was: each has its own cure and its own retry rule. */
public enum FailureClass {
  /** The port refuses: it is broken, forbidden, interactive, or its Makefile is wrong. */
  SANITY,
  /** What it needs is not there, be it a package, a program, a module or the network. */
  DEPENDENCY,
  FETCH(3),
  /** A mirror may have handed out half a file; a file that is really another one stays so. */
  CHECKSUM(1),
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
  /** Alone on the machine it may have what it needs. */
  MEMORY(1, true),
  DISK,
  PROCESS_LIMIT,
  /** Something was written where a phase may not write. */
  FS_VIOLATION,
  LEFTOVER,
  /** The farm could not make or enter the jail. */
  JAIL(1),
  /** A signal or a bug of its own ended a tool, or the farm died. */
  CRASHED(1),
  /** Nothing tells. */
  UNKNOWN;

  private final int retries;
  private final boolean alone;

  FailureClass() {
    this(0);
  }

  FailureClass(int times) {
    this(times, false);
  }

  FailureClass(int times, boolean alone) {
    this.retries = times;
    this.alone = alone;
  }

  /** What a phase fails with where nothing tells more. */
  public static FailureClass usual(Phase phase) {
    return switch (phase) {
      case CHECK_SANITY -> SANITY;
      case PKG_DEPENDS,
          FETCH_DEPENDS,
          EXTRACT_DEPENDS,
          PATCH_DEPENDS,
          BUILD_DEPENDS,
          LIB_DEPENDS,
          RUN_DEPENDS -> DEPENDENCY;
      case FETCH -> FETCH;
      case CHECKSUM -> CHECKSUM;
      case EXTRACT -> EXTRACT;
      case PATCH -> PATCH;
      case CONFIGURE -> CONFIGURE;
      case BUILD -> COMPILE;
      case STAGE, STAGE_QA -> STAGE;
      case CHECK_PLIST -> PLIST;
      case PACKAGE, INSTALL, DEINSTALL -> PACKAGE;
      case LEFTOVERS -> LEFTOVER;
    };
  }

  /** The class in lower case, for pages and JSON. */
  public String word() {
    return name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  /** Whether the same build, tried again, may end otherwise: the rule where no job says another. */
  public Retry retry() {
    return new Retry(retries, alone);
  }

  /**
   * How often a build is tried again.
   *
   * @param times after the first attempt; 0 where the same would come of it
   * @param alone whether nothing else shall be built on the machine meanwhile
   */
  public record Retry(int times, boolean alone) {
    public Retry {
      if (times < 0) {
        throw new IllegalArgumentException("a build cannot be tried " + times + " times again");
      }
    }
  }
}
