package org.slipway.jail;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * Roots by proot, which only rewrites the paths of system calls. For hosts that give no namespaces at all. It keeps nothing in:
 * a build reaches whatever its user reaches, network included. Both users of a jail are one user of the
 * host: the farm's own, or for a farm that is root an unprivileged one.
 */
final class ProotBackEnd implements BackEnd {
  private static final Path STATUS = Path.of("/proc/self/status");

  /** Its number, from capability.h of Linux. */
  private static final int CAP_SYS_RESOURCE = 24;

  private final Path scripts;
  private final boolean stepsDown;

  /**
   * @param stepsDown whether the farm is root and lets the build user's id run everything
   */
  ProotBackEnd(Path scripts, boolean stepsDown) {
    this.scripts = scripts;
    this.stepsDown = stepsDown;
  }

  @Override
  public Containment containment() {
    return Containment.PROOT;
  }

  @Override
  public IdMap ids() {
    return IdMap.SINGLE;
  }

  @Override
  public boolean layered() {
    return false;
  }

  @Override
  public Optional<String> refusal(JailSpec spec) {
    String name = "jail " + spec.name() + ": ";
    if (!(spec.base() instanceof Base.Host)) {
      return Optional.of(name + "proot can only make roots of \"base: host\"");
    }
    if (!spec.tmpfs().isEmpty()) {
      return Optional.of(name + "tmpfs at " + spec.tmpfs().get(0).target()
          + " cannot be applied by proot, which mounts nothing; leave it out");
    }
    return spec.diskBytes() > 0
        ? Optional.of(name + "diskBytes " + spec.diskBytes()
            + " cannot be applied by proot, which mounts nothing; ask for no limit")
        : Optional.empty();
  }

  @Override
  public Optional<String> lacksOutside() {
    return Optional.of("proot keeps nothing from the host's network");
  }

  @Override
  public Optional<Keeper> prepare(Root root) throws IOException {
    // It reads the programs that it runs.
    Skeleton.write(root, false);
    Skeleton.local(root);
    Root.folder(root.run(), "rwxr-xr-x");
    if (stepsDown) {
      Root.give(root.lower());
      Root.give(root.local());
      for (Path path : root.handedOut()) {
        Root.own(path);
      }
    }
    return Optional.empty();
  }

  @Override
  public Launch launch(
      Root root, Optional<Keeper> keeper, Command command, Path input, Optional<ControlGroup> group)
      throws IOException {
    List<String> argv =
        new ArrayList<>(List.of("sh", scripts.resolve("proot.sh").toString()));
    if (stepsDown) {
      String id = Integer.toString(IdMap.BUILDER);
      argv.addAll(
          List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--no-new-privs"));
    }
    OptionalLong openFiles = Entry.openFiles(command);
    if (openFiles.isPresent()) {
      long files = openFiles.getAsLong();
      argv.addAll(List.of("prlimit", "--nofile=" + files + ":" + files));
      if (!stepsDown && raisesLimits(Files.readAllLines(STATUS))) {
        argv.addAll(List.of("setpriv", "--inh-caps=-all", "--bounding-set=-sys_resource"));
      }
    }
    argv.addAll(List.of("proot", "-r", root.lower().toString(), "-w", "/"));
    argv.addAll(List.of("-b", "/proc", "-b", "/dev"));
    for (Root.Bind bind : root.binds(Command.Network.HOST)) {
      argv.addAll(List.of("-b", bind.source() + ":" + bind.target()));
    }
    if (command.user() == Command.User.ROOT) {
      argv.add("-0");
    }
    argv.addAll(Entry.argv(command));
    return new Launch(
        argv,
        Map.of(
            "JOIN", ControlGroup.joined(group),
            "INPUT", input.toString(),
            "STATUS", root.status().toString()));
  }

  /**
   * Whether a process may go over its hard limits, as root may who has CAP_SYS_RESOURCE.
   *
   * @param status its lines in /proc, as proc(5) has them
   */
  static boolean raisesLimits(List<String> status) {
    return status.stream()
        .filter(line -> line.startsWith("CapEff:"))
        .map(line -> new BigInteger(line.substring("CapEff:".length()).strip(), 16))
        .anyMatch(capabilities -> capabilities.testBit(CAP_SYS_RESOURCE));
  }

  @Override
  public List<String> removal(List<Path> folders) {
    List<String> argv = new ArrayList<>(
        List.of("sh", "-c", "chmod -R u+rwX -- \"$@\" 2>/dev/null; exec rm -rf -- \"$@\"", "sh"));
    folders.forEach(folder -> argv.add(folder.toString()));
    return argv;
  }

  @Override
  public Optional<List<String>> reclaim(List<Path> folders) {
    return Optional.empty();
  }
}
