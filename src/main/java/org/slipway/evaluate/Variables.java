package org.slipway.evaluate;

import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What every port is asked, in the order of the questions. */
final class Variables {
  /** The makefiles that were read; make's own variable. */
  static final String MAKEFILES = ".MAKE.MAKEFILES";

  /**
   * Variables that may name files of another port's folder, which are then part of this one's
   * sources.
   */
  static final List<String> PLACES = List.of(
      "MASTERDIR",
      "PKGDIR",
      "FILESDIR",
      "PATCHDIR",
      "SCRIPTDIR",
      "DISTINFO_FILE",
      "DESCR",
      "PLIST",
      "PKGMESSAGE");

  static final List<String> ALL = all();

  private Variables() {}

  private static List<String> all() {
    Set<String> names = new LinkedHashSet<>(List.of(
        "PKGNAME",
        "PKGBASE",
        "PKGVERSION",
        "PORTNAME",
        "PORTVERSION",
        "PORTREVISION",
        "PORTEPOCH",
        "FLAVOR",
        "FLAVORS",
        "PKGORIGIN",
        "PKGCATEGORY",
        "CATEGORIES"));
    Arrays.stream(DependencyKind.values()).map(DependencyKind::variable).forEach(names::add);
    Stream.of(
            "IGNORE",
            "BROKEN",
            "FORBIDDEN",
            "DEPRECATED",
            "EXPIRATION_DATE",
            "RESTRICTED",
            "NO_PACKAGE",
            "NO_CDROM",
            "NO_ARCH",
            "ONLY_FOR_ARCHS",
            "NOT_FOR_ARCHS",
            "MAKE_JOBS_UNSAFE",
            "LICENSE",
            "LICENSE_COMB",
            "LICENSE_FILE",
            "CPE_STR",
            "SELECTED_OPTIONS",
            "DESELECTED_OPTIONS",
            "COMPLETE_OPTIONS_LIST",
            "OPTIONS_DEFAULT",
            "OPTIONS_NAME",
            "ALLFILES",
            "DISTFILES",
            "PATCHFILES",
            "DIST_SUBDIR",
            "MASTER_SITES",
            "PATCH_SITES",
            "WRKDIR",
            "STAGEDIR",
            "TMPPLIST",
            "METADIR",
            "EXTRACT_SUFX",
            "USE_GITHUB",
            "USE_GITLAB")
        .forEach(names::add);
    names.addAll(PLACES);
    names.addAll(Recipe.VARIABLES);
    names.add(MAKEFILES);
    return List.copyOf(names);
  }
}
