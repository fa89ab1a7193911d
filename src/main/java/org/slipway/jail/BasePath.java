package org.slipway.jail;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Names of files as the bytes that they are. Java turns them into characters of the user's locale,
 * and in the locale C it can neither read nor write what is not ASCII, such as the names of some
 * certificates in a Debian base; file addresses carry bytes in every locale.
 *
 * <p>A name is a string here that has a character for each byte, as ISO 8859-1 has.
 */
final class BasePath {
  private BasePath() {}

  /** Text as such a string: its UTF-8 bytes. */
  static String bytes(String text) {
    return new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
  }

  /** The last name of a path. */
  static String name(Path path) {
    String seen = String.valueOf(path.getFileName());
    if (ascii(seen)) {
      return seen;
    }
    String whole = decoded(path);
    return whole.substring(whole.lastIndexOf('/') + 1);
  }

  /** All of a link's target. */
  static String target(Path target) {
    String seen = target.toString();
    if (ascii(seen)) {
      return seen;
    }
    String whole = decoded(Path.of("/").resolve(target));
    return target.isAbsolute() ? whole : whole.substring(1);
  }

  /** A path in a folder; the name has no slash. */
  static Path child(Path folder, String name) {
    return ascii(name)
        ? folder.resolve(name)
        : Path.of(URI.create(address(folder) + "/" + encoded(name)));
  }

  /** What a link is made to lead to. */
  static Path link(String target) {
    if (ascii(target)) {
      return Path.of(target);
    }
    Path whole = Path.of(URI.create("file:///" + encoded(target.replaceFirst("^/+", ""))));
    return target.startsWith("/") ? whole : whole.subpath(0, whole.getNameCount());
  }

  private static String address(Path folder) {
    String address = folder.toAbsolutePath().toUri().toString();
    return address.endsWith("/") ? address.substring(0, address.length() - 1) : address;
  }

  private static String decoded(Path path) {
    String raw = path.toUri().getRawPath();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int i = 0; i < raw.length(); i++) {
      if (raw.charAt(i) == '%') {
        bytes.write(Integer.parseInt(raw.substring(i + 1, i + 3), 16));
        i += 2;
      } else {
        bytes.write(raw.charAt(i));
      }
    }
    String whole = bytes.toString(StandardCharsets.ISO_8859_1);
    return whole.length() > 1 && whole.endsWith("/")
        ? whole.substring(0, whole.length() - 1)
        : whole;
  }

  private static String encoded(String name) {
    StringBuilder encoded = new StringBuilder();
    for (int i = 0; i < name.length(); i++) {
      char c = name.charAt(i);
      boolean plain = c == '/' || (c < 0x80 && (Character.isLetterOrDigit(c) || c == '.'));
      encoded.append(plain ? String.valueOf(c) : String.format(Locale.ROOT, "%%%02X", (int) c));
    }
    return encoded.toString();
  }

  private static boolean ascii(String text) {
    return text.chars().allMatch(c -> c < 0x80);
  }
}
