package org.slipway;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.slipway.tree.CommitId;
import org.slipway.tree.PortsTree;

/**
 * When folders were last changed as of a commit, kept in a file by the commit's name: a history of
 * 50,000 commits takes eight seconds to walk through, and a port's author tests the same commit many
 * times. A line is {@code FOLDER SECONDS}, with a dash where no commit is known. Runs that use it at
 * once take each other's work away at worst.
 */
final class KeptChanges {
  private static final Duration KEPT = Duration.ofDays(30);

  private final Path folder;

  KeptChanges(Path folder) {
    this.folder = folder;
  }

  Map<String, Instant> of(PortsTree tree, CommitId newest, Set<String> folders) throws IOException {
    Path file = folder.resolve(newest.hex());
    Map<String, Optional<Instant>> known = read(file);
    Set<String> unknown = new TreeSet<>(folders);
    unknown.removeAll(known.keySet());
    if (!unknown.isEmpty()) {
      Map<String, Instant> found = tree.lastChanges(newest, unknown);
      unknown.forEach(each -> known.put(each, Optional.ofNullable(found.get(each))));
      write(file, known);
    }
    Map<String, Instant> changes = new HashMap<>();
    for (String each : folders) {
      known.getOrDefault(each, Optional.empty()).ifPresent(when -> changes.put(each, when));
    }
    return changes;
  }

  /** What is not as this program writes it counts as not there. */
  private static Map<String, Optional<Instant>> read(Path file) throws IOException {
    Map<String, Optional<Instant>> known = new TreeMap<>();
    try {
      for (String line : Files.readAllLines(file)) {
        int space = line.lastIndexOf(' ');
        String when = line.substring(space + 1);
        if (space > 0 && when.matches("-|[0-9]{1,12}")) {
          known.put(
              line.substring(0, space),
              when.equals("-")
                  ? Optional.empty()
                  : Optional.of(Instant.ofEpochSecond(Long.parseLong(when))));
        }
      }
    } catch (NoSuchFileException | java.nio.charset.CharacterCodingException e) {
      return new TreeMap<>();
    }
    return known;
  }

  private void write(Path file, Map<String, Optional<Instant>> known) throws IOException {
    Files.createDirectories(folder);
    FileTime oldest = FileTime.from(Instant.now().minus(KEPT));
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder)) {
      for (Path each : files) {
        if (Files.getLastModifiedTime(each).compareTo(oldest) < 0) {
          Files.deleteIfExists(each);
        }
      }
    } catch (NoSuchFileException e) {
      // Another run was quicker.
    }
    StringBuilder text = new StringBuilder();
    known.forEach((path, when) -> text.append(path)
        .append(' ')
        .append(when.map(each -> String.valueOf(each.getEpochSecond())).orElse("-"))
        .append('\n'));
    Path draft = Files.createTempFile(folder, ".new-", "");
    Files.writeString(draft, text);
    Files.move(draft, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
