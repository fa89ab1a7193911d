package org.slipway.jail;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Writes the config.json of one run, as the OCI runtime specification 1.0.2 has it. */
final class OciConfig {
  private static final ObjectMapper JSON = new ObjectMapper();

  /** What root keeps: enough to unpack files with owners and modes, nothing that reaches the host. */
  static final List<String> ROOT_CAPABILITIES = List.of(
      "CAP_CHOWN",
      "CAP_DAC_OVERRIDE",
      "CAP_FOWNER",
      "CAP_FSETID",
      "CAP_SETUID",
      "CAP_SETGID",
      "CAP_KILL");

  static final List<String> MASKED = List.of(
      "/proc/acpi",
      "/proc/asound",
      "/proc/kcore",
      "/proc/keys",
      "/proc/key-users",
      "/proc/latency_stats",
      "/proc/timer_list",
      "/proc/timer_stats",
      "/proc/sched_debug",
      "/proc/scsi",
      "/proc/kallsyms",
      "/proc/kmsg",
      "/proc/interrupts",
      "/sys/firmware");

  static final List<String> READ_ONLY =
      List.of("/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger");

  private final Root root;
  private final Command command;
  private final IdMap ids;
  private final Optional<ControlGroup> group;
  private final boolean crun;

  OciConfig(Root root, Command command, IdMap ids, Optional<ControlGroup> group, boolean crun) {
    this.root = root;
    this.command = command;
    this.ids = ids;
    this.group = group;
    this.crun = crun;
  }

  /**
   * @param nested whether the build user gets a user namespace of its own, in which the only id there is has another number
   * @param controlGroup where the runtime makes its own control group
   */
  void write(Path folder, boolean nested, Optional<String> controlGroup) throws IOException {
    Map<String, Object> config = new LinkedHashMap<>();
    config.put("ociVersion", "1.0.2");
    config.put("process", process(nested));
    config.put("root", Map.of("path", root.mounted().toString(), "readonly", false));
    config.put("hostname", "builder");
    config.put("mounts", mounts());
    config.put("linux", linux(nested, controlGroup));
    Files.write(folder.resolve("config.json"), JSON.writeValueAsBytes(config));
  }

  private Map<String, Object> process(boolean nested) throws IOException {
    boolean asRoot = command.user() == Command.User.ROOT;
    int id = asRoot || (ids == IdMap.SINGLE && !nested) ? 0 : IdMap.BUILDER;
    List<String> capabilities = asRoot ? ROOT_CAPABILITIES : List.of();
    Map<String, Object> process = new LinkedHashMap<>();
    process.put("terminal", false);
    process.put("user", Map.of("uid", id, "gid", id));
    process.put("args", Entry.argv(command));
    process.put("env", List.of());
    process.put("cwd", "/");
    process.put("noNewPrivileges", true);
    process.put("oomScoreAdj", 500);
    process.put(
        "capabilities",
        Map.of("bounding", capabilities, "effective", capabilities, "permitted", capabilities));
    process.put("rlimits", limits());
    return process;
  }

  private List<Map<String, Object>> limits() throws IOException {
    List<Map<String, Object>> limits = new ArrayList<>();
    limits.add(Map.of("type", "RLIMIT_CORE", "soft", 0, "hard", 0));
    if (group.isEmpty() || group.get().pids().isEmpty()) {
      long processes = Entry.processes(command);
      limits.add(Map.of("type", "RLIMIT_NPROC", "soft", processes, "hard", processes));
    }
    Entry.openFiles(command)
        .ifPresent(
            files -> limits.add(Map.of("type", "RLIMIT_NOFILE", "soft", files, "hard", files)));
    return limits;
  }

  private List<Map<String, Object>> mounts() throws IOException {
    List<Map<String, Object>> mounts = new ArrayList<>();
    if (crun) {
      // It binds the root once more without the flags that the farm gave it, and takes "/" for
      // none.
      mounts.add(mount(
          "/.", "none", root.mounted().toString(), List.of("remount", "bind", "nosuid", "nodev")));
    }
    mounts.add(mount("/proc", "proc", "proc", List.of("nosuid", "noexec", "nodev")));
    mounts.add(mount("/dev", "tmpfs", "tmpfs", List.of("nosuid", "mode=755", "size=1m")));
    mounts.add(mount(
        "/dev/pts",
        "devpts",
        "devpts",
        List.of("nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620")));
    mounts.add(mount(
        "/dev/shm",
        "tmpfs",
        "shm",
        List.of("nosuid", "noexec", "nodev", "mode=1777", "size=256m", "nr_inodes=65536")));
    for (Root.Bind bind : root.binds(command.network())) {
      mounts.add(mount(
          bind.target(),
          "bind",
          bind.source().toString(),
          List.of("bind", bind.writable() ? "rw" : "ro", "nosuid", "nodev")));
    }
    return mounts;
  }

  private static Map<String, Object> mount(
      String target, String type, String source, List<String> options) {
    return Map.of("destination", target, "type", type, "source", source, "options", options);
  }

  private Map<String, Object> linux(boolean nested, Optional<String> controlGroup) {
    List<Map<String, Object>> namespaces = new ArrayList<>();
    for (String type : List.of("pid", "ipc", "uts", "mount")) {
      namespaces.add(Map.of("type", type));
    }
    if (command.network() == Command.Network.NONE) {
      namespaces.add(Map.of("type", "network"));
    }
    Map<String, Object> linux = new LinkedHashMap<>();
    if (nested) {
      namespaces.add(Map.of("type", "user"));
      int id = command.user() == Command.User.ROOT ? 0 : IdMap.BUILDER;
      List<Map<String, Object>> map = List.of(Map.of("containerID", id, "hostID", 0, "size", 1));
      linux.put("uidMappings", map);
      linux.put("gidMappings", map);
    }
    linux.put("namespaces", namespaces);
    controlGroup.ifPresent(path -> linux.put("cgroupsPath", path));
    linux.put("seccomp", SystemCalls.filter());
    linux.put("maskedPaths", existing(MASKED));
    linux.put("readonlyPaths", existing(READ_ONLY));
    return linux;
  }

  static List<String> existing(List<String> paths) {
    return paths.stream()
        .filter(path -> Files.exists(Path.of(path), LinkOption.NOFOLLOW_LINKS))
        .toList();
  }
}
