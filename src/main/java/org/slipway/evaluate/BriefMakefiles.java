package org.slipway.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
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
import java.util.Optional;
import java.util.stream.Stream;
import org.slipway.packages.Digest;

/**
 * A tree's Mk folder with makefiles that {@link BriefText} made: make reads some 25,000 lines of it
 * anew for each port, and two fifths of their bytes are nothing that an answer hangs on.
 */
final class BriefMakefiles {
  /** A framework's largest makefile has some 200 KiB. */
  private static final long LARGEST_FILE = 4L << 20;

  /** All of Mk; more is no framework as we know it, and stays as it is. */
  private static final long LARGEST_FOLDER = 64L << 20;

  /** Before the content's name; the number is that of the way in which texts are made brief. */
  private static final String NAME = "brief-3-";

  private final Path folder;

  /** @param folder HOME/kit: where they are laid out, each under the name of its content */
  BriefMakefiles(Path folder) {
    this.folder = folder;
  }

  /**
   * The brief folder of a tree's Mk; empty where it has none, or one that cannot be made brief.
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
    Path brief = folder.resolve(NAME + name.get());
    synchronized (this) {
      if (!Files.isDirectory(brief)) {
        lay(mk, brief);
        LaidOut.use(brief);
        LaidOut.prune(folder);
      } else {
        LaidOut.use(brief);
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
      LaidOut.remove(aside);
    } catch (IOException | RuntimeException e) {
      LaidOut.remove(aside);
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
          Files.write(copy, BriefText.of(Files.readAllBytes(path)));
          Files.setPosixFilePermissions(copy, PosixFilePermissions.fromString("rw-r--r--"));
        } else {
          Files.copy(path, copy);
        }
        return FileVisitResult.CONTINUE;
      }
    });
  }
}
