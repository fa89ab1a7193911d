package org.slipway.packages;

import java.util.regex.Pattern;

/**
 * A port's place in the tree, such as {@code devel/libfoo}: a category and a name, each a plain
 * folder name.
 */
public record Origin(String category, String name) implements Comparable<Origin> {
  private static final Pattern FOLDER_NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.+-]{0,127}");

  public Origin {
    requireFolderName(category, category + "/" + name);
    requireFolderName(name, category + "/" + name);
  }

  /** Reads {@code category/name}. */
  public static Origin parse(String text) {
    int slash = text.indexOf('/');
    if (slash < 0) {
      throw new IllegalArgumentException("\"" + text + "\" is not an origin; write category/port");
    }
    return new Origin(text.substring(0, slash), text.substring(slash + 1));
  }

  /** The order of {@link #toString}, without making the texts: trees of ports are sorted often. */
  @Override
  public int compareTo(Origin other) {
    int order = category.compareTo(other.category);
    if (order == 0) {
      return name.compareTo(other.name);
    }
    boolean oneBeginsTheOther =
        category.startsWith(other.category) || other.category.startsWith(category);
    return oneBeginsTheOther ? toString().compareTo(other.toString()) : order;
  }

  @Override
  public String toString() {
    return category + "/" + name;
  }

  private static void requireFolderName(String part, String whole) {
    if (!FOLDER_NAME.matcher(part).matches()) {
      throw new IllegalArgumentException("\"" + whole + "\" is not an origin; write category/port");
    }
  }
}
