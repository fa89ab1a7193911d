package org.slipway.repository;

import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The file lists of an earlier {@code files.pkg}, to be asked in its order. */
final class KeptFiles implements Closeable {
  private final @Nullable LineReader lines;
  private final List<String> folders = new ArrayList<>();
  private @Nullable String head;

  private KeptFiles(@Nullable LineReader lines) throws IOException {
    this.lines = lines;
    String before = "";
    for (String line = next(); line != null && !line.isEmpty(); line = next()) {
      int blank = line.indexOf(' ');
      before = before.substring(0, Integer.parseInt(line.substring(0, blank)))
          + line.substring(blank + 1);
      folders.add(before);
    }
    head = next();
  }

  static KeptFiles none() throws IOException {
    return new KeptFiles(null);
  }

  /** Those of {@code files.pkg} in a repository's folder; none where there is no such file. */
  static KeptFiles of(Path repository) throws IOException {
    Path archive = repository.resolve("files.pkg");
    if (Files.isRegularFile(archive, LinkOption.NOFOLLOW_LINKS)) {
      try {
        return new KeptFiles(new LineReader(ArchiveMember.open(archive, "files")));
      } catch (RepositoryException | RuntimeException damaged) {
        // Then every package is read again.
        return new KeptFiles(null);
      }
    }
    return new KeptFiles(null);
  }

  /** The list of this package. */
  Optional<FileList> find(ManifestFacts facts) throws IOException {
    try {
      String wanted = facts.name() + "-" + facts.version();
      while (head != null) {
        int order = head.replace(' ', '-').compareTo(wanted);
        if (order > 0) {
          return Optional.empty();
        }
        FileList list = block();
        if (order == 0) {
          return Optional.of(list);
        }
      }
    } catch (RepositoryException | IndexOutOfBoundsException | NumberFormatException damaged) {
      head = null;
    }
    return Optional.empty();
  }

  private FileList block() throws IOException {
    StringBuilder text = new StringBuilder();
    for (String line = next(); line != null && !line.isEmpty(); line = next()) {
      text.append('\t')
          .append(
              line.startsWith(">") ? ">" + folders.get(Integer.parseInt(line.substring(1))) : line);
    }
    head = next();
    return new FileList(text.toString());
  }

  private @Nullable String next() throws IOException {
    byte[] line = lines == null ? null : lines.next();
    return line == null ? null : new String(line, StandardCharsets.ISO_8859_1);
  }

  @Override
  public void close() throws IOException {
    if (lines != null) {
      lines.close();
    }
  }
}
