package org.slipway.jail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
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

  /** The folder that is seen as /usr/local above the host's, which commands write to. */
  static void local(Root root) throws IOException {
    if (!root.ofHost()) {
      return;
    }
    Root.folder(root.local(), "rwxr-xr-x");
    for (Tmpfs part : root.spec().tmpfs()) {
      local(root, part.target(), false);
    }
    for (Mount mount : root.spec().mounts()) {
      local(root, mount.target(), Files.isRegularFile(mount.source()));
    }
  }

  private static void local(Root root, String target, boolean file) throws IOException {
    if (!target.startsWith("/usr/local/")) {
      return;
    }
    Path place = root.local().resolve(target.substring("/usr/local/".length()));
    if (file) {
      Root.folder(place.resolveSibling(""), "rwxr-xr-x");
      Root.file(place, "");
    } else {
      Root.folder(place, "rwxr-xr-x");
    }
  }

  /** Files of the host or a base that go into a skeleton; it is another one when one of them changes. */
  static List<Path> sources(JailSpec spec) throws IOException {
    List<Path> sources = new ArrayList<>();
    if (spec.base() instanceof Base.Directory base) {
      sources.add(base.root().resolve("etc/passwd"));
      sources.add(base.root().resolve("etc/group"));
      sources.add(original(base.root().toRealPath()));
      return sources;
    }
    COPIED.forEach(name -> sources.add(Path.of(name)));
    Path loader = Path.of("/etc/ld.so.conf.d");
    sources.add(loader);
    sources.add(Path.of("/bin/sh"));
    if (Files.isDirectory(loader)) {
      try (DirectoryStream<Path> files = Files.newDirectoryStream(loader, "*.conf")) {
        files.forEach(sources::add);
      }
    }
    return sources;
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
    for (Tmpfs part : root.spec().tmpfs()) {
      mountPoint(part.target(), false, true);
    }
    for (Mount mount : root.spec().mounts()) {
      mountPoint(mount.target(), Files.isRegularFile(mount.source()), mount.writable());
    }
  }

  /** A copy of the base's shell that may be run and not be read, else a link to it. */
  private void shell(boolean shut) throws IOException {
    Path shell = lower.resolve(Jail.SHELL.substring(1));
    Path base = root.spec().base() instanceof Base.Directory directory
        ? directory.root().toRealPath()
        : Path.of("/");
    Path original = original(base);
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

  /** The base's shell; links in a base are meant from its own top. */
  private static Path original(Path base) throws IOException {
    Path original = base.resolve("bin/sh");
    for (int i = 0; i < LINKS && Files.isSymbolicLink(original); i++) {
      Path target = Files.readSymbolicLink(original);
      original = target.isAbsolute()
          ? base.resolve(Path.of("/").relativize(target))
          : original.resolveSibling(target);
    }
    return original;
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
      if (!bind.target().startsWith("/usr/") && Files.isDirectory(bind.source())) {
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
    // FreeBSD's name for root's group, which its ports give files to.
    if (line.equals(BUILDER_GROUP) && content.lines().noneMatch(l -> l.startsWith("wheel:"))) {
      own = "wheel:x:0:\n" + own;
    }
    Root.file(lower.resolve(name), content.endsWith("\n") ? content + own : content + "\n" + own);
  }

  /** @param file whether a file comes there, and no folder */
  private void mountPoint(String path, boolean file, boolean writable) throws IOException {
    String target = path.substring(1);
    if (root.ofHost() && target.startsWith("usr/local/")) {
      // In a folder of the root's own, see #local.
      return;
    }
    if (root.ofHost() && target.startsWith("usr/")) {
      coversOneFile(path, file);
    } else if (file) {
      Root.folder(lower.resolve(target).resolveSibling(""), "rwxr-xr-x");
      Root.file(lower.resolve(target), "");
    } else {
      Root.folder(lower.resolve(target), writable ? "rwxrwxrwx" : "rwxr-xr-x");
    }
  }

  /** The host's /usr is read-only, and nothing can be put into it; but a file over a file. */
  private static void coversOneFile(String target, boolean file) throws IOException {
    Path covered = Path.of(target);
    if (!file
        || !Files.isRegularFile(covered, LinkOption.NOFOLLOW_LINKS)
        || !covered.toRealPath().equals(covered)) {
      throw new JailException("mount at " + target
          + ": below the host's /usr only a file can be mounted, over a file that is there");
    }
  }
}
