package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The namespaces that every run's first process gets, whatever back end goes on inside. */
final class Namespaces {
  private static final List<String> OUTER = List.of(
      "--mount",
      "--propagation",
      "private",
      "--pid",
      "--fork",
      "--kill-child=KILL",
      "--mount-proc");

  private final IdMap ids;
  private final Path scripts;

  Namespaces(IdMap ids, Path scripts) {
    this.ids = ids;
    this.scripts = scripts;
  }

  /** Null when this host makes such namespaces for this user, else what was said. */
  @Nullable
  String probe() throws IOException {
    return HostProcess.run(ids.enter(scripts, OUTER, List.of("true")), 10);
  }

  /** The command line that runs {@code program} below wrap.sh. */
  List<String> enter(List<String> program) {
    List<String> argv = new ArrayList<>();
    argv.addAll(List.of("sh", scripts.resolve("wrap.sh").toString()));
    argv.addAll(program);
    return ids.enter(scripts, OUTER, argv);
  }

  /** What wrap.sh reads, with nothing to hide and nothing to mount. */
  Map<String, String> environment(Root root, Path input, Optional<ControlGroup> group) {
    Map<String, String> environment = new HashMap<>();
    environment.put("JOIN", ControlGroup.joined(group));
    environment.put("UNMOUNT", "");
    environment.put("COVER", "");
    environment.put("FSTAB", "");
    environment.put("INPUT", input.toString());
    environment.put("STATUS", root.status().toString());
    environment.put("TIMES", root.times().toString());
    return environment;
  }

  /** Makes the folders of a root and lets the build user into its own. */
  void prepare(Root root) throws IOException {
    Skeleton.write(root, true);
    for (Path path : List.of(root.mounted(), root.upper(), root.work(), root.run())) {
      Root.folder(path, "rwxr-xr-x");
    }
    if (ids.canGive()) {
      Root.own(root.lower().resolve("wrkdirs"));
      Root.own(root.lower().resolve("distfiles"));
    }
    for (Path path : root.handedOut()) {
      if (ids.canGive()) {
        Root.own(path);
      } else if (ids == IdMap.SUBORDINATE) {
        Root.folder(path, "rwxrwxrwx");
      }
    }
  }

  List<String> removal(List<Path> folders) {
    List<String> remove = new ArrayList<>(List.of("rm", "-rf", "--"));
    folders.forEach(folder -> remove.add(folder.toString()));
    return ids.farmOwnsAll() ? remove : ids.enter(scripts, List.of(), remove);
  }

  Optional<List<String>> reclaim(List<Path> folders) {
    if (ids != IdMap.SUBORDINATE || folders.isEmpty()) {
      return Optional.empty();
    }
    List<String> chown = new ArrayList<>(List.of("chown", "-R", "-P", "0:0", "--"));
    folders.forEach(folder -> chown.add(folder.toString()));
    return Optional.of(ids.enter(scripts, List.of(), chown));
  }
}
