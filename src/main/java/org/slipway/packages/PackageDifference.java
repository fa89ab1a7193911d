package org.slipway.packages;

import java.util.List;

/**
 * Something in which two packages differ.
 *
 * @param path in the package; a key of the manifest where the kind says so; printable, at most 123
 *     characters
 * @param what the difference in words, such as {@code mode 0644 / 0755}: the first package's, then
 *     the second's
 * @param hints where it may come from, best first, each a printable line; at most 8
 */
public record PackageDifference(Kind kind, String path, String what, List<String> hints) {
  /** What differs. */
  public enum Kind {
    /** In the second package alone. */
    ADDED,
    /** In the first package alone. */
    REMOVED,
    /** File, directory or link. */
    TYPE,
    MODE,
    OWNER,
    /** Where a link leads. */
    LINK,
    TIME,
    CONTENT,
    /** A key of the manifest; {@code files} and sizes are left out, for they follow from the rest. */
    MANIFEST;

    /** In lower case. */
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public PackageDifference {
    hints = List.copyOf(hints.subList(0, Math.min(8, hints.size())));
  }

  /** One that explains itself. */
  PackageDifference(Kind kind, String path, String what) {
    this(kind, path, what, List.of());
  }
}
