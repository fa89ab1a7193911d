package org.slipway.packages;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * A file, link or directory as a manifest lists it. Up to 2.7 pkg writes a file's sum alone, later
 * an object; what a manifest does not say is empty.
 *
 * @param path absolute and plain
 * @param sum as written, {@code -} for none
 * @param mode the twelve low bits of st_mode
 * @param flags FreeBSD's file flags by name, such as {@code schg}
 * @param linkTarget a symbolic link's text
 */
public record ListedPath(
    String path,
    String sum,
    Optional<String> owner,
    Optional<String> group,
    OptionalInt mode,
    Optional<String> flags,
    Optional<String> linkTarget) {

  public ListedPath {
    PathRules.requireAbsolute(path);
  }

  /** What a manifest's {@code files} or {@code directories} lists, in the order of the paths. */
  static List<ListedPath> of(Ucl.Section manifest, String key) throws MetadataException {
    Ucl.Value value = manifest.values().getOrDefault(key, new Ucl.Section(Map.of()));
    List<ListedPath> all = new ArrayList<>();
    Set<String> seen = new HashSet<>();
    if (value instanceof Ucl.Sequence sequence && sequence.values().isEmpty()) {
      return all;
    }
    if (!(value instanceof Ucl.Section section)) {
      throw new MetadataException("its manifest's \"" + key + "\" is no section");
    }
    for (Map.Entry<String, Ucl.Value> entry : section.values().entrySet()) {
      ListedPath listed =
          of(Percent.decode(entry.getKey()), entry.getValue(), key.equals("directories"));
      if (!seen.add(listed.path())) {
        throw new MetadataException("its manifest lists " + listed.path() + " twice");
      }
      all.add(listed);
    }
    all.sort((a, b) -> a.path().compareTo(b.path()));
    return all;
  }

  private static ListedPath of(String name, Ucl.Value value, boolean directory)
      throws MetadataException {
    // A directory's path may end in a slash, as old plists wrote it; its "y" is no sum.
    String path = directory && name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
    String fault = PathRules.fault(path).orElse("");
    if (!fault.isEmpty()) {
      throw new MetadataException("its manifest's path \"" + PathRules.shown(name) + "\" " + fault);
    }
    if (value instanceof Ucl.Text text) {
      return new ListedPath(
          path,
          directory || text.text().isEmpty() ? "-" : text.text(),
          Optional.empty(),
          Optional.empty(),
          OptionalInt.empty(),
          Optional.empty(),
          Optional.empty());
    }
    if (value instanceof Ucl.Section section) {
      return new ListedPath(
          path,
          section.text("sum").filter(sum -> !sum.isEmpty()).orElse("-"),
          section.text("uname"),
          section.text("gname"),
          mode(path, section.text("perm")),
          section.text("fflags").filter(flags -> !flags.isEmpty()),
          section.text("symlink_target"));
    }
    throw new MetadataException("its manifest lists " + path + " twice or as a list");
  }

  private static OptionalInt mode(String path, Optional<String> digits) throws MetadataException {
    if (digits.isEmpty()) {
      return OptionalInt.empty();
    }
    if (!digits.get().matches("[0-7]{1,7}")) {
      throw new MetadataException("its manifest's perm \"" + PathRules.shown(digits.get())
          + "\" of " + path + " is no octal number");
    }
    return OptionalInt.of(Integer.parseInt(digits.get(), 8) & 07777);
  }
}
