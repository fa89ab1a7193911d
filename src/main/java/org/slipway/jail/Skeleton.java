package org.slipway.jail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Writes the farm's own layer of a root: mount points, and for a host base a small /etc of its own. */
final class Skeleton {
  private static final String BUILDER_LINE =
      "builder:x:" + IdMap.BUILDER + ":" + IdMap.BUILDER + ":Slipway build user:/wrkdirs:/bin/sh\n";
  private static final String BUILDER_GROUP = "builder:x:" + IdMap.BUILDER + ":\n";
  private static final String PASSWD = "root:x:0:0:root:/root:/bin/sh\n"
      + BUILDER_LINE
      + "nobody:x:65534:65534:nobody:/nonexistent:/bin/false\n";
  private static final String GROUP =
      "root:x:0:\nwheel:x:0:\ntty:x:5:\n" + BUILDER_GROUP + "nogroup:x:65534:\n";

  /** Copied as they are: they say where libraries are and what ports are called, nothing of the host. */
  private static final List<String> COPIED = List.of(
      "/etc/ld.so.conf",
      "/etc/ld.so.cache",
      "/etc/services",
      "/etc/protocols",
      "/etc/ssl/openssl.cnf");

  private static final List<String> DEVICES =
      List.of("null", "zero", "full", "random", "urandom", "tty");

  private static final int LINKS = 8;

  private final Root root;
  private final Path lower;

  private Skeleton(Root root) {
    this.root = root;
    this.lower = root.lower();
  }

  /**
   * @param shut whether programs that nobody may read can be run here; see {@link Jail#SHELL}
   */
  static void write(Root root, boolean shut) throws IOException {
    new Skeleton(root).write(shut);
  }

  /** Host devices that the skeleton has a place for. */
  static List<String> devices() {
    return DEVICES;
  }

  private void write(boolean shut) throws IOException {
    Root.folder(lower, "rwxr-xr-x");
    for (String name :
        List.of("proc", "dev", "dev/pts", "dev/shm", "etc", "farm", "xports", "kit")) {
      Root.folder(lower.resolve(name), "rwxr-xr-x");
    }
    Root.folder(lower.resolve("packages"), "rwxr-xr-x");
    // The build user's, by mode where it cannot be by owner.
    Root.folder(lower.resolve("wrkdirs"), "rwxrwxrwx");
    Root.folder(lower.resolve("distfiles"), "rwxrwxrwx");
    devicePlaces();
    shell(shut);
    if (root.spec().base() instanceof Base.Directory base) {
      addUser(base.root().resolve("etc/passwd"), PASSWD, BUILDER_LINE, "etc/passwd");
      addUser(base.root().resolve("etc/group"), GROUP, BUILDER_GROUP, "etc/group");
    } else {
      host();
    }
    Root.file(lower.resolve("etc/hosts"), "127.0.0.1 localhost builder\n::1 localhost\n");
    Root.file(lower.resolve("etc/resolv.conf"), "");
    for (Mount mount : root.spec().mounts()) {
      mountPoint(mount);
    }
  }

  /** A copy of the base's shell that may be run and not be read, else a link to it. */
  private void shell(boolean shut) throws IOException {
    Path shell = lower.resolve(Jail.SHELL.substring(1));
    Path base = root.spec().base() instanceof Base.Directory directory
        ? directory.root().toRealPath()
        : Path.of("/");
    Path original = base.resolve("bin/sh");
    for (int i = 0; i < LINKS && Files.isSymbolicLink(original); i++) {
      Path target = Files.readSymbolicLink(original);
      original = target.isAbsolute()
          ? base.resolve(Path.of("/").relativize(target))
          : original.resolveSibling(target);
    }
    if (shut
        && Files.isReadable(original)
        && Files.isRegularFile(original)
        && original.toRealPath().startsWith(base)) {
      Files.copy(original.toRealPath(), shell);
      Files.setPosixFilePermissions(shell, PosixFilePermissions.fromString("--x--x--x"));
    } else {
      Files.createSymbolicLink(shell, Path.of("/bin/sh"));
    }
  }

