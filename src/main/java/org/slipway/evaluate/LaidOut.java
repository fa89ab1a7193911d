package org.slipway.evaluate;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * The folders in HOME/kit: kits and brief makefiles, each named by its content, so that a change
 * makes another one. A folder's time says when it was used last; the oldest go when a new one comes.
 */
final class LaidOut {
  /** A farm's jobs have a kit each, and change it now and then. */
  private static final int MOST = 32;

  /** A build may run for days, and sees its kit meanwhile. */
  private static final Duration IN_USE = Duration.ofDays(7);

  private LaidOut() {}

  /** Says that a folder is in use from now on. */
  static void use(Path folder) {
    try {
      Files.setLastModifiedTime(folder, FileTime.from(Instant.now()));
    } catch (IOException e) {
      // Another user laid it out: then it is that user's to keep or to remove.
    }
  }

  /** Removes all but the last {@value #MOST} and those that were used within a week. */
  static void prune(Path in) throws IOException {
    Map<FileTime, List<Path>> byTime = new TreeMap<>();
    int count = 0;
    try (Stream<Path> all = Files.list(in)) {
      for (Path folder : (Iterable<Path>) all::iterator) {
        if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
          byTime.computeIfAbsent(used(folder), time -> new ArrayList<>()).add(folder);
          count++;
        }
      }
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    FileTime since = FileTime.from(Instant.now().minus(IN_USE));
    for (Map.Entry<FileTime, List<Path>> each : byTime.entrySet()) {
      for (Path folder : each.getValue()) {
        if (count <= MOST || each.getKey().compareTo(since) >= 0) {
          return;
        }
        // Another evaluator may have come to use it since we looked.
        if (used(folder).equals(each.getKey())) {
          remove(folder);
        }
        count--;
      }
    }
  }

  private static FileTime used(Path folder) throws IOException {
    try {
      return Files.getLastModifiedTime(folder, LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // Another evaluator prunes too.
      return FileTime.from(Instant.now());
    }
  }

  /** Removes a folder with all that is in it, if it is there. */
  static void remove(Path folder) throws IOException {
    if (!Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (Stream<Path> walk = Files.walk(folder)) {
      for (Path path : (Iterable<Path>) walk.sorted(Comparator.reverseOrder())::iterator) {
        Files.deleteIfExists(path);
      }
    } catch (UncheckedIOException e) {
      if (!(e.getCause() instanceof NoSuchFileException)) {
        throw e.getCause();
      }
    }
  }
}
