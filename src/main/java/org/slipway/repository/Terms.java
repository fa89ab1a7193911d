package org.slipway.repository;

import java.util.Optional;
import java.util.OptionalInt;
import org.slipway.packages.Abi;

/**
 * What holds for every package of a repository, and how it is laid out.
 *
 * @param abi what its clients call themselves; empty for the one that most packages name, which is
 *     for folders only
 * @param osVersion its clients' {@code OSVERSION}, such as 1402000, where that is known: a package
 *     whose annotation {@code FreeBSD_version} is newer makes every client refuse the catalogue
 * @param files whether the files catalogue is written too, which is for {@code pkg rwhich} of 2.8
 *     and later and needs every package's whole manifest
 */
public record Terms(
    Optional<Abi> abi, OptionalInt osVersion, Layout layout, Closure closure, boolean files) {
  /** The usual repository: flat, closed, without the files catalogue. */
  public static Terms of(Abi abi) {
    return new Terms(Optional.of(abi), OptionalInt.empty(), Layout.FLAT, Closure.REQUIRED, false);
  }

  public Terms with(Layout other) {
    return new Terms(abi, osVersion, other, closure, files);
  }

  public Terms with(Closure other) {
    return new Terms(abi, osVersion, layout, other, files);
  }

  public Terms withOsVersion(int version) {
    return new Terms(abi, OptionalInt.of(version), layout, closure, files);
  }

  public Terms withFiles(boolean wanted) {
    return new Terms(abi, osVersion, layout, closure, wanted);
  }
}
