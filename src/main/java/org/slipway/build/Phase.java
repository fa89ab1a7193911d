package org.slipway.build;

/** A step of a package's build, in the order in which they are run; names are the framework's. */
public enum Phase {
  CHECK_SANITY("check-sanity"),
  PKG_DEPENDS("pkg-depends"),
  FETCH_DEPENDS("fetch-depends"),
  FETCH("fetch"),
  CHECKSUM("checksum"),
  EXTRACT_DEPENDS("extract-depends"),
  EXTRACT("extract"),
  PATCH_DEPENDS("patch-depends"),
  PATCH("patch"),
  BUILD_DEPENDS("build-depends"),
  LIB_DEPENDS("lib-depends"),
  CONFIGURE("configure"),
  BUILD("build"),
  RUN_DEPENDS("run-depends"),
  STAGE("stage"),
  STAGE_QA("stage-qa"),
  CHECK_PLIST("check-plist"),
  PACKAGE("package"),
  INSTALL("install"),
  DEINSTALL("deinstall"),
  LEFTOVERS("leftovers");

  private final String word;

  Phase(String word) {
    this.word = word;
  }

  /** The framework's word, such as {@code check-plist}. */
  public String word() {
    return word;
  }

  /** Whether it is run only where a port is tested. */
  public boolean ofTest() {
    return switch (this) {
      case STAGE_QA, CHECK_PLIST, INSTALL, DEINSTALL, LEFTOVERS -> true;
      default -> false;
    };
  }

  /** Whether it makes present what the next phases depend on. */
  boolean depends() {
    return switch (this) {
      case PKG_DEPENDS,
          FETCH_DEPENDS,
          EXTRACT_DEPENDS,
          PATCH_DEPENDS,
          BUILD_DEPENDS,
          LIB_DEPENDS,
          RUN_DEPENDS -> true;
      default -> false;
    };
  }

  @Override
  public String toString() {
    return word;
  }
}
