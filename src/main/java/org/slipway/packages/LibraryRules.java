package org.slipway.packages;

import java.util.Optional;

/**
 * How shared libraries become a package's {@code shlibs_provided} and {@code shlibs_required}; the
 * defaults are pkg.conf(5)'s.
 *
 * @param target the system beside which libraries are judged; the manifest's ABI where there is
 *     none
 * @param base libraries that are left out of what is required
 * @param linux whether Linux libraries count on FreeBSD, with {@code :Linux} behind their names
 *     (TRACK_LINUX_COMPAT_SHLIBS)
 */
public record LibraryRules(Optional<Abi> target, BaseLibraries base, boolean linux) {
  public static final LibraryRules DEFAULT =
      new LibraryRules(Optional.empty(), BaseLibraries.NONE, false);
}
