package org.slipway.poudriere;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collection;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;

/** Files to and from another host as tar. What comes is hostile: only ordinary files are seen. */
final class TarStream {
  private static final int BUFFER = 1 << 17;

  private TarStream() {}

  /** Takes a file; what it does not read is skipped. */
  interface Taker {
    /** @param name as the archive has it, to be checked */
    void take(String name, long sizeBytes, InputStream bytes) throws IOException;
  }

  /** Not a tar, but what goes with one: names, a character after each. */
  static void names(OutputStream to, Collection<String> names, char end) throws IOException {
    OutputStream out = new BufferedOutputStream(to, BUFFER);
    for (String name : names) {
      out.write(name.getBytes(StandardCharsets.UTF_8));
      out.write(end);
    }
    out.flush();
  }

  /** Small texts, each a file. */
  static void write(OutputStream to, Map<String, String> files) throws IOException {
    OutputStream out = new BufferedOutputStream(to, BUFFER);
    TarArchiveOutputStream tar = tar(out);
    for (Map.Entry<String, String> each : files.entrySet()) {
      byte[] bytes = each.getValue().getBytes(StandardCharsets.UTF_8);
      TarArchiveEntry entry = entry(each.getKey(), TarConstants.LF_NORMAL, 0644);
      entry.setSize(bytes.length);
      tar.putArchiveEntry(entry);
      tar.write(bytes);
      tar.closeArchiveEntry();
    }
    tar.finish();
    out.flush();
  }

  /** A whole folder, links as links. */
  static void write(OutputStream to, Path folder) throws IOException {
    OutputStream out = new BufferedOutputStream(to, BUFFER);
    TarArchiveOutputStream tar = tar(out);
    walk(tar, folder, folder);
    tar.finish();
    out.flush();
  }

  /** Those of these paths of a folder that are there. */
  static void write(OutputStream to, Path folder, Collection<String> paths) throws IOException {
    OutputStream out = new BufferedOutputStream(to, BUFFER);
    TarArchiveOutputStream tar = tar(out);
    for (String path : paths) {
      Path file = folder.resolve(path);
      if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)
          && !Files.isDirectory(file, LinkOption.NOFOLLOW_LINKS)) {
        add(tar, folder, file);
      }
    }
    tar.finish();
    out.flush();
  }

  private static void walk(TarArchiveOutputStream tar, Path top, Path folder) throws IOException {
    try (DirectoryStream<Path> children = Files.newDirectoryStream(folder)) {
      for (Path each : children) {
        add(tar, top, each);
        if (Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
          walk(tar, top, each);
        }
      }
    }
  }

  private static void add(TarArchiveOutputStream tar, Path top, Path file) throws IOException {
    String name = top.relativize(file).toString();
    if (Files.isSymbolicLink(file)) {
      TarArchiveEntry link = entry(name, TarConstants.LF_SYMLINK, 0755);
      link.setLinkName(Files.readSymbolicLink(file).toString());
      tar.putArchiveEntry(link);
      tar.closeArchiveEntry();
    } else if (Files.isDirectory(file)) {
      tar.putArchiveEntry(entry(name + "/", TarConstants.LF_DIR, 0755));
      tar.closeArchiveEntry();
    } else if (Files.isRegularFile(file)) {
      boolean runs =
          Files.getPosixFilePermissions(file).contains(PosixFilePermission.OWNER_EXECUTE);
      TarArchiveEntry entry = entry(name, TarConstants.LF_NORMAL, runs ? 0755 : 0644);
      entry.setSize(Files.size(file));
      tar.putArchiveEntry(entry);
      Files.copy(file, tar);
      tar.closeArchiveEntry();
    }
  }

  private static TarArchiveEntry entry(String name, byte type, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setMode(mode);
    entry.setIds(0, 0);
    entry.setUserName("root");
    entry.setGroupName("wheel");
    return entry;
  }

  private static TarArchiveOutputStream tar(OutputStream to) {
    TarArchiveOutputStream tar = new TarArchiveOutputStream(to, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    return tar;
  }

  /**
   * Hands out the ordinary files of a tar; links, folders and all else are passed over.
   *
   * @param most files, beyond which the rest is left unread
   */
  static void read(InputStream from, int most, Taker taker) throws IOException {
    TarArchiveInputStream tar = new TarArchiveInputStream(from, StandardCharsets.UTF_8.name());
    int left = most;
    for (TarArchiveEntry entry = tar.getNextEntry();
        entry != null && left > 0;
        entry = tar.getNextEntry()) {
      left--;
      if (entry.isFile() && !entry.isLink() && !entry.isSymbolicLink() && !entry.isSparse()) {
        taker.take(entry.getName(), entry.getSize(), tar);
      }
    }
  }
}
