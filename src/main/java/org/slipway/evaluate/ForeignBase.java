package org.slipway.evaluate;

import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import org.slipway.jail.Base;

/**
 * Whether a target's base is a system of another kind than the packages are for: FreeBSD's ports on
 * a Linux base, to try them. Ports then get a stand-in for what they expect of FreeBSD.
 */
public final class ForeignBase {
  /** FreeBSD's loader, which its programs name. */
  private static final String OF_FREEBSD = "libexec/ld-elf.so.1";

  /** os-release(5) as files: FreeBSD has no more than a link there until it has started. */
  private static final String[] OF_LINUX = {"usr/lib/os-release", "etc/os-release"};

  private ForeignBase() {}

  /** Whether the packages are FreeBSD's and the base is a Linux system. */
  public static boolean is(Target target) {
    return target.abi().os().equals("FreeBSD") && !isFreeBsd(target) && isLinux(root(target));
  }

  /** Whether the base is FreeBSD's own. */
  public static boolean isFreeBsd(Target target) {
    return Files.exists(root(target).resolve(OF_FREEBSD), LinkOption.NOFOLLOW_LINKS);
  }

  /** Where the base's files are on this host. */
  public static Path root(Target target) {
    return target.base() instanceof Base.Directory directory ? directory.root() : Path.of("/");
  }

  private static boolean isLinux(Path root) {
    for (String file : OF_LINUX) {
      if (Files.isRegularFile(root.resolve(file), LinkOption.NOFOLLOW_LINKS)) {
        return true;
      }
    }
    return false;
  }
}
