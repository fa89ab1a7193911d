package org.slipway.jail;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
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
  private final Outside outside;

  Namespaces(IdMap ids, Path scripts) {
    this.ids = ids;
    this.scripts = scripts;
    this.outside = new Outside(scripts);
  }

  /** The network of runs that have one of their own with a way out. */
  Outside outside() {
    return outside;
  }

  /** Null when this host makes such namespaces for this user, else what was said. */
  @Nullable
  String probe() throws IOException {
    return HostProcess.run(ids.enter(scripts, OUTER, List.of("true")), 10);
  }

  /** The command line of wrap.sh, a run's first process, in the mounts of a keeper if the root has one. */
  List<String> enter(Optional<Keeper> keeper) {
    List<String> argv = List.of("sh", scripts.resolve("wrap.sh").toString());
    if (keeper.isEmpty()) {
      return ids.enter(scripts, OUTER, argv);
    }
    List<String> words = new ArrayList<>(keeper.get().enter(ids));
    words.add("unshare");
    words.addAll(OUTER);
    words.addAll(argv);
    return words;
  }

  /** What wrap.sh is told of a run, with nothing to mount. */
  Map<String, String> environment(Root root, Path input) {
    Map<String, String> environment = new HashMap<>();
    environment.put("OVERLAY", "");
    environment.put("ROOT", root.mounted().toString());
    environment.put("FSTAB", "");
    environment.put("INPUT", input.toString());
    environment.put("STATUS", root.status().toString());
    environment.put("TIMES", root.times().toString());
    return environment;
  }

  /** Why a root like this cannot be made; empty where it can. */
  Optional<String> refusal(JailSpec spec, Containment kind, boolean layered) {
    String reason = null;
    if (spec.diskBytes() > 0) {
      if (ids != IdMap.REAL) {
        reason = "only a farm that is root and may mount can limit a disk";
      } else if (!layered) {
        reason = "overlay mounts do not work here";
      } else if (!HostProcess.installed("mkfs.ext4")) {
        reason = "mkfs.ext4 is not installed; install e2fsprogs";
      } else if (spec.diskBytes() < Disk.LEAST_BYTES) {
        reason = "it is less than " + Disk.LEAST_BYTES + " bytes";
      }
    }
    return Optional.ofNullable(reason)
        .map(why -> "jail " + spec.name() + ": diskBytes " + spec.diskBytes()
            + " cannot be applied by " + kind.sentence() + ": " + why);
  }

  /** Makes the folders of a root, lets the build user into its own, and makes the mounts that its runs share. */
  Optional<Keeper> prepare(Root root) throws IOException {
    if (!Files.exists(root.lower())) {
      Path fresh = root.folder().resolve("lower");
      Skeleton.write(root.over(fresh), true);
      if (ids.canGive()) {
        Root.own(fresh.resolve("wrkdirs"));
        Root.own(fresh.resolve("distfiles"));
      }
      if (!fresh.equals(root.lower())) {
        Lowers.keep(fresh, root.lower());
      }
    }
    Skeleton.local(root);
    List<Path> folders = new ArrayList<>(List.of(root.mounted(), root.run()));
    folders.addAll(root.limited() ? List.of(root.disk()) : List.of(root.upper(), root.work()));
    root.spec().tmpfs().forEach(part -> folders.add(root.memory(part)));
    for (Path path : folders) {
      Root.folder(path, "rwxr-xr-x");
    }
    for (Path path : root.handedOut()) {
      if (ids.canGive()) {
        Root.own(path);
      } else if (ids == IdMap.SUBORDINATE) {
        Root.folder(path, "rwxrwxrwx");
      }
    }
    return root.limited() || !root.spec().tmpfs().isEmpty()
        ? Optional.of(keep(root))
        : Optional.empty();
  }

  private Keeper keep(Root root) throws IOException {
    Fstab table = new Fstab();
    String owner = ids == IdMap.SINGLE ? "" : ",uid=" + IdMap.BUILDER + ",gid=" + IdMap.BUILDER;
    for (Tmpfs part : root.spec().tmpfs()) {
      table.mount(
          "tmpfs",
          root.memory(part),
          "tmpfs",
          "nosuid,nodev,mode=1777,size=" + part.bytes()
              + (part.inodes() > 0 ? ",nr_inodes=" + part.inodes() : "") + owner);
    }
    if (root.limited()) {
      // Here, because a full disk has no room for what an overlay makes when it is mounted.
      table.overlay(root, ids);
      try (FileChannel image =
          FileChannel.open(root.image(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
        image.write(ByteBuffer.wrap(new byte[1]), root.spec().diskBytes() - 1);
      }
    }
    Map<String, String> environment = new HashMap<>();
    environment.put("IMAGE", root.limited() ? root.image().toString() : "");
    environment.put("DISK", root.disk().toString());
    environment.put("ROOT", root.mounted().toString());
    environment.put("LOCAL", root.local().toString());
    environment.put("FSTAB", table.write(root.run().resolve("kept")).toString());
    return Keeper.start(
        ids.enter(
            scripts,
            List.of("--mount", "--propagation", "private"),
            List.of("sh", scripts.resolve("keep.sh").toString())),
        environment,
        root);
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
