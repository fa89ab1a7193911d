package org.slipway.build;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.slipway.packages.Digest;

/**
 * A few files as a folder on disk that is named by their digest: written once, whole, by one rename,
 * and looked at before each use, because a power cut may have emptied files. Safe for several
 * threads and farms.
 */
final class RigFolder {
  private static final Pattern PROGRAMS = Pattern.compile("bin/.*|lib/[a-z]+");

  private final Path folder;

  RigFolder(Path folder) {
    this.folder = folder;
  }

  /**
   * Writes the files unless they are there.
   *
   * @param content bytes by relative path; those below {@code bin}, and in {@code lib} those without
   *     a suffix, are programs
   * @return their folder
   */
  Path write(SortedMap<String, byte[]> content) throws IOException {
    StringBuilder whole = new StringBuilder();
    content.forEach(
        (name, bytes) -> whole.append(Digest.of(bytes)).append(' ').append(name).append('\n'));
    Path target = folder.resolve(
        Digest.of(whole.toString().getBytes(StandardCharsets.UTF_8)).hex().substring(0, 32));
    if (holds(target, content)) {
      // By its time it is known when it was last used, so that it goes some day.
      Files.setLastModifiedTime(target, FileTime.from(Instant.now()));
      return target;
    }
    Files.createDirectories(folder);
    Path aside = Files.createTempDirectory(folder, ".new-");
    try {
      for (Map.Entry<String, byte[]> file : content.entrySet()) {
        write(aside, file.getKey(), file.getValue());
      }
      open(aside);
      if (Files.exists(target, LinkOption.NOFOLLOW_LINKS) && !holds(target, content)) {
        // Damaged, and so of no use to anybody.
        delete(target);
      }
      Files.move(aside, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      delete(aside);
      // Another build may have written the same meanwhile; systems tell that in several ways.
      if (!holds(target, content)) {
        throw e;
      }
    }
    return target;
  }

  private static void write(Path aside, String name, byte[] bytes) throws IOException {
    Path file = aside.resolve(name);
    Files.createDirectories(file.resolveSibling("."));
    Files.write(file, bytes);
    boolean program = PROGRAMS.matcher(name).matches();
    Files.setPosixFilePermissions(
        file, PosixFilePermissions.fromString(program ? "rwxr-xr-x" : "rw-r--r--"));
  }

  /** The build user is another one than ours. */
  private static void open(Path aside) throws IOException {
    for (Path path : walk(aside)) {
      if (Files.isDirectory(path)) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString("rwxr-xr-x"));
      }
    }
  }

  private static boolean holds(Path target, SortedMap<String, byte[]> content) throws IOException {
    for (Map.Entry<String, byte[]> file : content.entrySet()) {
      Path path = target.resolve(file.getKey());
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)
          || !Arrays.equals(Files.readAllBytes(path), file.getValue())) {
        return false;
      }
    }
    return true;
  }

  private static List<Path> walk(Path folder) throws IOException {
    try (Stream<Path> paths = Files.walk(folder)) {
      return paths.sorted(Comparator.reverseOrder()).toList();
    }
  }

  private static void delete(Path folder) throws IOException {
    for (Path path : walk(folder)) {
      Files.delete(path);
    }
  }
}
