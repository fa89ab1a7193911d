package org.slipway.evaluate;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Digest;

/**
 * What a base system has, by name: enough to answer {@code exists()} for a target that is not
 * there. Its text has a path a line, as {@code tar -tf base.txz} and {@code find . -print} write
 * them:
 *
 * <pre>
 * # a comment; empty lines are skipped too
 * ./usr/include/openssl/opensslv.h    a file; a leading / instead of ./ says the same
 * ./usr/lib32/                        a folder; without the slash, what has others below it
 * ./usr/lib/liby.so -&gt; liby.so.1      a symbolic link; without the arrow it counts as a file
 * </pre>
 *
 * Anything else is refused with the number of the line, long listings with modes and owners among
 * it. A path twice is one path.
 */
public final class BaseList {
  /** Several times what a base with all its optional parts has. */
  static final int MAX_PATHS = 200_000;

  /** FreeBSD's PATH_MAX. */
  static final int MAX_PATH_BYTES = 1024;

  static final int MAX_NAME_BYTES = 255;

  private static final int MAX_LINE_CHARACTERS = 2 * MAX_PATH_BYTES + 64;
  private static final String ARROW = " -> ";

  /** What a path is. */
  sealed interface Entry {
    /** A file, without what is in it. */
    record File() implements Entry {}

    record Folder() implements Entry {}

    /** @param target from the link's own folder, never leading out of the base */
    record Link(String target) implements Entry {}
  }

  private final SortedMap<String, Entry> entries;
  private final Digest digest;

  private BaseList(SortedMap<String, Entry> entries) {
    this.entries = Collections.unmodifiableSortedMap(entries);
    StringBuilder canonical = new StringBuilder();
    entries.forEach((path, entry) -> {
      String end = "";
      if (entry instanceof Entry.Folder) {
        end = "/";
      } else if (entry instanceof Entry.Link link) {
        end = ARROW + link.target();
      }
      canonical.append('/').append(path).append(end).append('\n');
    });
    this.digest = Digest.of(canonical.toString());
  }

