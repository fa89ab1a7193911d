package org.slipway.packages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A file's flags such as {@code schg,uarch} by the names of chflags(1), in one order, so that equal
 * flags are equal texts. Manifests and tar's
 * {@code SCHILY.fflags} hold this text.
 *
 * @param text names with commas between, empty for no flags
 */
public record FileFlags(String text) {
  /** No flags at all. */
  public static final FileFlags NONE = new FileFlags("");

  private static final Map<String, String> NAMES = new LinkedHashMap<>();

  // One order, so that equal flags are equal texts; readers take any. A row's first name is
  // written.
  static {
    row("sappnd", "sappend");
    row("arch", "archived");
    row("schg", "schange", "simmutable");
    row("sunlnk", "sunlink");
    row("snapshot");
    row("uappnd", "uappend");
    row("uarch", "uarchive");
    row("hidden", "uhidden");
    row("uchg", "uchange", "uimmutable");
    row("nodump");
    row("opaque");
    row("uunlnk", "uunlink");
    row("offline", "uoffline");
    row("rdonly", "urdonly", "readonly");
    row("reparse", "ureparse");
    row("sparse", "usparse");
    row("system", "usystem");
  }

  public FileFlags {
    if (!text.matches("([a-z]+(,[a-z]+)*)?")) {
      throw new IllegalArgumentException("\"" + text + "\" is no list of file flags");
    }
  }

  private static void row(String written, String... others) {
    NAMES.put(written, written);
    for (String other : others) {
      NAMES.put(other, written);
    }
  }

  /** Reads flags as a person writes them; empty when one is not known. */
  public static Optional<FileFlags> parse(String text) {
    if (text.isEmpty()) {
      return Optional.of(NONE);
    }
    List<String> found = new ArrayList<>();
    for (String word : text.split("[, \t]+", -1)) {
      String written = NAMES.get(word);
      if (written == null) {
        return Optional.empty();
      }
      found.add(written);
    }
    List<String> ordered =
        NAMES.values().stream().distinct().filter(found::contains).toList();
    return Optional.of(new FileFlags(String.join(",", ordered)));
  }

  public boolean isEmpty() {
    return text.isEmpty();
  }

  @Override
  public String toString() {
    return text;
  }
}
