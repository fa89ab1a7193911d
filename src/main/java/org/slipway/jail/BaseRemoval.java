package org.slipway.jail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** Removes a folder with a base, or with half of one; never what is mounted in it. */
final class BaseRemoval {
  private static final int FOLDER = 0040000;

  private static final int TYPE = 0170000;

  private final Object device;

  private BaseRemoval(Object device) {
    this.device = device;
  }

  /**
   * Removes it.
   *
   * @throws BaseException where another file system is mounted below it; what is beside that
   *     may be gone then
   */
  static void remove(Path top) throws IOException {
    if (!Files.exists(top, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    if (System.getProperty("os.name", "").equals("FreeBSD")) {
      // chflags(1): what a root's user has flagged, root cannot remove.
      String said = HostProcess.run(List.of("chflags", "-R", "noschg", top.toString()), 3600);
      if (said != null) {
        throw new BaseException(top + " cannot be removed: " + said);
      }
    }
    Object device = Files.getAttribute(top, "unix:dev", LinkOption.NOFOLLOW_LINKS);
    new BaseRemoval(device).delete(top);
  }

  private void delete(Path path) throws IOException {
    var look = Files.readAttributes(path, "unix:mode,dev", LinkOption.NOFOLLOW_LINKS);
    if (!device.equals(look.get("dev"))) {
      throw new BaseException(
          path + " is another file system; unmount it before the base is removed");
    }
    if (look.get("mode") instanceof Number mode && (mode.intValue() & TYPE) == FOLDER) {
      if ((mode.intValue() & 0700) != 0700) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwx------"));
      }
      try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
        for (Path child : children) {
          delete(child);
        }
      }
    }
    Files.delete(path);
  }
}
