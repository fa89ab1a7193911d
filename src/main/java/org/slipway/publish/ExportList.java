package org.slipway.publish;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * Which files of a folder an export put there: nothing else in it is ever removed. A text file; its
 * first line says whose export it is, every further one is a moment in seconds since 1970 when the
 * file left the catalogue, or a dash, a tab and the file's path.
 *
 * @param title names the job and the channel
 * @param files by path from the folder; empty for those that the catalogue has
 */
record ExportList(String title, Map<String, Optional<Instant>> files) {
  ExportList {
    files = Collections.unmodifiableMap(new TreeMap<>(files));
  }

  /** Empty where there is none. */
  static Optional<ExportList> read(Path file) throws IOException {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    List<String> lines = Files.readAllLines(file, StandardCharsets.UTF_8);
    Map<String, Optional<Instant>> files = new TreeMap<>();
    for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
      int tab = line.indexOf('\t');
      String path = line.substring(tab + 1);
      if (!line.substring(0, Math.max(0, tab)).matches("-|[0-9]{1,12}") || !plain(path)) {
        throw new ChannelException(file + " is damaged at: " + line + "; export to another folder");
      }
      files.put(
          path,
          line.startsWith("-")
              ? Optional.empty()
              : Optional.of(Instant.ofEpochSecond(Long.parseLong(line.substring(0, tab)))));
    }
    return Optional.of(new ExportList(lines.isEmpty() ? "" : lines.get(0), files));
  }

  /** Whether a path stays below the folder that it starts from, and out of hidden ones. */
  static boolean plain(String path) {
    for (String part : path.split("/", -1)) {
      if (part.isEmpty() || part.startsWith(".")) {
        return false;
      }
    }
    return path.indexOf('\0') < 0 && path.indexOf('\\') < 0;
  }

  /** Replaces the file by one rename. */
  void write(Path file) throws IOException {
    StringBuilder text = new StringBuilder(title).append('\n');
    files.forEach((path, left) -> text.append(
            left.map(moment -> Long.toString(moment.getEpochSecond())).orElse("-"))
        .append('\t')
        .append(path)
        .append('\n'));
    Path temporary = file.resolveSibling("new-list");
    Files.writeString(temporary, text);
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
