package org.slipway.packages;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * What a package installs: files and links, directories that it owns, configuration files among the
 * files, and scripts for the shell and for Lua. Entries are kept in the order of their paths, so
 * that equal contents give equal archives.
 *
 * @param config paths of entries that an upgrade must not overwrite when a person has changed them
 * @param scripts by pkg's names ({@code pre-install}, {@code post-install}, {@code pre-deinstall}
 *     ...), as shell text
 * @param luaScripts by pkg's names; the texts of a phase run in their order (pkg-lua-script(5))
 */
public record PackageContent(
    List<Entry> entries,
    List<Directory> directories,
    List<String> config,
    Map<String, String> scripts,
    Map<String, List<String>> luaScripts) {

  /** The phases in which pkg runs a shell script. */
  public static final List<String> SCRIPT_PHASES = List.of(
      "pre-install", "install", "post-install", "pre-deinstall", "deinstall", "post-deinstall");

  /** The phases in which pkg runs Lua. */
  public static final List<String> LUA_PHASES =
      List.of("pre-install", "post-install", "pre-deinstall", "post-deinstall");

  /** Nothing at all, as a meta port has it. */
  public static final PackageContent EMPTY =
      new PackageContent(List.of(), List.of(), List.of(), Map.of());

  public PackageContent {
    entries = sorted(entries, Comparator.comparing(Entry::path));
    directories = sorted(directories, Comparator.comparing(Directory::path));
    config = sorted(config, Comparator.naturalOrder());
    scripts = Collections.unmodifiableMap(new TreeMap<>(scripts));
    Map<String, List<String>> lua = new TreeMap<>();
    luaScripts.forEach((phase, texts) -> lua.put(phase, List.copyOf(texts)));
    luaScripts = Collections.unmodifiableMap(lua);
    requirePhases(scripts.keySet(), SCRIPT_PHASES);
    requirePhases(luaScripts.keySet(), LUA_PHASES);
    requireSound(entries, directories, config);
  }

  /** Content without Lua. */
  public PackageContent(
      List<Entry> entries,
      List<Directory> directories,
      List<String> config,
      Map<String, String> scripts) {
    this(entries, directories, config, scripts, Map.of());
  }

  private static void requirePhases(Set<String> phases, List<String> known) {
    for (String phase : phases) {
      if (!known.contains(phase)) {
        throw new IllegalArgumentException(
            "\"" + phase + "\" is no script phase; pkg has " + known);
      }
    }
  }

  /** One thing with a name in the file system; {@code path} is absolute and plain. */
  public sealed interface Entry permits RegularFile, Symlink, HardLink {
    String path();

    /** Mode and owner; a hard link has its target's. */
    Optional<Attributes> ownAttributes();
  }

  /**
   * A file with its bytes.
   *
   * @param bytes where they lie now, in a folder that only the farm writes
   * @param sum of them, as they were first read
   */
  public record RegularFile(
      String path, Attributes attributes, Path bytes, long sizeBytes, ContentSum sum)
      implements Entry {
    public RegularFile {
      PathRules.requireAbsolute(path);
    }

    /** The SHA-256 of its bytes. */
    public Digest digest() {
      return sum.sha256();
    }

    @Override
    public Optional<Attributes> ownAttributes() {
      return Optional.of(attributes);
    }
  }

  /** A symbolic link; {@code target} is its text. */
  public record Symlink(String path, Attributes attributes, String target) implements Entry {
    public Symlink {
      PathRules.requireAbsolute(path);
    }

    @Override
    public Optional<Attributes> ownAttributes() {
      return Optional.of(attributes);
    }
  }

  /** One more name for a regular file of the same package, which sorts before it. */
  public record HardLink(String path, String target) implements Entry {
    public HardLink {
      PathRules.requireAbsolute(path);
      PathRules.requireAbsolute(target);
    }

    @Override
    public Optional<Attributes> ownAttributes() {
      return Optional.empty();
    }
  }

  /** A directory that is the package's own (a plist's {@code @dir}). */
  public record Directory(String path, Attributes attributes) {
    public Directory {
      PathRules.requireAbsolute(path);
    }
  }

  /**
   * Who owns it and who may do what.
   *
   * @param mode the twelve low bits of st_mode
   */
  public record Attributes(int mode, String owner, String group, FileFlags flags) {
    public Attributes {
      if ((mode & ~07777) != 0) {
        throw new IllegalArgumentException("mode " + Integer.toOctalString(mode));
      }
      if (!owner.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}\\$?")
          || !group.matches("[A-Za-z0-9_][A-Za-z0-9_.-]{0,30}\\$?")) {
        throw new IllegalArgumentException(
            "\"" + owner + ":" + group + "\" is no owner and group of a file");
      }
    }

    /** Attributes without flags. */
    public Attributes(int mode, String owner, String group) {
      this(mode, owner, group, FileFlags.NONE);
    }

    /** The ports' default owner, {@code root:wheel}. */
    public static Attributes ofRoot(int mode) {
      return new Attributes(mode, "root", "wheel");
    }
  }

  /**
   * The package's flat size as pkg counts it: the bytes of regular files, several names of one file
   * once, and of the targets of symbolic links (libpkg/pkg_create.c).
   */
  public long flatSizeBytes() {
    long sum = 0;
    for (Entry entry : entries) {
      if (entry instanceof RegularFile file) {
        sum += file.sizeBytes();
      } else if (entry instanceof Symlink link) {
        sum += link.target().getBytes(StandardCharsets.UTF_8).length;
      }
    }
    return sum;
  }

  /** Mode and owner of each entry by its path; a hard link has its target's. */
  Map<String, Attributes> attributes() {
    Map<String, Attributes> all = new HashMap<>();
    for (Entry entry : entries) {
      if (entry instanceof RegularFile file) {
        all.put(file.path(), file.attributes());
      } else if (entry instanceof Symlink link) {
        all.put(link.path(), link.attributes());
      } else if (entry instanceof HardLink link) {
        // The target sorts before its links.
        all.put(link.path(), Objects.requireNonNull(all.get(link.target())));
      }
    }
    return all;
  }

  private static <T> List<T> sorted(List<T> list, Comparator<T> order) {
    List<T> copy = new ArrayList<>(list);
    copy.sort(order);
    return List.copyOf(copy);
  }

  private static void requireSound(
      List<Entry> entries, List<Directory> directories, List<String> config) {
    Map<String, Boolean> regular = new HashMap<>();
    for (Entry entry : entries) {
      if (entry instanceof HardLink link && !regular.getOrDefault(link.target(), false)) {
        throw new IllegalArgumentException(
            link.path() + " links to " + link.target() + ", which is no file before it");
      }
      if (regular.put(entry.path(), entry instanceof RegularFile) != null) {
        throw new IllegalArgumentException(entry.path() + " is there twice");
      }
    }
    for (Directory directory : directories) {
      if (regular.put(directory.path(), false) != null) {
        throw new IllegalArgumentException(directory.path() + " is there twice");
      }
    }
    for (String path : config) {
      if (!regular.containsKey(path)) {
        throw new IllegalArgumentException("configuration file " + path + " is not in the package");
      }
    }
  }
}
