package org.slipway.evaluate;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;

/** A folder of small text files that is read through no link leading out of it. */
final class ConfinedFolder {
  private static final int FILE_BYTES = 1_000_000;

  private final Path folder;
  private final Path real;

  ConfinedFolder(Path folder) throws IOException {
    this.folder = folder;
    this.real = folder.toRealPath();
  }

  /** The last part of the folder's own name. */
  String title() {
    Path name = real.getFileName();
    return name == null ? "/" : name.toString();
  }

  /** A file in it as a person knows it. */
  String shown(String name) {
    return MakeMessage.clean(folder.resolve(name).toString());
  }

  /**
   * Where a file or folder really is; empty where it is not, or where a link points at nothing.
   *
   * @throws IllegalArgumentException where that is outside
   */
  Optional<Path> find(String name) throws IOException {
    Path found;
    try {
      found = real.resolve(name).toRealPath();
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    if (!found.startsWith(real)) {
      throw new IllegalArgumentException(shown(name) + " leads out of " + shown("")
          + " through a link; put a copy of what it points at there");
    }
    return Optional.of(found);
  }

  /**
   * A file's text, empty where there is no such file. Bytes that are no UTF-8 become question
   * marks.
   *
   * @throws IllegalArgumentException where it is above 1 MB
   */
  Optional<String> text(String name) throws IOException {
    Optional<Path> file = find(name).filter(Files::isRegularFile);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    try (InputStream in = Files.newInputStream(file.get())) {
      byte[] bytes = in.readNBytes(FILE_BYTES + 1);
      if (bytes.length > FILE_BYTES) {
        throw new IllegalArgumentException(
            shown(name) + " is larger than 1 MB, which no file of settings is; make it smaller");
      }
      return Optional.of(new String(bytes, StandardCharsets.UTF_8));
    }
  }
}
