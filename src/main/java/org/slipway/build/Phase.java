package org.slipway.build;

/** A step of a package's build, in the framework's order. */
public enum Phase {
  CHECK_SANITY("check-sanity"),
  DEPENDS("depends"),
  FETCH("fetch"),
  CHECKSUM("checksum"),
  EXTRACT("extract"),
  PATCH("patch"),
  CONFIGURE("configure"),
  BUILD("build"),
  STAGE("stage"),
  CHECK_PLIST("check-plist"),
  PACKAGE("package");

  private final String word;

  Phase(String word) {
    this.word = word;
  }

  /** The framework's word, such as {@code check-plist}. */
  public String word() {
    return word;
  }

  @Override
  public String toString() {
    return word;
  }
}
