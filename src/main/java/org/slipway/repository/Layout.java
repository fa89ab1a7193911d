package org.slipway.repository;

import org.slipway.packages.Digest;
import org.slipway.packages.PackageName;

/** Where a repository keeps its package files. */
public enum Layout {
  /** {@code All/NAME-VERSION.pkg}. */
  FLAT,
  /**
   * {@code All/Hashed/NAME-VERSION~SUM10.pkg}, which is {@code All/NAME-VERSION.pkg} too, as
   * {@code pkg repo -h -s} has it; SUM10 is the first ten characters of the sum. A rebuilt package
   * has another address, so that no cache on the way gives an old one. In a folder the second
   * address is a link; a snapshot answers it by its list.
   */
  HASHED;

  private static final int SUM_CHARACTERS = 10;

  /** The package's place, relative to the repository's root. */
  String path(PackageName name, Digest sum) {
    return this == FLAT ? link(name) : "All/" + hashed(name.toString(), sum, ".pkg");
  }

  /** Where people look for it. */
  static String link(PackageName name) {
    return "All/" + name + ".pkg";
  }

  /** Relative to the folder in which the link stands. */
  static String hashed(String nameAndVersion, Digest sum, String suffix) {
    return "Hashed/" + nameAndVersion + "~" + sum.hex().substring(0, SUM_CHARACTERS) + suffix;
  }

  /** Within {@code Hashed}. */
  static String hashed(String nameAndVersion, String sum) {
    return nameAndVersion + "~" + sum.substring(0, SUM_CHARACTERS) + ".pkg";
  }
}