  /**
   * Reads a list from a file.
   *
   * @throws IllegalArgumentException where a line is none of a list; it names file and line
   */
  public static BaseList read(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return read(file.toString(), in);
    }
  }

  /** @param name the list's name in messages */
  static BaseList read(String name, InputStream in) throws IOException {
    // Bytes as they are: what is no ASCII is refused below, whatever its encoding.
    return new Parse(name, new InputStreamReader(in, StandardCharsets.ISO_8859_1)).list();
  }

  /**
   * The list that ships with the program: what ports frameworks and ports ask of a base, decided
   * for a release's default build. Each decision's source is in the resource
   * {@code base/freebsd.list}.
   *
   * @throws IllegalArgumentException for a target that no list ships for
   */
  public static BaseList forTarget(Target target) throws IOException {
    return ShippedBase.list(target);
  }

  /** The base's identity: the same for lists that say the same in another order or spelling. */
  public Digest digest() {
    return digest;
  }

  /** How many paths it has, folders that are named by what is in them among them. */
  public int size() {
    return entries.size();
  }

  /** @param path absolute in the base: {@code /usr/lib} */
  public boolean has(String path) {
    return entries.containsKey(path.substring(1));
  }

  /** By path, without the slash before it; a folder comes before what is in it. */
  SortedMap<String, Entry> entries() {
    return entries;
  }

  /** One reading of a list. */
  private static final class Parse {
    private final String name;
    private final BufferedReader in;
    private final TreeMap<String, Entry> entries = new TreeMap<>();
    private int number;

    Parse(String name, Reader in) {
      this.name = name;
      this.in = new BufferedReader(in);
    }

    BaseList list() throws IOException {
      for (String line = line(); line != null; line = line()) {
        if (!line.isEmpty() && line.charAt(0) != '#') {
          take(line);
        }
        if (entries.size() > MAX_PATHS) {
          throw wrong("more than " + MAX_PATHS + " paths; no base has as many");
        }
      }
      TreeMap<String, Entry> whole = new TreeMap<>(entries);
      for (String path : entries.keySet()) {
        addFoldersAbove(path, whole);
      }
      return new BaseList(whole);
    }

    /** The next line, of bounded length. */
    private @Nullable String line() throws IOException {
      StringBuilder line = new StringBuilder();
      number++;
      int c = in.read();
      if (c < 0) {
        return null;
      }
      for (; c >= 0 && c != '\n'; c = in.read()) {
        if (c < 0x20 || c > 0x7e) {
          throw wrong("a character that is not printable ASCII; leave the line out, since no"
              + " makefile asks for such a path");
        }
        if (line.length() == MAX_LINE_CHARACTERS) {
          throw wrong("a line of more than " + MAX_LINE_CHARACTERS + " characters");
        }
        line.append((char) c);
      }
      return line.toString();
    }

    private void take(String line) {
      int arrow = line.indexOf(ARROW);
      String path = arrow < 0 ? line : line.substring(0, arrow);
      boolean folder = path.endsWith("/");
      String plain = plain(path);
      if (plain.isEmpty()) {
        return;
      }
      Entry entry = folder ? new Entry.Folder() : new Entry.File();
      if (arrow >= 0) {
        entry = new Entry.Link(target(plain, line.substring(arrow + ARROW.length())));
      }
      Entry known = entries.get(plain);
      if (known == null || known instanceof Entry.File) {
        entries.put(plain, entry);
      } else if (!(entry instanceof Entry.File) && !entry.equals(known)) {
        throw wrong("/" + plain + " is listed as two different things");
      }
    }

    /** The path without what stands before its first name and after its last. */
    private String plain(String path) {
      String rest;
      if (path.equals(".") || path.equals("/") || path.equals("./")) {
        return "";
      } else if (path.startsWith("/")) {
        rest = path.substring(1);
      } else if (path.startsWith("./")) {
        rest = path.substring(2);
      } else {
        throw wrong("\"" + start(path) + "\" is no path; it begins with neither / nor ./");
      }
      rest = rest.endsWith("/") ? rest.substring(0, rest.length() - 1) : rest;
      if (rest.length() > MAX_PATH_BYTES) {
        throw wrong("a path of more than " + MAX_PATH_BYTES + " bytes");
      }
      for (String step : rest.split("/", -1)) {
        if (step.isEmpty() || step.equals(".") || step.equals("..")) {
          throw wrong("\"" + start(path) + "\" has an empty name, . or .. in it");
        }
        checkLength(step);
      }
      return rest;
    }

    private void checkLength(String step) {
      if (step.length() > MAX_NAME_BYTES) {
        throw wrong("a name of more than " + MAX_NAME_BYTES + " bytes");
      }
    }

    /** A link's target from the link's folder, where it stays within the base. */
    private String target(String link, String said) {
      if (said.isEmpty() || said.length() > MAX_PATH_BYTES) {
        throw wrong("a link to nothing, or to a path of more than " + MAX_PATH_BYTES + " bytes");
      }
      int above = (int) link.chars().filter(c -> c == '/').count();
      int depth = said.startsWith("/") ? 0 : above;
      for (String step : said.split("/", -1)) {
        checkLength(step);
        depth += step.isEmpty() || step.equals(".") ? 0 : step.equals("..") ? -1 : 1;
        if (depth < 0) {
          throw wrong("/" + link + " leads out of the base");
        }
      }
      // From the base's own root, so that it also leads nowhere else seen from outside.
      return said.startsWith("/") ? "../".repeat(above) + said.replaceFirst("^/+", "") : said;
    }

    private void addFoldersAbove(String path, SortedMap<String, Entry> whole) {
      for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
        String above = path.substring(0, slash);
        if (whole.get(above) instanceof Entry.Link) {
          throw new IllegalArgumentException(
              name + ": /" + path + " is listed below /" + above + ", which is listed as a link");
        }
        whole.put(above, new Entry.Folder());
        if (whole.size() > MAX_PATHS) {
          throw wrong("more than " + MAX_PATHS + " paths and folders above them");
        }
      }
    }

    private IllegalArgumentException wrong(String what) {
      return new IllegalArgumentException(name + ", line " + number + ": " + what);
    }

    private static String start(String text) {
      return text.length() > 60 ? text.substring(0, 60) + "..." : text;
    }
  }
}
