package org.slipway.repository;

import java.nio.file.Path;

/**
 * A package file in a folder.
 *
 * @param path relative to the folder's root, with slashes
 * @param order what a folder is sorted by: the path, as it would be without hashing, so that hashing
 *     changes no order
 * @param mtimeNanos since 1970
 * @param key the file's identity on its file system, as far as that has one
 */
record FoundPackage(
    String path, String order, Path file, long sizeBytes, long mtimeNanos, String key) {
  private static final String HASHED = "Hashed/";

  /** The order of a path. */
  static String orderOf(String path) {
    int slash = path.lastIndexOf('/') + 1;
    int tilde = path.lastIndexOf('~');
    if (tilde < slash || !("/" + path.substring(0, slash)).endsWith("/" + HASHED)) {
      return path;
    }
    return path.substring(0, slash - HASHED.length())
        + path.substring(slash, tilde)
        + path.substring(path.lastIndexOf('.'));
  }

  /** The folder that holds it or its link, empty or with a slash at its end. */
  String folder() {
    return order.substring(0, order.lastIndexOf('/') + 1);
  }
}
