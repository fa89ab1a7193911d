package org.slipway.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.packages.BuiltPackage;

/**
 * Which packages of the pool a snapshot has: {@code .packages} in its folder, ASCII, one a line,
 * {@code NAME-VERSION SUM SIZE}, sorted by name. It says no more than the catalogue does, but is
 * quick to search and to read, and is there before the catalogue is.
 */
final class PackageList {
  static final String FILE = ".packages";

  /** A name has at most 225 characters, a sum 64, a size 19. */
  private static final int LONGEST_LINE = 320;

  private PackageList() {}

  /**
   * A package.
   *
   * @param name {@code NAME-VERSION}
   * @param sum SHA-256 in hexadecimal
   * @param sizeBytes of its file
   */
  record Line(String name, String sum, long sizeBytes) {
    Line(BuiltPackage built) {
      this(built.name().toString(), built.sum().hex(), built.sizeBytes());
    }

    private static Line parse(String text) throws RepositoryException {
      int size = text.lastIndexOf(' ');
      int sum = text.lastIndexOf(' ', size - 1);
      if (sum > 0 && size - sum == 65) {
        try {
          return new Line(
              text.substring(0, sum),
              text.substring(sum + 1, size),
              Long.parseLong(text.substring(size + 1)));
        } catch (NumberFormatException e) {
          // Said below.
        }
      }
      throw new RepositoryException("its line \"" + text + "\" is no package with sum and size");
    }

    /** How its file is called in the pool, and in a hashed repository. */
    String hashed() {
      return Layout.hashed(name, sum);
    }
  }

  /** Writes it, on the disk when this returns. */
  static void write(Path snapshot, List<RepositoryEntry> sorted) throws IOException {
    StringBuilder text = new StringBuilder(sorted.size() * 110);
    for (RepositoryEntry entry : sorted) {
      Line line = new Line(entry.built());
      text.append(line.name()).append(' ').append(line.sum()).append(' ');
      text.append(line.sizeBytes()).append('\n');
    }
    Disk.write(snapshot.resolve(FILE), text.toString().getBytes(StandardCharsets.US_ASCII));
  }

  /**
   * All of it; empty where the snapshot has its packages in its own folder.
   *
   * @throws RepositoryException when it is damaged
   */
  static Optional<List<Line>> read(Path snapshot) throws IOException {
    Path file = snapshot.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    String text = new String(Files.readAllBytes(file), StandardCharsets.US_ASCII);
    List<Line> lines = new ArrayList<>(text.length() / 90);
    int from = 0;
    for (int end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', from)) {
      lines.add(parsed(file, text.substring(from, end)));
      from = end + 1;
    }
    if (from < text.length()) {
      throw damaged(file, "it ends within a line");
    }
    return Optional.of(lines);
  }

  /**
   * One of its lines, found with few readings: strangers ask for any name.
   *
   * @param name {@code NAME-VERSION}
   */
  static Optional<Line> find(Path snapshot, String name) throws IOException {
    Path file = snapshot.resolve(FILE);
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    try (FileChannel in = FileChannel.open(file, StandardOpenOption.READ)) {
      long low = 0;
      long high = in.size();
      while (low < high) {
        long middle = (low + high) / 2;
        long start = Math.max(low, middle - LONGEST_LINE);
        String around = around(in, start, middle);
        int from = around.lastIndexOf('\n', (int) (middle - start) - 1) + 1;
        int end = around.indexOf('\n', from);
        if (end < 0) {
          throw damaged(file, "a line has no end");
        }
        Line line = parsed(file, around.substring(from, end));
        int order = line.name().compareTo(name);
        if (order == 0) {
          return Optional.of(line);
        } else if (order < 0) {
          low = start + end + 1;
        } else {
          high = start + from;
        }
      }
      return Optional.empty();
    }
  }

  private static String around(FileChannel in, long start, long middle) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) (middle - start) + LONGEST_LINE);
    while (bytes.hasRemaining() && in.read(bytes, start + bytes.position()) > 0) {
      // A read may give less than was asked for.
    }
    return new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
  }

  private static Line parsed(Path file, String text) throws RepositoryException {
    try {
      return Line.parse(text);
    } catch (RepositoryException e) {
      throw damaged(file, String.valueOf(e.getMessage()));
    }
  }

  private static RepositoryException damaged(Path file, String how) {
    return new RepositoryException(file + " is damaged: " + how);
  }
}
