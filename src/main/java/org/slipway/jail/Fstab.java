package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A table for {@code mount -a -T}: all mounts of a run by one process. See fstab(5). */
final class Fstab {
  private final StringBuilder lines = new StringBuilder();

  Fstab mount(String source, Path target, String type, String options) {
    lines.append(escaped(source)).append(' ').append(escaped(target.toString()));
    lines.append(' ').append(type).append(' ').append(options).append(" 0 0\n");
    return this;
  }

  Fstab bind(Path source, Path target, String options) {
    return mount(source.toString(), target, "none", "bind" + options);
  }

  /** The root's overlay; extended attributes of overlays need another name inside a user namespace. */
  Fstab overlay(Root root, IdMap ids) {
    Path below = root.spec().base() instanceof Base.Directory base ? base.root() : root.lower();
    String lower = below.equals(root.lower()) ? "" : root.lower() + ":";
    return mount(
        "overlay",
        root.mounted(),
        "overlay",
        String.join(
            ",",
            ids == IdMap.REAL ? "nosuid,nodev" : "nosuid,nodev,userxattr",
            "lowerdir=" + lower + below,
            "upperdir=" + root.upper(),
            "workdir=" + root.work()));
  }

  boolean isEmpty() {
    return lines.isEmpty();
  }

  Path write(Path file) throws IOException {
    return Files.writeString(file, lines);
  }

  private static String escaped(String word) {
    return word.replace("\\", "\\134")
        .replace(" ", "\\040")
        .replace("\t", "\\011")
        .replace("\n", "\\012");
  }

  /** Refuses a path that the options of an overlay cannot carry. */
  static void check(Path path) throws JailException {
    for (String sign : List.of(":", ",", "\\", "\"", "\n", "=", " ", "\t")) {
      if (path.toString().contains(sign)) {
        throw new JailException("\"" + path
            + "\" cannot be used for jails: overlay mounts do not take paths with spaces,"
            + " colons, commas, equals signs, quotes or backslashes; choose another folder");
      }
    }
  }
}
