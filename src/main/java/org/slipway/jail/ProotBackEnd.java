package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Roots by proot, which only rewrites the paths of system calls. For hosts that give no namespaces at all. It keeps nothing in:
 * a build reaches whatever its user reaches, network included. Both users of a jail are one user of the
 * host: the farm's own, or for a farm that is root an unprivileged one.
 */
final class ProotBackEnd implements BackEnd {
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
  public void prepare(Root root) throws IOException {
    if (!root.ofHost()) {
      throw new JailException(
          "jail " + root.spec().name() + ": proot can only make roots of \"base: host\"");
    }
    // It reads the programs that it runs.
    Skeleton.write(root, false);
    Root.folder(root.run(), "rwxr-xr-x");
    if (stepsDown) {
      Root.give(root.lower());
      Root.give(root.local());
      for (Path path : root.handedOut()) {
        Root.own(path);
      }
    }
  }

  @Override
  public Launch launch(Root root, Command command, Path input, Optional<ControlGroup> group)
      throws IOException {
    List<String> argv =
        new ArrayList<>(List.of("sh", scripts.resolve("proot.sh").toString()));
    if (stepsDown) {
      String id = Integer.toString(IdMap.BUILDER);
      argv.addAll(
          List.of("setpriv", "--reuid=" + id, "--regid=" + id, "--clear-groups", "--no-new-privs"));
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
