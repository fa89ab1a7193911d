package org.slipway.packages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A packing list as the ports framework's TMPPLIST has it after substitution: what of a stage
 * belongs to the package, whose it is, and which commands go with it (pkg-create(8), "PLIST
 * FORMAT", and pkg-keywords(5)).
 *
 * @param items in the order of the list, each path once
 * @param scripts shell text by phase, from {@code @postexec}, {@code @cwd} and keyword files
 * @param luaScripts Lua texts by phase, from keyword files
 * @param messages from keyword files, for the manifest
 * @param remarks what a port's author should change, such as a deprecated keyword
 */
public record Plist(
    List<Item> items,
    Map<String, String> scripts,
    Map<String, List<String>> luaScripts,
    List<Manifest.Message> messages,
    List<String> remarks) {
  public Plist {
    items = List.copyOf(items);
    scripts = Collections.unmodifiableMap(new TreeMap<>(scripts));
    luaScripts = Collections.unmodifiableMap(new TreeMap<>(luaScripts));
    messages = List.copyOf(messages);
    remarks = List.copyOf(remarks);
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
   * @param path where it is installed
   * @param staged where the stage has it; another place after {@code @override_prefix} only
   * @param mode instead of the stage's
   * @param owner instead of {@code root}
   * @param group instead of {@code wheel}
   */
  public record Item(
      Kind kind,
      String path,
      String staged,
      Optional<Integer> mode,
      Optional<String> owner,
      Optional<String> group,
      FileFlags flags) {
    public Item {
      PathRules.requireAbsolute(path);
      PathRules.requireAbsolute(staged);
    }

    /** A path that is staged where it is installed, without flags. */
    public Item(
        Kind kind,
        String path,
        Optional<Integer> mode,
        Optional<String> owner,
        Optional<String> group) {
      this(kind, path, path, mode, owner, group, FileFlags.NONE);
    }

    PackageContent.Attributes attributes(int stagedMode) {
      return new PackageContent.Attributes(
          mode.orElse(stagedMode), owner.orElse("root"), group.orElse("wheel"), flags);
    }

    /** The same, installed below another prefix when it is a file below this one. */
    Item moved(String prefix, Optional<String> other) {
      String below = prefix.equals("/") ? "/" : prefix + "/";
      if (other.isEmpty() || kind == Kind.DIRECTORY || !path.startsWith(below)) {
        return this;
      }
      String base = other.get().equals("/") ? "" : other.get();
      String target = base + "/" + path.substring(below.length());
      return new Item(kind, target, staged, mode, owner, group, flags);
    }
  }

  /**
   * Reads a list that needs no tree.
   *
   * @param prefix what relative paths start with, until the first {@code @cwd}
   * @throws PlistException naming the line, when one cannot be followed
   */
  public static Plist parse(String text, String prefix) throws PlistException {
    try {
      return parse(text, PlistRules.of(prefix));
    } catch (IOException e) {
      throw new UncheckedIOException("nothing is read here", e);
    }
  }

  /**
   * Reads a list.
   *
   * @throws PlistException naming the line, when one cannot be followed
   * @throws IOException when a list that it takes in cannot be read
   */
  public static Plist parse(String text, PlistRules rules) throws IOException, PlistException {
    return new PlistParser(rules).parse(text);
  }

  /**
   * The same with what the metadata says before it: scripts run first, and of a path that both list
   * the metadata's line counts.
   */
  Plist after(MetadataReader.Metadata metadata) {
    Map<String, Item> all = new LinkedHashMap<>();
    metadata.items().forEach(item -> all.put(item.path(), item));
    items.forEach(item -> all.putIfAbsent(item.path(), item));
    Map<String, List<String>> lua = new TreeMap<>(metadata.luaScripts());
    luaScripts.forEach((phase, texts) -> lua.merge(
        phase,
        texts,
        (first, second) -> Stream.concat(first.stream(), second.stream()).toList()));
    return new Plist(
        List.copyOf(all.values()), joined(metadata.scripts(), scripts), lua, messages, remarks);
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
      Stage.Item staged = stage.items().get(item.staged());
      if (staged == null) {
        missing.add(item.staged());
      } else if (item.kind() == Kind.DIRECTORY) {
        directories.add(directory(item, staged));
      } else {
        entries.add(entry(item, staged, names));
        if (item.kind() == Kind.CONFIG) {
          config.add(item.path());
        }
      }
    }
    requireNone(missing);
    try {
      return new PackageContent(
          entries, directories, config, joined(portScripts, scripts), luaScripts);
    } catch (IllegalArgumentException e) {
      throw new PlistException(String.valueOf(e.getMessage()));
    }
  }

  /**
   * A symbolic link's own mode is nowhere asked for, and hangs on the umask on FreeBSD; Linux has
   * 0777 for all, and a mode of 0755 would look changed there.
   */
  private static int linkMode(Stage.StagedLink link) {
    return link.mode() == 0777 ? 0777 : 0755;
  }

  private static PackageContent.Entry entry(
      Item item, Stage.Item staged, Map<Integer, String> names) throws PlistException {
    if (staged instanceof Stage.StagedLink link) {
      return new PackageContent.Symlink(
          item.path(), item.attributes(linkMode(link)), link.target());
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
              file.sum());
    }
    throw new PlistException(
        item.path() + " is a directory in the stage; write \"@dir " + item.path() + "\"");
  }

  private static PackageContent.Directory directory(Item item, Stage.Item staged)
      throws PlistException {
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
