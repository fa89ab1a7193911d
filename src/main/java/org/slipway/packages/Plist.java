package org.slipway.packages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * A packing list as the ports framework's TMPPLIST has it after substitution: what of a stage
 * belongs to the package, whose it is, and which commands go with it (pkg-create(8), "PLIST
 * FORMAT").
 *
 * @param items in the order of the list, each path once
 * @param scripts by phase, from {@code @sample} and the {@code @postexec} family
 */
public record Plist(List<Item> items, Map<String, String> scripts) {
  public Plist {
    items = List.copyOf(items);
    scripts = Collections.unmodifiableMap(new TreeMap<>(scripts));
  }

  /** What a line stands for. */
  public enum Kind {
    FILE,
    /** A file that an upgrade does not overwrite when a person has changed it. */
    CONFIG,
    DIRECTORY
  }

  /**
   * One path.
   *
   * @param mode instead of the stage's
   * @param owner instead of {@code root}
   * @param group instead of {@code wheel}
   */
  public record Item(
      Kind kind,
      String path,
      Optional<Integer> mode,
      Optional<String> owner,
      Optional<String> group) {
    public Item {
      PathRules.requireAbsolute(path);
    }

    PackageContent.Attributes attributes(int stagedMode) {
      return new PackageContent.Attributes(
          mode.orElse(stagedMode), owner.orElse("root"), group.orElse("wheel"));
    }
  }

  /**
   * Reads a list.
   *
   * @param prefix what relative paths start with, until the first {@code @cwd}
   * @throws PlistException naming the line, when one cannot be followed
   */
  public static Plist parse(String text, String prefix) throws PlistException {
    return new PlistParser(prefix).parse(text);
  }

  /** The stage's part that the list names. */
  PackageContent select(Stage stage, Map<String, String> portScripts) throws PlistException {
    List<Item> sorted = new ArrayList<>(items);
    // Of several names for one file the first by path carries the bytes, whatever the list's order.
    sorted.sort((a, b) -> a.path().compareTo(b.path()));
    List<PackageContent.Entry> entries = new ArrayList<>();
    List<PackageContent.Directory> directories = new ArrayList<>();
    List<String> config = new ArrayList<>();
    Map<Integer, String> names = new HashMap<>();
    Set<String> missing = new HashSet<>();
    for (Item item : sorted) {
      Stage.Item staged = stage.items().get(item.path());
      if (item.kind() == Kind.DIRECTORY) {
        directories.add(directory(item, staged));
      } else if (staged == null) {
        missing.add(item.path());
      } else {
        entries.add(entry(item, staged, names));
        if (item.kind() == Kind.CONFIG) {
          config.add(item.path());
        }
      }
    }
    requireNone(missing);
    return new PackageContent(entries, directories, config, joined(portScripts, scripts));
  }

  private static PackageContent.Entry entry(
      Item item, Stage.Item staged, Map<Integer, String> names) throws PlistException {
    if (staged instanceof Stage.StagedLink link) {
      return new PackageContent.Symlink(item.path(), item.attributes(link.mode()), link.target());
    }
    if (staged instanceof Stage.StagedFile file) {
      String first = names.putIfAbsent(file.number(), item.path());
      return first != null
          ? new PackageContent.HardLink(item.path(), first)
          : new PackageContent.RegularFile(
              item.path(),
              item.attributes(file.mode()),
              file.bytes(),
              file.sizeBytes(),
              file.digest());
    }
    throw new PlistException(
        item.path() + " is a directory in the stage; write \"@dir " + item.path() + "\"");
  }

  private static PackageContent.Directory directory(
      Item item, Stage.@org.jspecify.annotations.Nullable Item staged) throws PlistException {
    if (staged == null) {
      return new PackageContent.Directory(item.path(), item.attributes(0755));
    }
    if (staged instanceof Stage.StagedDirectory found) {
      return new PackageContent.Directory(item.path(), item.attributes(found.mode()));
    }
    throw new PlistException(
        "@dir " + item.path() + " is no directory in the stage; write the path alone");
  }

  private static void requireNone(Set<String> missing) throws PlistException {
    if (!missing.isEmpty()) {
      List<String> shown = missing.stream().sorted().limit(10).toList();
      throw new PlistException("the plist names "
          + missing.size()
          + (missing.size() == 1 ? " path that is" : " paths that are")
          + " not in the stage: "
          + String.join(", ", shown)
          + (missing.size() > 10 ? ", ..." : ""));
    }
  }

  private static Map<String, String> joined(Map<String, String> first, Map<String, String> second) {
    Map<String, String> all = new TreeMap<>(first);
    second.forEach(
        (phase, text) -> all.merge(phase, text, (a, b) -> a.endsWith("\n") ? a + b : a + "\n" + b));
    return all;
  }
}
