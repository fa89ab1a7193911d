package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/**
 * Jails by a script around util-linux where no container runtime is installed: the same namespaces, mounts, masks and rights,
 * but no system call filter.
 */
final class UnshareBackEnd implements BackEnd {
  private static final String LOCKED = ",nosuid,nodev";

  private final IdMap ids;
  private final boolean layered;
  private final Namespaces namespaces;
  private final Path scripts;
  private final boolean canRaiseLoopback;

  UnshareBackEnd(IdMap ids, boolean layered, Namespaces namespaces, Path scripts) {
    this.ids = ids;
    this.layered = layered;
    this.namespaces = namespaces;
    this.scripts = scripts;
    this.canRaiseLoopback = List.of("/sbin/ip", "/usr/sbin/ip", "/bin/ip", "/usr/bin/ip").stream()
        .anyMatch(ip -> Files.isExecutable(Path.of(ip)));
  }

  @Override
  public Containment containment() {
    return Containment.UNSHARE;
  }

  @Override
  public IdMap ids() {
    return ids;
  }

  @Override
  public boolean layered() {
    return layered;
  }

  @Override
  public Optional<String> refusal(JailSpec spec) {
    return namespaces.refusal(spec, Containment.UNSHARE, layered);
  }

  @Override
  public Optional<String> lacksOutside() throws IOException {
    return namespaces.outside().lack();
  }

  @Override
  public Optional<Keeper> prepare(Root root) throws IOException {
    Path stage = Root.folder(stage(root), "rwxr-xr-x");
    for (String name : List.of("jail", "old", "usr")) {
      Root.folder(stage.resolve(name), "rwxr-xr-x");
    }
    Files.createSymbolicLink(stage.resolve("proc"), Path.of("jail/proc"));
    for (String name : List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32")) {
      Path path = Path.of("/" + name);
      if (Files.isSymbolicLink(path)) {
        Files.createSymbolicLink(stage.resolve(name), Files.readSymbolicLink(path));
      } else if (Files.isDirectory(path)) {
        Root.folder(stage.resolve(name), "rwxr-xr-x");
      }
    }
    return namespaces.prepare(root);
  }

  /** What a process finds that gets out of the root: the host's programs, read-only, and nothing more. */
  private static Path stage(Root root) {
    return root.folder().resolve("stage");
  }

  @Override
  public Optional<Launch> first(Optional<Keeper> keeper) {
    return Optional.of(new Launch(namespaces.enter(keeper), Map.of()));
  }

  @Override
  public Launch launch(
      Root root, Optional<Keeper> keeper, Command command, Path input, Optional<ControlGroup> group)
      throws IOException {
    Path table = table(root, command).write(root.run().resolve("fstab"));
    Map<String, String> environment = new HashMap<>(namespaces.environment(root, input));
    environment.put("JAIL_FSTAB", table.toString());
    boolean loopback = command.network() == Command.Network.NONE && canRaiseLoopback;
    environment.put("LOOPBACK", loopback ? "up" : "");

    List<String> argv = new ArrayList<>(namespaces.outside().enter(root, command));
    argv.add("unshare");
    argv.addAll(List.of("--mount", "--propagation", "private", "--pid", "--fork"));
    argv.addAll(List.of("--kill-child=KILL", "--ipc", "--uts"));
    if (command.network() == Command.Network.NONE) {
      argv.add("--net");
    }
    argv.addAll(
        List.of("sh", scripts.resolve("stage.sh").toString(), stage(root).toString()));
    argv.addAll(enterJail(command, group));
    argv.addAll(Entry.argv(command));
    return new Launch(argv, environment);
  }

