package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A table for {@code mount -a -T}: all mounts of a run by one process. See fstab(5). */
final class Fstab {
  private static final Pattern RELEASE = Pattern.compile("(\\d{1,4})\\.(\\d{1,4})\\D.*");

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
    return mount("overlay", root.mounted(), "overlay", options(root, ids));
  }

  /** The options of that mount. */
  static String options(Root root, IdMap ids) {
    Path below = root.spec().base() instanceof Base.Directory base ? base.root() : root.lower();
    String lower = below.equals(root.lower()) ? "" : root.lower() + ":";
    return String.join(
        ",",
        ids == IdMap.REAL ? "nosuid,nodev" : "nosuid,nodev,userxattr",
        unsynced(ids) ? "volatile" : "rw",
        "lowerdir=" + lower + below,
        "upperdir=" + root.upper(),
        "workdir=" + root.work());
  }

  /**
   * Whether the overlay is mounted such that its end does not write the host's file system to its disk, which would wait for what
   * all others have written too; a root is thrown away. See "Volatile mount" in the kernel's overlayfs document, since Linux 5.10.
   * Its mark in the work folder has to go before the next mount, which in a namespace of users none but that could do.
   */
  static boolean unsynced(IdMap ids) {
    return ids == IdMap.REAL && unsynced(System.getProperty("os.version", ""));
  }

  static boolean unsynced(String release) {
    Matcher matcher = RELEASE.matcher(release + "-");
    return matcher.matches()
        && Integer.parseInt(matcher.group(1)) * 1000 + Integer.parseInt(matcher.group(2)) >= 5010;
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
