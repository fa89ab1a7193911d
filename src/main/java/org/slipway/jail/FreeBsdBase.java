package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * An unpacked FreeBSD base system, as far as commands need to know it.
 *
 * @param snapshot its snapshot, where it is a dataset that has one
 * @param shared folders of it, relative, that hold programs and libraries alone: no build changes them
 * @param copied folders of it, relative, of which every root needs its own
 * @param builder whether it has the build user
 */
record FreeBsdBase(
    Path root,
    Optional<String> snapshot,
    List<String> shared,
    List<String> copied,
    boolean builder) {
  /** The name of the snapshot that clones are made from. */
  static final String SNAPSHOT = "clean";

  /** See hier(7). Not usr itself: usr/local, usr/ports and usr/src are below it. */
  private static final List<String> SHARED = List.of(
      "bin",
      "lib",
      "libexec",
      "rescue",
      "sbin",
      "usr/bin",
      "usr/include",
      "usr/lib",
      "usr/lib32",
      "usr/libdata",
      "usr/libexec",
      "usr/sbin",
      "usr/share",
      "usr/tests");

  private static final List<String> COPIED = List.of("etc", "root", "var");

  FreeBsdBase {
    shared = List.copyOf(shared);
    copied = List.copyOf(copied);
  }

  /** A base with all that one may have, for the question whether a spec can be met at all. */
  static FreeBsdBase largest(Path root) {
    return new FreeBsdBase(root, Optional.of("base@" + SNAPSHOT), SHARED, COPIED, false);
  }

  /**
   * @param snapshot of the dataset that is mounted at {@code root}
   * @throws JailException where it is no base, or one whose links could lead the farm out of it
   */
  static FreeBsdBase read(Path root, Optional<String> snapshot) throws IOException {
    if (root.equals(root.getRoot())) {
      throw new JailException("the host's own system cannot be a base on FreeBSD: its /etc holds"
          + " the host's keys; make one with ./slipway base create");
    }
    for (String name : List.of("bin/sh", "etc/passwd", "etc/master.passwd")) {
      if (!Files.isRegularFile(root.resolve(name), LinkOption.NOFOLLOW_LINKS)
          || passesLink(root, name)) {
        throw new JailException(root + " is no FreeBSD base system: it has no file " + name);
      }
    }
    try (Stream<String> lines = Files.lines(root.resolve("etc/passwd"))) {
      boolean builder = lines.anyMatch(line -> line.startsWith("builder:"));
      return new FreeBsdBase(
          root, snapshot, existing(root, SHARED), existing(root, COPIED), builder);
    }
  }

  private static List<String> existing(Path root, List<String> names) throws IOException {
    List<String> found = names.stream()
        .filter(name -> Files.isDirectory(root.resolve(name), LinkOption.NOFOLLOW_LINKS))
        .toList();
    for (String name : found) {
      if (passesLink(root, name)) {
        throw new JailException(root + " cannot be a base: a link leads to its " + name);
      }
    }
    return found;
  }

  /**
   * Whether a path below the base goes through a link. What the farm writes into a fresh root as root must not be led out of it.
   */
  static boolean passesLink(Path root, String relative) {
    Path path = root;
    for (Path step : Path.of(relative)) {
      path = path.resolve(step);
      if (Files.isSymbolicLink(path)) {
        return true;
      }
    }
    return false;
  }
}
