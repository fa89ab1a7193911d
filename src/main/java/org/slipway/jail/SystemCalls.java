package org.slipway.jail;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The system calls that a jail refuses, as an OCI seccomp section. All others are let through: builds run compilers, test suites
 * and language runtimes, and a list of what those may call would be the list of almost everything. Refused is what administers
 * the kernel, makes namespaces, looks into other processes, or has a long record of holes and no use in a build.
 */
final class SystemCalls {
  private static final int ENOSYS = 38;
  private static final int EPERM = 1;

  private static final List<String> REFUSED = List.of(
      // mounts and roots
      "mount",
      "umount",
      "umount2",
      "mount_setattr",
      "move_mount",
      "open_tree",
      "fsopen",
      "fsconfig",
      "fsmount",
      "fspick",
      "pivot_root",
      "chroot",
      "swapon",
      "swapoff",
      "quotactl",
      "quotactl_fd",
      "open_by_handle_at",
      "name_to_handle_at",
      "fanotify_init",
      // namespaces
      "unshare",
      "setns",
      // kernel, machine and clock
      "init_module",
      "finit_module",
      "delete_module",
      "kexec_load",
      "kexec_file_load",
      "reboot",
      "bpf",
      "perf_event_open",
      "syslog",
      "acct",
      "settimeofday",
      "clock_settime",
      "clock_settime64",
      "clock_adjtime",
      "clock_adjtime64",
      "adjtimex",
      "stime",
      "sethostname",
      "setdomainname",
      "iopl",
      "ioperm",
      "vhangup",
      "nfsservctl",
      "lookup_dcookie",
      // keys
      "keyctl",
      "add_key",
      "request_key",
      // other processes
      "ptrace",
      "process_vm_readv",
      "process_vm_writev",
      "kcmp",
      "pidfd_getfd",
      "process_madvise",
      "move_pages",
      "migrate_pages",
      // a long record of holes
      "io_uring_setup",
      "io_uring_enter",
      "io_uring_register",
      "userfaultfd",
      "vmsplice");

  /** CLONE_NEWNS, NEWCGROUP, NEWUTS, NEWIPC, NEWUSER, NEWPID, NEWNET; see clone(2). */
  private static final List<Long> NAMESPACE_FLAGS =
      List.of(0x20000L, 0x2000000L, 0x4000000L, 0x8000000L, 0x10000000L, 0x20000000L, 0x40000000L);

  /** TIOCSTI and TIOCLINUX put characters into the terminal of others. */
  private static final List<Long> TERMINAL_REQUESTS = List.of(0x5412L, 0x541CL);

  private SystemCalls() {}

  static Map<String, Object> filter() {
    List<Map<String, Object>> rules = new ArrayList<>();
    rules.add(Map.of("names", REFUSED, "action", "SCMP_ACT_ERRNO", "errnoRet", EPERM));
    for (long flag : NAMESPACE_FLAGS) {
      rules.add(Map.of(
          "names",
          List.of("clone"),
          "action",
          "SCMP_ACT_ERRNO",
          "errnoRet",
          EPERM,
          "args",
          List.of(argument(0, flag, flag, "SCMP_CMP_MASKED_EQ"))));
    }
    for (long request : TERMINAL_REQUESTS) {
      rules.add(Map.of(
          "names",
          List.of("ioctl"),
          "action",
          "SCMP_ACT_ERRNO",
          "errnoRet",
          EPERM,
          "args",
          List.of(argument(1, 0xFFFFFFFFL, request, "SCMP_CMP_MASKED_EQ"))));
    }
    // Its flags are behind a pointer that a filter cannot read; libc then uses clone.
    rules.add(Map.of("names", List.of("clone3"), "action", "SCMP_ACT_ERRNO", "errnoRet", ENOSYS));
    return Map.of(
        "defaultAction", "SCMP_ACT_ALLOW", "architectures", architectures(), "syscalls", rules);
  }

  private static Map<String, Object> argument(int index, long value, long valueTwo, String op) {
    return Map.of("index", index, "value", value, "valueTwo", valueTwo, "op", op);
  }

  /** The machine's own and the older one that its kernel runs too; calls of any other are fatal. */
  private static List<String> architectures() {
    return switch (System.getProperty("os.arch", "")) {
      case "amd64", "x86_64" -> List.of("SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32");
      case "aarch64" -> List.of("SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM");
      case "riscv64" -> List.of("SCMP_ARCH_RISCV64");
      case "ppc64le" -> List.of("SCMP_ARCH_PPC64LE");
      default -> List.of();
    };
  }
}
