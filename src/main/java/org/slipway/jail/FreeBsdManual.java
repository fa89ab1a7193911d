package org.slipway.jail;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A program of FreeBSD's base system as the farm uses it, with the page of FreeBSD's manual (14 and newer) that says what its
 * arguments mean. Programs are looked up in {@link HostProcess#PATH}.
 */
enum FreeBsdManual {
  CHFLAGS("chflags", "chflags(1)"),
  DEVFS("mount", "devfs(4)"),
  DEVFS_RULE("devfs", "devfs(8)"),
  FDESCFS("mount", "fdescfs(4)"),
  ID("id", "id(1)"),
  IFCONFIG("ifconfig", "ifconfig(8)"),
  INSTALL("install", "install(1)"),
  JAIL("jail", "jail(8)"),
  JEXEC("jexec", "jexec(8)"),
  JLS("jls", "jls(8)"),
  LSVFS("lsvfs", "lsvfs(1)"),
  MOUNT("mount", "mount(8)"),
  NULLFS("mount", "mount_nullfs(8)"),
  PW("pw", "pw(8)"),
  RCTL("rctl", "rctl(8)"),
  RM("rm", "rm(1)"),
  SWAPINFO("swapinfo", "swapinfo(8)"),
  SYSCTL("sysctl", "sysctl(8)"),
  TAR("tar", "tar(1)"),
  TMPFS("mount", "tmpfs(4)"),
  UMOUNT("umount", "umount(8)"),
  UNAME("uname", "uname(1)"),
  ZFS_CLONE("zfs", "zfs-clone(8)"),
  ZFS_DESTROY("zfs", "zfs-destroy(8)"),
  ZFS_LIST("zfs", "zfs-list(8)");

  private final String program;
  private final String page;

  FreeBsdManual(String program, String page) {
    this.program = program;
    this.page = page;
  }

  String program() {
    return program;
  }

  String page() {
    return page;
  }

  FreeBsdCall call(String... arguments) {
    return call(List.of(arguments));
  }

  FreeBsdCall call(List<String> arguments) {
    List<String> argv = new ArrayList<>();
    argv.add(program);
    argv.addAll(arguments);
    return new FreeBsdCall(this, argv, Optional.empty());
  }
}
