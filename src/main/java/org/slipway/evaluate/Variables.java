package org.slipway.evaluate;

import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What every port is asked, in the order of the questions. Nearly all are variables of the
 * framework; a few are lists that it spreads over variables whose names hold a name of the port's.
 */
final class Variables {
  /** The makefiles that were read; make's own variable. */
  static final String MAKEFILES = ".MAKE.MAKEFILES";

  /** Under which name the port's options are set in make.conf. */
  static final String OPTIONS_NAME = "OPTIONS_NAME";

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

  /** The ways in which options can belong together (ports framework, OPTIONS_GROUP and others). */
  private static final List<String> GROUPS = List.of("SINGLE", "MULTI", "GROUP", "RADIO");

  private static final Map<String, String> EXPRESSIONS = expressions();

  static final List<String> ALL = List.copyOf(EXPRESSIONS.keySet());

  private static final Map<String, Integer> INDEXES = indexes();

  /** Not part of what a port answers, but of how it came to its answers. */
  static final Set<String> INTERNAL = Set.of(MAKEFILES);

  private Variables() {}

  private static Map<String, Integer> indexes() {
    Map<String, Integer> indexes = new HashMap<>();
    for (String name : ALL) {
      indexes.put(name, indexes.size());
    }
    return Map.copyOf(indexes);
  }

  /**
   * Where in {@link #ALL} a variable is.
   *
   * @throws IllegalArgumentException where it is not asked
   */
  static int index(String name) {
    Integer index = INDEXES.get(name);
    if (index == null) {
      throw new IllegalArgumentException(name + " is no variable that ports are asked for");
    }
    return index;
  }

  /**
   * What {@code make -V} takes for each of {@link #ALL}: the bare name where that will do. An
   * expression would cost its expansion twice, as make expands the words it was started with, too.
   */
  static String word(String name) {
    return EXPRESSIONS.getOrDefault(name, name);
  }

  /** The same as it stands in a makefile's text, where make expands it. */
  static String expression(String name) {
    String word = word(name);
    return word.equals(name) ? "${" + name + "}" : word;
  }

  private static Map<String, String> expressions() {
    Map<String, String> asked = new LinkedHashMap<>();
    names().forEach(name -> asked.putIfAbsent(name, name));
    for (String group : GROUPS) {
      String all = "OPTIONS_" + group;
      asked.put(all, all);
      // Words such as GUI=GTK,QT.
      asked.put(
          all + "_MEMBERS", "${" + all + ":O:u:@_group@${_group}=${" + all + "_${_group}:ts,}@}");
    }
    asked.put("SUBPACKAGES", "SUBPACKAGES");
    asked.put("SUBPACKAGE_PKGNAMES", ofSubpackages("PKGNAME"));
    asked.put("SUBPACKAGE_LIB_DEPENDS", ofSubpackages("LIB_DEPENDS"));
    asked.put("SUBPACKAGE_RUN_DEPENDS", ofSubpackages("RUN_DEPENDS"));
    asked.remove(MAKEFILES);
    asked.put(MAKEFILES, MAKEFILES);
    return asked;
  }

  private static String ofSubpackages(String variable) {
    return "${SUBPACKAGES:@_sub@${" + variable + ".${_sub}}@}";
  }

  private static Stream<String> names() {
    return Stream.of(
            Stream.of(
                "PKGNAME",
                "PKGBASE",
                "PKGVERSION",
                "PORTNAME",
                "PORTVERSION",
                "DISTVERSION",
                "PORTREVISION",
                "PORTEPOCH",
                "FLAVOR",
                "FLAVORS",
                "PKGORIGIN",
                "PKGCATEGORY",
                "CATEGORIES"),
            Arrays.stream(DependencyKind.values()).map(DependencyKind::variable),
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
                "LICENSE_PERMS",
                "CPE_STR",
                "SELECTED_OPTIONS",
                "DESELECTED_OPTIONS",
                "COMPLETE_OPTIONS_LIST",
                "OPTIONS_DEFAULT",
                OPTIONS_NAME,
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
                "USE_GITLAB"),
            PLACES.stream(),
            Recipe.VARIABLES.stream())
        .flatMap(each -> each);
  }
}