  /** Where a back end without devices of its own binds the host's. */
  private void devicePlaces() throws IOException {
    for (String device : DEVICES) {
      Root.file(lower.resolve("dev").resolve(device), "");
    }
    link("dev/ptmx", "pts/ptmx");
    link("dev/fd", "/proc/self/fd");
    link("dev/stdin", "/proc/self/fd/0");
    link("dev/stdout", "/proc/self/fd/1");
    link("dev/stderr", "/proc/self/fd/2");
  }

  private void link(String name, String target) throws IOException {
    Files.createSymbolicLink(lower.resolve(name), Path.of(target));
  }

  private void host() throws IOException {
    for (String name : List.of("home", "var", "run", "var/tmp", "etc/ssl", "etc/ld.so.conf.d")) {
      Root.folder(lower.resolve(name), "rwxr-xr-x");
    }
    Root.folder(lower.resolve("root"), "rwx------");
    for (String name : List.of("tmp", "var/tmp")) {
      Files.setAttribute(Root.folder(lower.resolve(name), "rwxrwxrwx"), "unix:mode", 01777);
    }
    Root.file(lower.resolve("etc/passwd"), PASSWD);
    Root.file(lower.resolve("etc/group"), GROUP);
    Root.file(
        lower.resolve("etc/nsswitch.conf"), "passwd: files\ngroup: files\nhosts: files dns\n");
    for (String file : COPIED) {
      copy(Path.of(file));
    }
    Path loader = Path.of("/etc/ld.so.conf.d");
    if (Files.isDirectory(loader)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(loader, "*.conf")) {
        for (Path file : files) {
          copy(file);
        }
      }
    }
    for (Root.Bind bind : root.binds(Command.Network.NONE)) {
      if (!bind.target().startsWith("/usr/")) {
        Root.folder(lower.resolve(bind.target().substring(1)), "rwxr-xr-x");
      }
    }
    for (String name : List.of("bin", "sbin", "lib", "lib32", "lib64", "libx32")) {
      Path path = Path.of("/" + name);
      if (Files.isSymbolicLink(path)) {
        Files.createSymbolicLink(lower.resolve(name), Files.readSymbolicLink(path));
      }
    }
    if (!Files.isDirectory(Path.of("/usr/local"), LinkOption.NOFOLLOW_LINKS)) {
      throw new JailException(
          "base: host needs a folder /usr/local on this host; make an empty one");
    }
    Root.folder(root.local(), "rwxr-xr-x");
  }

  private void copy(Path file) throws IOException {
    if (Files.isRegularFile(file) && Files.isReadable(file)) {
      Path copy = lower.resolve(file.toString().substring(1));
      Files.copy(file, copy);
      Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
    }
  }

  private void addUser(Path ofBase, String otherwise, String line, String name) throws IOException {
    boolean readable = Files.isRegularFile(ofBase, LinkOption.NOFOLLOW_LINKS);
    String content = readable ? Files.readString(ofBase) : otherwise;
    String own = content.lines().noneMatch(l -> l.startsWith("builder:")) ? line : "";
    Root.file(lower.resolve(name), content.endsWith("\n") ? content + own : content + "\n" + own);
  }

  private void mountPoint(Mount mount) throws IOException {
    String target = mount.target().substring(1);
    if (root.ofHost() && target.startsWith("usr/")) {
      if (!target.startsWith("usr/local/")) {
        throw new JailException(
            "mount at " + mount.target() + ": below the host's /usr nothing can be mounted");
      }
      Root.folder(root.local().resolve(target.substring("usr/local/".length())), "rwxr-xr-x");
    } else if (Files.isRegularFile(mount.source())) {
      Root.folder(lower.resolve(target).resolveSibling("."), "rwxr-xr-x");
      Root.file(lower.resolve(target), "");
    } else {
      Root.folder(lower.resolve(target), mount.writable() ? "rwxrwxrwx" : "rwxr-xr-x");
    }
  }
}
