package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** Jails by an OCI runtime, runc or crun, which runs inside namespaces of the farm's own making. */
final class OciBackEnd implements BackEnd {
  private final Containment runtime;
  private final IdMap ids;
  private final boolean layered;
  private final Namespaces namespaces;
  private final ControlGroups controlGroups;

  OciBackEnd(
      Containment runtime,
      IdMap ids,
      boolean layered,
      Namespaces namespaces,
      ControlGroups controlGroups) {
    this.runtime = runtime;
    this.ids = ids;
    this.layered = layered;
    this.namespaces = namespaces;
    this.controlGroups = controlGroups;
  }

  @Override
  public Containment containment() {
    return runtime;
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
    return namespaces.refusal(spec, runtime, layered);
  }

  @Override
  public Optional<String> lacksOutside() throws IOException {
    return namespaces.outside().lack();
  }

  @Override
  public Optional<Keeper> prepare(Root root) throws IOException {
    return namespaces.prepare(root);
  }

  @Override
  public Optional<Launch> first(Optional<Keeper> keeper) {
    return Optional.of(new Launch(namespaces.enter(keeper), hidden()));
  }

  @Override
  public Launch launch(
      Root root, Optional<Keeper> keeper, Command command, Path input, Optional<ControlGroup> group)
      throws IOException {
    boolean crun = runtime == Containment.CRUN;
    // runc wants id 0 in every user namespace; there the build user is an id 0 without any right.
    boolean nested = crun && ids == IdMap.SINGLE && command.user() == Command.User.BUILDER;
    Optional<String> own =
        group.flatMap(ControlGroup::runtime).or(() -> Optional.of("/" + root.id()));
    new OciConfig(root, command, ids, group, crun)
        .write(root.run(), nested, crun || ids != IdMap.REAL ? Optional.empty() : own);

    Map<String, String> environment = new HashMap<>(namespaces.environment(root, input));
    if (layered && !root.limited()) {
      root.unmark();
      environment.put("OVERLAY", Fstab.options(root, ids));
    } else if (!layered) {
      Fstab table = new Fstab().bind(root.mounted(), root.mounted(), ",nosuid,nodev");
      environment.put("FSTAB", table.write(root.run().resolve("fstab")).toString());
    }

    List<String> argv = new ArrayList<>(namespaces.outside().enter(root, command));
    argv.add(crun ? "crun" : "runc");
    if (crun) {
      argv.add("--cgroup-manager=disabled");
    }
    argv.addAll(List.of("--root", root.state().toString(), "run", "--preserve-fds", "1"));
    argv.addAll(List.of("--bundle", root.run().toString(), root.id()));
    return new Launch(argv, environment);
  }

  /**
   * Limits are on a group of the farm's own. A runtime that made groups below it would take the kernel's count of processes
   * killed for memory along when it ends, so it sees none (crun, below a cover) or only the device controller (runc insists on
   * that one, and looks for mounts by their list).
   *
   * @return for wrap.sh: what is to be covered, and what to be unmounted, a line each
   */
  private Map<String, String> hidden() {
    if (controlGroups.isUnified()) {
      return Map.of();
    }
    if (runtime == Containment.CRUN) {
      return Map.of("COVER", "/sys/fs/cgroup");
    }
    // Mounts that came into a user namespace cannot be taken away there; runc has no rights on
    // them.
    return ids == IdMap.REAL
        ? Map.of(
            "UNMOUNT",
            controlGroups.hidden().stream().map(Path::toString).collect(Collectors.joining("\n")))
        : Map.of();
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
