package org.slipway.packages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Pattern;

/**
 * The plist keywords that a ports tree defines in its {@code Keywords} folder, one UCL file for
 * each (pkg-keywords(5)), beside those that pkg itself knows. A keyword's file is read when a plist
 * first uses it.
 */
public final class Keywords {
  /** No keyword files: a plist has pkg's own keywords and the few that Slipway stands in for. */
  public static final Keywords NONE = new Keywords(Map.of());

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_-]{1,64}");
  private static final String SUFFIX = ".ucl";

  /** FreeBSD's largest keyword file has 2 KiB, and its folder some 30. */
  private static final int MAX_FILES = 1000;

  private static final long MAX_BYTES = 1 << 18;

  private final Map<String, String> texts;

  private Keywords(Map<String, String> texts) {
    this.texts = Map.copyOf(texts);
  }

  /** Keywords by name, each with its file's text. */
  public static Keywords of(Map<String, String> texts) {
    return new Keywords(texts);
  }

  /**
   * Reads a folder's {@code NAME.ucl} files; links are not followed.
   *
   * @throws IOException when it cannot be read, or holds more or larger files than a real one
   */
  public static Keywords ofFolder(Path folder) throws IOException {
    Map<String, String> texts = new TreeMap<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, "*" + SUFFIX)) {
      for (Path file : files) {
        String name = file.getFileName().toString();
        String word = name.substring(0, name.length() - SUFFIX.length());
        if (!NAME.matcher(word).matches()
            || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
          continue;
        }
        if (texts.size() == MAX_FILES || Files.size(file) > MAX_BYTES) {
          throw new IOException(folder + " holds more than " + MAX_FILES + " keyword files, or "
              + name + " has more than " + (MAX_BYTES >> 10) + " KiB; no tree needs that");
        }
        texts.put(word, new String(Files.readAllBytes(file), StandardCharsets.UTF_8));
      }
    }
    return new Keywords(texts);
  }

  /**
   * A keyword's definition.
   *
   * @throws MetadataException when its file cannot be followed
   */
  Optional<KeywordFile> find(String word) throws MetadataException {
    String text = texts.get(word);
    return text == null ? Optional.empty() : Optional.of(KeywordFile.parse(word, text));
  }
}
