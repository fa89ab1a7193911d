package org.slipway.evaluate;

import java.util.List;

/**
 * Which of a port's variables say how it is built, so that a change in one of them makes another
 * package.
 */
public final class Recipe {
  /**
   * By name; where a distfile is fetched from is none of them, for distinfo fixes what it holds.
   */
  public static final List<String> VARIABLES = List.of(
      "PKGNAME",
      "PREFIX",
      "LOCALBASE",
      "COMMENT",
      "MAINTAINER",
      "WWW",
      "LICENSE",
      "CATEGORIES",
      "NO_ARCH",
      "CONFIGURE_ARGS",
      "CONFIGURE_ENV",
      "MAKE_ARGS",
      "MAKE_ENV",
      "CFLAGS",
      "CPPFLAGS",
      "CXXFLAGS",
      "LDFLAGS",
      "LIBS",
      "CC",
      "CXX",
      "USES",
      "PLIST",
      "PLIST_SUB",
      "SUB_LIST",
      "SUB_FILES",
      "DISTFILES",
      "WRKSRC",
      "USERS",
      "GROUPS",
      "ALL_TARGET",
      "INSTALL_TARGET",
      "NEED_ROOT",
      "FLAVOR",
      "LICENSE_COMB",
      "CPE_STR",
      "DEPRECATED",
      "EXPIRATION_DATE",
      "PATCHFILES",
      "EXTRACT_ONLY",
      "EXTRA_PATCHES",
      "PATCH_STRIP",
      "CONFIGURE_SCRIPT",
      "CONFIGURE_WRKSRC",
      "BUILD_WRKSRC",
      "INSTALL_WRKSRC",
      "MAKEFILE",
      "PLIST_FILES",
      "PLIST_DIRS",
      "USE_LDCONFIG",
      "USE_RC_SUBR");

  private Recipe() {}
}