  /** Limits, rights and the step into the root, by the host's programs. */
  private List<String> enterJail(Command command, Optional<ControlGroup> group) throws IOException {
    List<String> argv = new ArrayList<>(List.of("prlimit", "--core=0:0"));
    if (group.isEmpty() || group.get().pids().isEmpty()) {
      long processes = Entry.processes(command);
      argv.add("--nproc=" + processes + ":" + processes);
    }
    Entry.openFiles(command).ifPresent(files -> argv.add("--nofile=" + files + ":" + files));
    argv.addAll(List.of("setpriv", "--no-new-privs", "--inh-caps=-all"));
    boolean asRoot = command.user() == Command.User.ROOT;
    if (!asRoot && ids == IdMap.SINGLE) {
      // The only id there is gets another number, in a namespace of its own.
      argv.addAll(List.of("unshare", "--user", "--root=/jail", "--wd=/"));
      argv.addAll(List.of("--map-user=" + IdMap.BUILDER, "--map-group=" + IdMap.BUILDER));
      return argv;
    }
    // What chroot(8) needs stays in the bounding set; no-new-privs keeps a build from getting it.
    List<String> kept = new ArrayList<>(asRoot ? OciConfig.ROOT_CAPABILITIES : List.of());
    kept.addAll(
        asRoot ? List.of("CAP_SYS_CHROOT") : List.of("CAP_SYS_CHROOT", "CAP_SETUID", "CAP_SETGID"));
    argv.add("--bounding-set=-all,"
        + kept.stream()
            .map(name -> "+" + name.substring("CAP_".length()).toLowerCase(Locale.ROOT))
            .collect(Collectors.joining(",")));
    argv.add("chroot");
    if (!asRoot) {
      argv.addAll(List.of("--userspec=" + IdMap.BUILDER + ":" + IdMap.BUILDER, "--groups="));
    }
    argv.add("/jail");
    return argv;
  }

  private Fstab table(Root root, Command command) throws IOException {
    Path stage = stage(root);
    Path jail = stage.resolve("jail");
    Fstab table = new Fstab();
    if (layered && !root.limited()) {
      root.unmark();
      table.overlay(root, ids);
    }
    table.bind(stage, stage, ",ro" + LOCKED);
    for (Root.Bind bind : Root.system()) {
      table.bind(bind.source(), inside(stage, bind.target()), ",ro" + LOCKED);
    }
    table.bind(root.mounted(), jail, LOCKED);
    table.mount("proc", jail.resolve("proc"), "proc", "nosuid,noexec,nodev");
    for (String path : OciConfig.existing(OciConfig.READ_ONLY)) {
      table.bind(inside(jail, path), inside(jail, path), ",ro,nosuid,noexec,nodev");
    }
    for (String path : OciConfig.existing(OciConfig.MASKED)) {
      if (path.startsWith("/proc/")) {
        if (Files.isDirectory(Path.of(path))) {
          table.mount("none", inside(jail, path), "tmpfs", "ro,size=4k,nosuid,nodev");
        } else {
          table.bind(Path.of("/dev/null"), inside(jail, path), ",nosuid,noexec");
        }
      }
    }
    for (String device : Skeleton.devices()) {
      table.bind(
          Path.of("/dev").resolve(device), jail.resolve("dev").resolve(device), ",nosuid,noexec");
    }
    table.mount(
        "devpts", jail.resolve("dev/pts"), "devpts", "newinstance,ptmxmode=0666,mode=0620,nosuid");
    table.mount(
        "shm",
        jail.resolve("dev/shm"),
        "tmpfs",
        "mode=1777,size=256m,nr_inodes=65536,nosuid,nodev,noexec");
    for (Root.Bind bind : root.binds(command.network())) {
      table.bind(
          bind.source(), inside(jail, bind.target()), (bind.writable() ? ",rw" : ",ro") + LOCKED);
    }
    return table;
  }

  private static Path inside(Path jail, String path) {
    return jail.resolve(path.substring(1));
  }

  @Override
  public List<String> removal(List<Path> folders) {
    return namespaces.removal(folders);
  }

  @Override
  public Optional<List<String>> reclaim(List<Path> folders) {
    return namespaces.reclaim(folders);
  }
}
