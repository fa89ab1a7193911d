package org.slipway.jail;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The folders of one root. {@code upper} takes what commands change. {@code lower} is written by the farm only, and with overlays
 * other roots that look the same have it too ({@link Lowers}); without overlays it is the root itself.
 */
record Root(String id, JailSpec spec, Path folder, Path lower, boolean layered) {
  /** A host folder or file bound into the root. */
  record Bind(Path source, String target, boolean writable) {}

  private static final List<String> SYSTEM =
      List.of("/usr", "/bin", "/sbin", "/lib", "/lib32", "/lib64", "/libx32");

  /** Read by compilers and by TLS clients. */
  private static final List<String> SETTINGS = List.of("/etc/alternatives", "/etc/ssl/certs");

  /** The same with another {@code lower}. */
  Root over(Path lower) {
    return new Root(id, spec, folder, lower, layered);
  }

  Path upper() {
    return (limited() ? disk() : folder).resolve("upper");
  }

  Path work() {
    return (limited() ? disk() : folder).resolve("work");
  }

  /** Removes what an overlay that was not synced has left in {@link #work}, without which it is not mounted again. */
  void unmark() throws IOException {
    delete(work().resolve("work").resolve("incompat"));
  }

  /** Whether what commands change lies on a disk of limited size, which only the root's keeper and runs see. */
  boolean limited() {
    return spec.diskBytes() > 0;
  }

  /** Where that is mounted. */
  Path disk() {
    return folder.resolve("disk");
  }

  /** The file that it is in. */
  Path image() {
    return folder.resolve("disk.img");
  }

  /** Where a part of the root that lies in memory is mounted, seen by the keeper and the runs only. */
  Path memory(Tmpfs part) {
    return folder.resolve("memory").resolve(Integer.toString(spec.tmpfs().indexOf(part)));
  }

  /** Where the overlay is mounted, seen by the run's own processes only. */
  Path mounted() {
    return layered ? folder.resolve("root") : lower();
  }

  /** What is seen at first as /usr/local above the host's /usr. */
  Path local() {
    return folder.resolve("local");
  }

  Path run() {
    return folder.resolve("run");
  }

  Path state() {
    return folder.resolve("state");
  }

  /** Where a run tells its outcome. */
  Path status() {
    return run().resolve("status");
  }

  /** Where a run's first process tells the CPU time that it and those it waited for have used. */
  Path times() {
    return run().resolve("times");
  }

  /** The resolv.conf(5) of a run with a network of its own. */
  Path resolver() {
    return run().resolve("resolv.conf");
  }

  boolean ofHost() {
    return spec.base() instanceof Base.Host;
  }

  /** The host's folders of programs and libraries; links among them are the skeleton's. */
  static List<Bind> system() {
    return SYSTEM.stream()
        .filter(path -> Files.isDirectory(Path.of(path), LinkOption.NOFOLLOW_LINKS))
        .map(path -> new Bind(Path.of(path), path, false))
        .toList();
  }

  /** All that is bound into the root, in the order of mounting. */
  List<Bind> binds(Command.Network network) throws IOException {
    List<Bind> binds = new ArrayList<>();
    if (ofHost()) {
      binds.addAll(system());
      for (String path : SETTINGS) {
        if (Files.isDirectory(Path.of(path))) {
          binds.add(new Bind(Path.of(path).toRealPath(), path, false));
        }
      }
      binds.add(new Bind(limited() ? disk().resolve("local") : local(), "/usr/local", true));
    }
    if (network != Command.Network.NONE) {
      for (String path : List.of("/etc/resolv.conf", "/etc/hosts")) {
        if (network == Command.Network.OUTSIDE && path.equals("/etc/resolv.conf")) {
          binds.add(new Bind(resolver(), path, false));
        } else if (Files.exists(Path.of(path))) {
          binds.add(new Bind(Path.of(path).toRealPath(), path, false));
        }
      }
    }
    for (Tmpfs part : spec.tmpfs()) {
      binds.add(new Bind(memory(part), part.target(), true));
    }
    for (Mount mount : spec.mounts()) {
      binds.add(new Bind(mount.source(), mount.target(), mount.writable()));
    }
    return binds;
  }

  /** Sources of writable mounts. */
  List<Path> handedOut() {
    return spec.mounts().stream().filter(Mount::writable).map(Mount::source).toList();
  }

  /**
   * Refuses a root in which a command has put something else in the place of a mount point: a link there would lead the next
   * mount astray. Nothing runs in the root meanwhile, so what is seen here holds.
   */
  void check(Optional<Keeper> keeper) throws IOException {
    Path changed = layered ? upper() : lower();
    if (limited() && keeper.isPresent()) {
      changed = keeper.get().seen(changed);
    }
    for (String path : List.of("/proc", "/dev", "/dev/pts", "/dev/shm")) {
      check(changed, path, false);
    }
    for (String device : Skeleton.devices()) {
      check(changed, "/dev/" + device, true);
    }
    for (Bind bind : binds(Command.Network.HOST)) {
      check(changed, bind.target(), Files.isRegularFile(bind.source()));
    }
  }

  private void check(Path changed, String target, boolean file) throws JailException {
    Path whole = changed.resolve(target.substring(1));
    Path path = changed;
    for (Path step : changed.relativize(whole)) {
      path = path.resolve(step);
      if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
        return;
      }
      boolean good = (file && path.equals(whole))
          ? Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
          : Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS);
      if (!good) {
        throw new JailException("jail " + spec.name() + ": a command replaced " + target
            + ", a mount point; the jail cannot be used again");
      }
    }
  }

  /** A folder with these permissions, whatever the farm's umask. */
  static Path folder(Path path, String permissions) throws IOException {
    if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
      if (path.getParent() != null && !Files.exists(path.getParent())) {
        folder(path.getParent(), "rwxr-xr-x");
      }
      Files.createDirectory(path);
    }
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
    return path;
  }

  /** A file that all may read. */
  static void file(Path path, String content) throws IOException {
    Files.writeString(path, content);
    Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rw-r--r--"));
  }

  /** Gives a folder of the farm and all in it to the build user; only root may. */
  static void give(Path tree) throws IOException {
    Files.walkFileTree(tree, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
          throws IOException {
        return own(path);
      }

      @Override
      public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
          throws IOException {
        return own(path);
      }
    });
  }

  /** Gives one folder or file to the build user; only root may. */
  static FileVisitResult own(Path path) throws IOException {
    Files.setAttribute(path, "unix:uid", IdMap.BUILDER, LinkOption.NOFOLLOW_LINKS);
    Files.setAttribute(path, "unix:gid", IdMap.BUILDER, LinkOption.NOFOLLOW_LINKS);
    return FileVisitResult.CONTINUE;
  }

  /** Removes a folder of the farm's own that no command could write to. */
  static void delete(Path tree) throws IOException {
    if (!Files.exists(tree, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    Files.walkFileTree(tree, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
          throws IOException {
        Files.delete(path);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path path, @Nullable IOException fault)
          throws IOException {
        Files.delete(path);
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
