package org.slipway.jail;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Goes through all that is in a folder, in one order on every system: depth first, a folder before
 * what is in it, the names in a folder by their bytes. Follows no link, and stays on the folder's
 * file system.
 */
final class BaseWalk {
  /** What a path is. */
  enum Kind {
    FOLDER,
    FILE,
    LINK,
    OTHER
  }

  /**
   * One path.
   *
   * @param name from the top, without a slash before it, a character for each byte; empty is
   *     the top
   * @param modeBits the twelve permission bits
   */
  record Entry(
      Path path,
      String name,
      Kind kind,
      int modeBits,
      int owner,
      int group,
      long sizeBytes,
      FileTime changed,
      Object identity,
      Map<String, Object> attributes) {}

  /** Is shown each path. */
  interface Visitor {
    void visit(Entry entry) throws IOException;
  }

  private static final int TYPE = 0170000;

  /** Not all of them: names of owners would be looked up, which takes longer than all the rest. */
  private static final String LOOKED_AT =
      "unix:mode,uid,gid,size,lastModifiedTime,dev,nlink,fileKey";

  private final Path top;
  private final Visitor visitor;
  private final Object device;

  private BaseWalk(Path top, Visitor visitor) throws IOException {
    this.top = top;
    this.visitor = visitor;
    this.device = Files.getAttribute(top, "unix:dev", LinkOption.NOFOLLOW_LINKS);
  }

  static void walk(Path top, Visitor visitor) throws IOException {
    new BaseWalk(top, visitor).visit(top, "");
  }

  /** What is at a path now. */
  static Entry look(Path path, String name) throws IOException {
    Map<String, Object> all = Files.readAttributes(path, LOOKED_AT, LinkOption.NOFOLLOW_LINKS);
    int mode = number(all, "mode");
    Kind kind = switch (mode & TYPE) {
      case 0040000 -> Kind.FOLDER;
      case 0100000 -> Kind.FILE;
      case 0120000 -> Kind.LINK;
      default -> Kind.OTHER;
    };
    return new Entry(
        path,
        name,
        kind,
        mode & 07777,
        number(all, "uid"),
        number(all, "gid"),
        size(all),
        changed(all),
        all.getOrDefault("fileKey", path),
        all);
  }

  private void visit(Path path, String name) throws IOException {
    Entry entry = look(path, name);
    if (!device.equals(entry.attributes().get("dev"))) {
      throw new BaseException(path + " is another file system, mounted below " + top
          + "; a base is on one file system, so unmount it");
    }
    visitor.visit(entry);
    if (entry.kind() != Kind.FOLDER) {
      return;
    }
    List<String> names = new ArrayList<>();
    try (DirectoryStream<Path> children = Files.newDirectoryStream(path)) {
      for (Path child : children) {
        names.add(BasePath.name(child));
      }
    }
    // Characters are bytes here, so this is the order of the bytes.
    names.sort(null);
    for (String child : names) {
      visit(BasePath.child(path, child), name.isEmpty() ? child : name + "/" + child);
    }
  }

  private static long size(Map<String, Object> attributes) {
    return attributes.get("size") instanceof Number size ? size.longValue() : 0;
  }

  private static FileTime changed(Map<String, Object> attributes) {
    return attributes.get("lastModifiedTime") instanceof FileTime time
        ? time
        : FileTime.fromMillis(0);
  }

  private static int number(Map<String, Object> attributes, String key) throws IOException {
    Object value = attributes.get(key);
    if (!(value instanceof Number number)) {
      throw new IOException("this system does not tell the " + key + " of files");
    }
    return number.intValue();
  }
}
