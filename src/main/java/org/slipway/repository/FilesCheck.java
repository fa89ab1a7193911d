package org.slipway.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Digest;
import org.slipway.packages.Percent;

/**
 * Holds the files catalogue against packages' own lists. It is read before packages are: of each the
 * number of its files and a digest of their paths is kept, whatever their order. Both forms are
 * read: what pkg writes from 2.8 on ({@link FilesCatalogue}), and the JSON objects with
 * {@code name}, {@code version} and percent-encoded {@code files} of earlier ones.
 */
final class FilesCheck {
  /** Paths of folders are told by how they differ, so a short text can mean many long ones. */
  private static final long MAX_FOLDER_BYTES = 256L << 20;

  private static final int MAX_PATH_BYTES = 4096;
  private static final JsonFactory JSON = ManifestFacts.plain().build();

  private final Set<String> labels;
  private final PackageCheck.Finder finder;
  private final String archive;
  private final Map<String, Paths> listed = new HashMap<>();
  private final Set<String> strange = new HashSet<>();

  /**
   * @param labels of the packages that the repository lists
   * @param archive for findings
   */
  FilesCheck(Set<String> labels, PackageCheck.Finder finder, String archive) {
    this.labels = labels;
    this.finder = finder;
    this.archive = archive;
  }

  /** A package's paths: how many, and the sum of their digests, which no order changes. */
  private static final class Paths {
    private final MessageDigest sha256 = Digest.sha256();
    private final long[] sum = new long[4];
    private int count;

    void add(byte[] path) {
      count++;
      java.nio.LongBuffer digest = java.nio.ByteBuffer.wrap(sha256.digest(path)).asLongBuffer();
      for (int i = 0; i < sum.length; i++) {
        sum[i] += digest.get(i);
      }
    }
  }

  String archive() {
    return archive;
  }

  /** Reads the text. */
  void read(InputStream text) throws IOException {
    BufferedInputStream in = new BufferedInputStream(text, 1 << 16);
    in.mark(1);
    int first = in.read();
    in.reset();
    if (first == '{') {
      readObjects(in);
    } else if (first >= 0) {
      readLines(in);
    }
  }

  private void readLines(InputStream in) throws IOException {
    LineReader lines = new LineReader(in);
    List<byte[]> folders = folders(lines);
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      String label = label(new String(line, StandardCharsets.UTF_8));
      Paths paths = begin(label);
      byte @Nullable [] folder = null;
      byte @Nullable [] name = lines.next();
      for (; name != null && name.length > 0; name = lines.next()) {
        if (name[0] == '>') {
          folder = folder(folders, name);
        } else if (folder == null) {
          throw new RepositoryException("names a file of " + label + " before its folder");
        } else {
          paths.add(joined(folder, name));
        }
      }
      if (name == null) {
        throw new RepositoryException("ends within the files of " + label);
      }
    }
  }

  /** All folders, each told by how many bytes it has in common with the one before. */
  private static List<byte[]> folders(LineReader lines) throws IOException {
    List<byte[]> folders = new ArrayList<>();
    byte[] before = new byte[0];
    long bytes = 0;
    byte @Nullable [] line = lines.next();
    for (; line != null && line.length > 0; line = lines.next()) {
      int space = 0;
      while (space < line.length && line[space] != ' ') {
        space++;
      }
      int kept = number(line, 0, space);
      if (kept < 0 || kept > before.length || space == line.length) {
        throw new RepositoryException("has a folder that is not told as pkg tells it");
      }
      byte[] folder = java.util.Arrays.copyOf(before, kept + line.length - space - 1);
      System.arraycopy(line, space + 1, folder, kept, line.length - space - 1);
      bytes += folder.length;
      if (folder.length > MAX_PATH_BYTES || bytes > MAX_FOLDER_BYTES) {
        throw new RepositoryException("has more or longer folders than a file system");
      }
      folders.add(folder);
      before = folder;
    }
    if (line == null) {
      throw new RepositoryException("ends within its folders");
    }
    return folders;
  }

  private static byte[] folder(List<byte[]> folders, byte[] line) throws RepositoryException {
    int number = number(line, 1, line.length);
    if (number < 0 || number >= folders.size()) {
      throw new RepositoryException("names a folder that it does not have");
    }
    return folders.get(number);
  }

  /** A whole number of at most nine digits; -1 for anything else. */
  private static int number(byte[] text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      if (text[i] < '0' || text[i] > '9' || i - from == 9) {
        return -1;
      }
      number = 10 * number + text[i] - '0';
    }
    return to > from ? number : -1;
  }

  private static byte[] joined(byte[] folder, byte[] name) {
    int slash = folder.length > 0 && folder[folder.length - 1] == '/' ? 0 : 1;
    byte[] path = java.util.Arrays.copyOf(folder, folder.length + slash + name.length);
    path[folder.length + slash - 1] = '/';
    System.arraycopy(name, 0, path, folder.length + slash, name.length);
    return path;
  }

  private void readObjects(InputStream in) throws IOException {
    try (JsonParser parser = JSON.createParser(in)) {
      for (JsonToken token = parser.nextToken(); token != null; token = parser.nextToken()) {
        if (token != JsonToken.START_OBJECT) {
          throw new RepositoryException("has something beside JSON objects");
        }
        readObject(parser);
      }
    }
  }

  private void readObject(JsonParser parser) throws IOException {
    String name = "";
    String version = "";
    Paths paths = new Paths();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (key) {
        case "name" -> name = parser.getValueAsString("");
        case "version" -> version = parser.getValueAsString("");
        case "files" -> {
          while (value == JsonToken.START_ARRAY && parser.nextToken() == JsonToken.VALUE_STRING) {
            take(paths, Percent.decode(parser.getText()));
          }
        }
        default -> parser.skipChildren();
      }
    }
    begin(name + "-" + version, paths);
  }

  private static String label(String nameAndVersion) {
    int space = nameAndVersion.lastIndexOf(' ');
    return nameAndVersion.substring(0, Math.max(space, 0)) + "-"
        + nameAndVersion.substring(space + 1);
  }

  private Paths begin(String label) {
    Paths paths = new Paths();
    begin(label, paths);
    return paths;
  }

  /** What the repository does not list is not kept, so that a stranger's text takes no memory. */
  private void begin(String label, Paths paths) {
    if (!labels.contains(label)) {
      finder.find(archive, "has files of " + label + ", which the catalogue does not list");
    } else if (listed.put(label, paths) != null && strange.add(label)) {
      finder.find(archive, "has the files of " + label + " twice");
    }
  }

  /** What the text cannot hold is in neither count. */
  private static void take(Paths paths, String path) {
    int slash = path.lastIndexOf('/');
    if (path.chars().noneMatch(c -> c < ' ' || c == 127) && !path.startsWith(">", slash + 1)) {
      paths.add(path.getBytes(StandardCharsets.UTF_8));
    }
  }

  /** What is wrong with a package's list, as the end of a sentence. */
  Optional<String> fault(String label, List<String> files) {
    Paths said = listed.get(label);
    if (said == null) {
      return Optional.of("does not have the files of " + label);
    }
    Paths own = new Paths();
    files.forEach(path -> take(own, path));
    if (said.count != own.count) {
      return Optional.of(
          "has " + said.count + " files of " + label + " where its manifest has " + own.count);
    }
    return java.util.Arrays.equals(said.sum, own.sum)
        ? Optional.empty()
        : Optional.of("has other files of " + label + " than its manifest");
  }
}
