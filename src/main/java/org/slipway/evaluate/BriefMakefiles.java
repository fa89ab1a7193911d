package org.slipway.evaluate;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Comparator;
import java.util.Optional;
import java.util.stream.Stream;
import org.slipway.packages.Digest;

/**
 * A tree's Mk folder without what no answer hangs on: make reads some 25,000 lines of it anew for each
 * port, and a third of them are comments and the commands of targets. In a brief makefile such lines
 * are empty, so that line numbers stay; the first command after anything else stays as {@code :}, so
 * that a target which has commands is still one (the condition {@code commands(TARGET)}).
 *
 * <p>make takes a line that begins with a tab for a command wherever it stands, and a line whose last
 * character is a backslash goes on in the next (make(1); parse.c of NetBSD's make).
 */
final class BriefMakefiles {
  /** A framework's largest makefile has some 200 KiB. */
  private static final long LARGEST_FILE = 4L << 20;

  /** All of Mk; more is no framework as we know it, and stays as it is. */
  private static final long LARGEST_FOLDER = 64L << 20;

  private final Path folder;

  /** @param folder HOME/kit: where they are laid out, each under the name of its content */
  BriefMakefiles(Path folder) {
    this.folder = folder;
  }

  /**
   * The brief folder of a tree's Mk; empty where the tree has none, or one that cannot be made brief.
   *
   * @param whole the tree's
   * @param id another word for each content, where there is one
   */
  Optional<Path> of(Optional<Path> whole, Optional<String> id) throws IOException {
    if (whole.isEmpty() || !Files.isDirectory(whole.get(), LinkOption.NOFOLLOW_LINKS)) {
      return Optional.empty();
    }
    Path mk = whole.get();
    Optional<String> name = id.isPresent() ? id : digest(mk);
    if (name.isEmpty()) {
      return Optional.empty();
    }
    Path brief = folder.resolve("brief-" + name.get());
    synchronized (this) {
      if (!Files.isDirectory(brief)) {
        lay(mk, brief);
      }
    }
    return Optional.of(brief);
  }

  /** Empty for what is too large, or has links, which may lead anywhere. */
  private static Optional<String> digest(Path mk) throws IOException {
    StringBuilder content = new StringBuilder();
    long size = 0;
    try (Stream<Path> walk = Files.walk(mk)) {
      for (Path path : (Iterable<Path>) walk.sorted()::iterator) {
        if (Files.isSymbolicLink(path)) {
          return Optional.empty();
        }
        content.append(mk.relativize(path));
        if (Files.isRegularFile(path)) {
          size += Files.size(path);
          if (size > LARGEST_FOLDER) {
            return Optional.empty();
          }
          content.append(' ').append(Files.isExecutable(path)).append(' ').append(Digest.of(path));
        }
        content.append('\n');
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return Optional.of(Digest.of(content.toString()).hex());
  }

  private void lay(Path mk, Path brief) throws IOException {
    Files.createDirectories(folder);
    Path aside = Files.createTempDirectory(folder, ".new-");
    try {
      copy(mk, aside);
      Files.move(aside, brief, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileAlreadyExistsException
        | java.nio.file.DirectoryNotEmptyException
        | AtomicMoveNotSupportedException e) {
      // Another evaluator laid out the same.
      remove(aside);
    } catch (IOException | RuntimeException e) {
      remove(aside);
      throw e;
    }
  }

  private static void copy(Path mk, Path to) throws IOException {
    Files.walkFileTree(mk, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult preVisitDirectory(Path path, BasicFileAttributes attributes)
          throws IOException {
        Path copy = to.resolve(mk.relativize(path).toString());
        Files.createDirectories(copy);
        // A jail's build user is another one than ours.
        Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rwxr-xr-x"));
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult visitFile(Path path, BasicFileAttributes attributes)
          throws IOException {
        Path copy = to.resolve(mk.relativize(path).toString());
        if (!attributes.isRegularFile()) {
          Files.copy(path, copy, LinkOption.NOFOLLOW_LINKS);
        } else if (path.toString().endsWith(".mk") && attributes.size() <= LARGEST_FILE) {
          Files.write(copy, brief(Files.readAllBytes(path)));
          Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        } else {
          Files.copy(path, copy);
        }
        return FileVisitResult.CONTINUE;
      }
    });
  }

  /** The same lines, those that no answer hangs on without their text. */
  static byte[] brief(byte[] makefile) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(makefile.length);
    Kind before = Kind.OTHER;
    boolean goesOn = false;
    boolean afterCommand = false;
    int start = 0;
    while (start < makefile.length) {
      int end = start;
      while (end < makefile.length && makefile[end] != '\n') {
        end++;
      }
      Kind kind = goesOn ? before : Kind.of(makefile, start, end);
      if (kind == Kind.OTHER) {
        out.write(makefile, start, end - start);
      } else if (kind == Kind.COMMAND && !goesOn && !afterCommand) {
        out.writeBytes("\t:".getBytes(StandardCharsets.US_ASCII));
      }
      if (end < makefile.length) {
        out.write('\n');
      }
      // An empty line and a comment part no commands from each other.
      if (kind != Kind.COMMENT) {
        afterCommand = kind == Kind.COMMAND;
      }
      goesOn = endsInBackslash(makefile, start, end);
      before = kind;
      start = end + 1;
    }
    return out.toByteArray();
  }

  private static boolean endsInBackslash(byte[] text, int start, int end) {
    int slashes = 0;
    while (end - 1 - slashes >= start && text[end - 1 - slashes] == '\\') {
      slashes++;
    }
    return slashes % 2 == 1;
  }

  private enum Kind {
    /** Or a line that is blank. */
    COMMENT,
    COMMAND,
    OTHER;

    static Kind of(byte[] text, int start, int end) {
      int first = start;
      while (first < end && (text[first] == ' ' || text[first] == '\t')) {
        first++;
      }
      if (first == end || text[start] == '#') {
        return COMMENT;
      }
      // Whether a comment behind a tab is a command hangs on what stands before.
      return text[start] == '\t' && text[first] != '#' ? COMMAND : OTHER;
    }
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) walk.sorted(Comparator.reverseOrder())::iterator) {
        Files.delete(path);
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
