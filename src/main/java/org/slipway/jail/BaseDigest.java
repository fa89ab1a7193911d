package org.slipway.jail;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;

/**
 * What a base is by its content.
 *
 * <p>The id is the SHA-256 of {@code slipway base 1}, a newline, and a record for each path in the
 * order of {@link BaseWalk}: {@code TYPE MODE UID GID PATH NUL EXTRA NUL}, with a space between the
 * first five. TYPE is {@code d}, {@code f} or {@code l}; MODE the twelve permission bits in octal,
 * 0 of a link; UID and GID decimal, 0 where the base was made by a user who cannot give files away;
 * PATH as bytes without a slash before it, empty for the top; EXTRA the SHA-256 of a file's content
 * in hexadecimal, a link's target, nothing of a folder. Times, flags, extended attributes and which
 * files are hard links of each other are no part of it; devices and sockets are not in a base.
 *
 * <p>The stamp is the same over what one look at each path tells, with size and time of change in
 * the place of content: quick to compare, and it notices whatever was changed without intent to
 * hide it.
 */
final class BaseDigest {
  private static final String ID = "slipway base 1\n";
  private static final String STAMP = "slipway base stamp 1\n";

  /** What going through a base found. */
  record Found(String hex, long paths, long sizeBytes) {}

  private final boolean owners;
  private final MessageDigest all = sha256();
  private long paths;
  private long sizeBytes;

  private BaseDigest(boolean owners) {
    this.owners = owners;
  }

  static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /**
   * Reads all of it.
   *
   * @param owners whether who owns its files is what the base means
   * @param expectedBytes for the progress, 0 where nobody knows
   */
  static Found id(Path root, boolean owners, long expectedBytes, BaseProgress progress)
      throws IOException {
    return new BaseDigest(owners).contents(root, expectedBytes, progress);
  }

  /** Looks at all of it and reads no file. */
  static Found stamp(Path root, boolean owners) throws IOException {
    return new BaseDigest(owners).looks(root);
  }

  private Found contents(Path root, long expectedBytes, BaseProgress progress) throws IOException {
    byte[] buffer = new byte[1 << 16];
    Map<Object, String> linked = new HashMap<>();
    add(ID);
    BaseWalk.walk(root, entry -> {
      count(entry);
      String extra = switch (entry.kind()) {
        case FOLDER -> "";
        case LINK -> BasePath.target(Files.readSymbolicLink(entry.path()));
        case FILE -> {
          boolean shared =
              entry.attributes().get("nlink") instanceof Number links && links.intValue() > 1;
          String known = shared ? linked.get(entry.identity()) : null;
          String sum = known == null ? sum(entry.path(), buffer) : known;
          if (shared) {
            linked.put(entry.identity(), sum);
          }
          progress.at("reading the base", sizeBytes, expectedBytes);
          yield sum;
        }
        case OTHER ->
          throw new BaseException(
              entry.path() + " is neither file nor folder nor link; a base has none such");
      };
      record(entry, extra);
    });
    return found();
  }

  private Found looks(Path root) throws IOException {
    add(STAMP);
    BaseWalk.walk(root, entry -> {
      count(entry);
      // What is mounted or written in a folder changes its time, but then the paths differ as well.
      record(
          entry,
          entry.kind() == BaseWalk.Kind.FILE ? entry.sizeBytes() + " " + entry.changed() : "");
    });
    return found();
  }

  private void count(BaseWalk.Entry entry) {
    paths++;
    if (entry.kind() == BaseWalk.Kind.FILE) {
      sizeBytes += entry.sizeBytes();
    }
  }

  private void record(BaseWalk.Entry entry, String extra) {
    String type = switch (entry.kind()) {
      case FOLDER -> "d";
      case FILE -> "f";
      case LINK -> "l";
      case OTHER -> "o";
    };
    int mode = entry.kind() == BaseWalk.Kind.LINK ? 0 : entry.modeBits();
    int owner = owners ? entry.owner() : 0;
    int group = owners ? entry.group() : 0;
    add(type + " " + Integer.toOctalString(mode) + " " + owner + " " + group + " " + entry.name()
        + "\0" + extra + "\0");
  }

  private void add(String bytes) {
    all.update(bytes.getBytes(StandardCharsets.ISO_8859_1));
  }

  private Found found() {
    return new Found(HexFormat.of().formatHex(all.digest()), paths, sizeBytes);
  }

  private static String sum(Path file, byte[] buffer) throws IOException {
    MessageDigest digest = sha256();
    try (InputStream in = Files.newInputStream(file, LinkOption.NOFOLLOW_LINKS)) {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        digest.update(buffer, 0, count);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }
}
