package org.slipway.publish;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Digest;
import org.slipway.repository.SnapshotFiles;
import org.slipway.repository.SnapshotId;

/** The folders {@code snapshots/ID} of one job. */
record Snapshots(Path folder) {
  private static final String LEAVING = ".old-";

  /** A snapshot and how new it is. */
  record Aged(SnapshotId id, Instant since) {}

  Path directory(SnapshotId id) {
    return folder.resolve(id.hex());
  }

  boolean has(SnapshotId id) {
    return Files.isRegularFile(directory(id).resolve("data.pkg"));
  }

  /** Those that there are with the times of their making, oldest first. */
  List<Aged> list() throws IOException {
    List<Aged> found = new ArrayList<>();
    for (Path path : children(folder)) {
      String name = String.valueOf(path.getFileName());
      if (name.matches("[0-9a-f]{16}") && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        made(path).ifPresent(made -> found.add(new Aged(new SnapshotId(name), made)));
      }
    }
    found.sort(Comparator.comparing(Aged::since).thenComparing(aged -> aged.id().hex()));
    return found;
  }

  /** Empty where it is removed at this moment. */
  private static Optional<Instant> made(Path path) throws IOException {
    try {
      return Optional.of(Files.getLastModifiedTime(path).toInstant());
    } catch (NoSuchFileException gone) {
      return Optional.empty();
    }
  }

  /**
   * Takes a snapshot away by one rename, so that no half of it is ever taken for one.
   *
   * @return what {@link #delete} is to remove
   */
  Path takeAway(SnapshotId id) throws IOException {
    Path leaving = folder.resolve(LEAVING + id.hex() + "-" + UUID.randomUUID());
    return Files.move(directory(id), leaving, StandardCopyOption.ATOMIC_MOVE);
  }

  /** Which of these packages a snapshot lists. */
  Set<Digest> using(Set<Digest> sums) throws IOException {
    Set<Digest> used = new HashSet<>();
    for (Aged each : list()) {
      if (used.size() == sums.size()) {
        break;
      }
      Path directory = directory(each.id());
      try {
        used.addAll(SnapshotFiles.using(directory, sums));
      } catch (IOException e) {
        // Pruned while it was read, which is well: it needs nothing any more.
        if (Files.exists(directory)) {
          throw e;
        }
      }
    }
    return used;
  }

  /** What was taken away and not yet deleted. */
  List<Path> leaving() throws IOException {
    return children(folder).stream()
        .filter(path -> String.valueOf(path.getFileName()).startsWith(LEAVING))
        .toList();
  }

  /** Deletes what was taken away, and the package files that nothing else has. */
  void delete(List<Path> leaving) throws IOException {
    for (Path each : leaving) {
      delete(each);
    }
    if (!leaving.isEmpty()) {
      SnapshotFiles.collect(folder);
    }
  }

  /** Removes a folder and all below it; links are removed, never followed. */
  private static void delete(Path root) throws IOException {
    Files.walkFileTree(root, new SimpleFileVisitor<>() {
      @Override
      public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
          throws IOException {
        Files.delete(file);
        return FileVisitResult.CONTINUE;
      }

      @Override
      public FileVisitResult postVisitDirectory(Path folder, @Nullable IOException fault)
          throws IOException {
        if (fault != null) {
          throw fault;
        }
        Files.delete(folder);
        return FileVisitResult.CONTINUE;
      }
    });
  }

  static List<Path> children(Path folder) throws IOException {
    try (Stream<Path> list = Files.list(folder)) {
      return list.sorted().toList();
    } catch (NoSuchFileException absent) {
      return List.of();
    }
  }
}
