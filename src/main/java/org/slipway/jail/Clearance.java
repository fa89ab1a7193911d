package org.slipway.jail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SecureDirectoryStream;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;

/**
 * Removes the folder of a used root where that is small, which a throw-away root mostly is: no program needs to be started for it.
 * Each step is by a file descriptor (openat(2), unlinkat(2)) and follows no link, so no name leads out of the folder.
 */
final class Clearance {
  /** Files and folders of which more are left to rm(1). */
  private static final int MOST = 1000;

  /** Levels; each takes a file descriptor. */
  private static final int DEEPEST = 24;

  private int left = MOST;

  private Clearance() {}

  /**
   * @return false when something of it is there still: too much, too deep, or not the farm's to remove
   */
  static boolean remove(Path folder) throws IOException {
    Path parent = folder.getParent();
    if (parent == null || !Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(parent)) {
      return stream instanceof SecureDirectoryStream<Path> secure
          && new Clearance().remove(secure, folder.getFileName(), 0);
    } catch (IOException e) {
      // rm(1) says why, if it cannot either.
      return false;
    }
  }

  private boolean remove(SecureDirectoryStream<Path> in, Path name, int depth) throws IOException {
    try (SecureDirectoryStream<Path> folder =
        in.newDirectoryStream(name, LinkOption.NOFOLLOW_LINKS)) {
      for (Path path : folder) {
        Path entry = path.getFileName();
        if (--left < 0 || depth > DEEPEST) {
          return false;
        }
        BasicFileAttributes attributes = folder
            .getFileAttributeView(entry, BasicFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
            .readAttributes();
        if (!attributes.isDirectory()) {
          folder.deleteFile(entry);
        } else if (!remove(folder, entry, depth + 1)) {
          return false;
        }
      }
    }
    in.deleteDirectory(name);
    return true;
  }
}
