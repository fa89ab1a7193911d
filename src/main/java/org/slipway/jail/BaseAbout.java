package org.slipway.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * What is known of a kept base, in the file {@code about} beside its root: a word, a colon, a
 * value a line.
 */
record BaseAbout(KeptBase base, String stamp) {
  static final String FILE = "about";
  static final String ROOT = "root";

  private static final int MAX_BYTES = 1 << 16;

  /** What is written there; nothing where that folder is no kept base. */
  static Optional<BaseAbout> read(Path folder, BaseName name) throws IOException {
    Path file = folder.resolve(FILE);
    Map<String, String> words = new HashMap<>();
    try {
      if (Files.size(file) > MAX_BYTES) {
        throw broken(file, "it is too long");
      }
      for (String line : Files.readAllLines(file, StandardCharsets.UTF_8)) {
        int colon = line.indexOf(": ");
        if (colon > 0) {
          words.put(line.substring(0, colon), line.substring(colon + 2));
        }
      }
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
    try {
      Optional<BaseId> id = Optional.ofNullable(words.get("id")).map(BaseId::new);
      KeptBase base = new KeptBase(
          name,
          folder,
          id.isPresent() ? new Base.Directory(folder.resolve(ROOT)) : new Base.Host(),
          id,
          word(words, "source"),
          Instant.parse(word(words, "created")),
          Long.parseLong(word(words, "bytes")),
          Long.parseLong(word(words, "paths")),
          word(words, "owners").equals("kept"));
      return Optional.of(new BaseAbout(base, word(words, "stamp")));
    } catch (IllegalArgumentException | DateTimeException e) {
      throw broken(file, BaseText.shown(String.valueOf(e.getMessage())));
    }
  }

  private static String word(Map<String, String> words, String key) {
    String word = words.get(key);
    if (word == null) {
      throw new IllegalArgumentException("it has no line for " + key);
    }
    return word;
  }

  private static BaseException broken(Path file, String why) {
    return new BaseException(file + " is broken (" + why + "); delete the base and make it again");
  }

  void write() throws IOException {
    StringBuilder text = new StringBuilder();
    base.id().ifPresent(id -> line(text, "id", id.hex()));
    line(text, "source", BaseText.shown(base.source()));
    line(text, "created", base.created().toString());
    line(text, "bytes", Long.toString(base.sizeBytes()));
    line(text, "paths", Long.toString(base.paths()));
    line(text, "owners", base.owners() ? "kept" : "dropped");
    line(text, "stamp", stamp);
    Files.writeString(base.folder().resolve(FILE), text, StandardCharsets.UTF_8);
  }

  private static void line(StringBuilder text, String key, String value) {
    text.append(key).append(": ").append(value).append('\n');
  }
}
