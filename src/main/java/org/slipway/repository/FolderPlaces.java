package org.slipway.repository;

import java.io.IOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Where the package files of a folder go when it is hashed, and the links to them. Every step leaves
 * each address that a client may know in place: a file is there under its new name before a link
 * takes its old one.
 */
final class FolderPlaces {
  private final Path top;
  private final Path scratch;
  private final Map<String, String> moves = new LinkedHashMap<>();
  private final Map<String, String> links = new LinkedHashMap<>();

  /** @param scratch a folder on the same file system for files on their way */
  FolderPlaces(Path top, Path scratch) {
    this.top = top;
    this.scratch = scratch;
  }

  /** A file goes elsewhere; both relative to the top. */
  void move(String from, String to) {
    moves.put(from, to);
  }

  /** A link, relative to the top, and what it says. */
  void link(String link, String target) {
    links.put(link, target);
  }

  void apply() throws IOException {
    for (Map.Entry<String, String> each : moves.entrySet()) {
      Path to = top.resolve(each.getValue());
      Files.createDirectories(to.resolveSibling(""));
      try {
        Files.createLink(to, top.resolve(each.getKey()));
      } catch (FileAlreadyExistsException left) {
        // Of a run that ended between the two, and the sum in its name is the same.
        Files.delete(to);
        Files.createLink(to, top.resolve(each.getKey()));
      }
    }
    for (Map.Entry<String, String> each : links.entrySet()) {
      symlink(each.getKey(), each.getValue());
    }
    for (String from : moves.keySet()) {
      if (!links.containsKey(from)) {
        Files.delete(top.resolve(from));
      }
    }
  }

  /** By one rename, whatever is there. */
  void symlink(String link, String target) throws IOException {
    Path place = top.resolve(link);
    if (Files.isSymbolicLink(place) && Files.readSymbolicLink(place).toString().equals(target)) {
      return;
    }
    Path fresh = scratch.resolve("link");
    Files.deleteIfExists(fresh);
    Files.createSymbolicLink(fresh, Path.of(target));
    rename(fresh, place);
  }

  /** Puts a finished file in its place by one rename. */
  static void rename(Path from, Path to) throws IOException {
    if (Files.isDirectory(to, LinkOption.NOFOLLOW_LINKS)) {
      throw new RepositoryException(to + " is a folder where a file has to be; move it away");
    }
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (AtomicMoveNotSupportedException e) {
      throw new IOException(to + " lies on another file system than its folder; move it away", e);
    }
  }
}
