package org.slipway.packages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * The part of a manifest that speaks of content: the paths that it lists in place of a plist, and
 * its scripts. Sums are not taken from it, for the stage's bytes tell them.
 */
final class ManifestContent {
  private final Ucl.Section ucl;
  private final String where;

  /** @param where the file, for messages */
  ManifestContent(Ucl.Section ucl, String where) {
    this.ucl = ucl;
    this.where = where;
  }

  /** Files with those of {@code config} marked, then directories in either form. */
  List<Plist.Item> items() throws MetadataException {
    Set<String> config = new TreeSet<>();
    for (String path : ucl.texts("config")) {
      config.add(path(path));
    }
    Map<String, Plist.Item> items = new LinkedHashMap<>();
    for (Map.Entry<String, Ucl.Value> file : section("files").values().entrySet()) {
      String path = path(Percent.decode(file.getKey()));
      Plist.Kind kind = config.remove(path) ? Plist.Kind.CONFIG : Plist.Kind.FILE;
      items.put(path, item(kind, path, file.getValue()));
    }
    for (String path : config) {
      items.put(path, PlistAttributes.NONE.item(Plist.Kind.CONFIG, path));
    }
    for (Map.Entry<String, Ucl.Value> entry : section("directories").values().entrySet()) {
      String path = path(Percent.decode(entry.getKey()));
      items.put(path, item(Plist.Kind.DIRECTORY, path, entry.getValue()));
    }
    for (String text : ucl.texts("dirs")) {
      items.put(path(text), PlistAttributes.NONE.item(Plist.Kind.DIRECTORY, path(text)));
    }
    return List.copyOf(items.values());
  }

  Map<String, String> scripts() throws MetadataException {
    Map<String, String> scripts = new TreeMap<>();
    for (Map.Entry<String, Ucl.Value> script : section("scripts").values().entrySet()) {
      if (!PackageContent.SCRIPT_PHASES.contains(script.getKey())
          || !(script.getValue() instanceof Ucl.Text text)) {
        throw new MetadataException(where + ": \"" + PathRules.shown(script.getKey())
            + "\" is no script; pkg has " + PackageContent.SCRIPT_PHASES);
      }
      scripts.put(script.getKey(), Percent.decode(text.text()));
    }
    return scripts;
  }

  Map<String, List<String>> luaScripts() throws MetadataException {
    Map<String, List<String>> scripts = new TreeMap<>();
    Ucl.Section section = section("lua_scripts");
    for (String phase : section.values().keySet()) {
      if (!PackageContent.LUA_PHASES.contains(phase)) {
        throw new MetadataException(where + ": \"" + PathRules.shown(phase)
            + "\" is no Lua script; pkg has " + PackageContent.LUA_PHASES);
      }
      scripts.put(phase, new ArrayList<>(section.texts(phase)));
    }
    return scripts;
  }

  private Plist.Item item(Plist.Kind kind, String path, Ucl.Value value) throws MetadataException {
    if (!(value instanceof Ucl.Section section)) {
      return PlistAttributes.NONE.item(kind, path);
    }
    Optional<String> perm = section.text("perm");
    OptionalInt mode = perm.map(FileMode::parse).orElse(OptionalInt.empty());
    Optional<FileFlags> flags = FileFlags.parse(section.text("fflags").orElse(""));
    if ((perm.isPresent() && mode.isEmpty()) || flags.isEmpty()) {
      throw new MetadataException(
          where + ": " + path + " has a mode or flags that are none; write 0755 and schg,uchg");
    }
    try {
      return new PlistAttributes(
              mode,
              PlistAttributes.name(section.text("uname").orElse("")),
              PlistAttributes.name(section.text("gname").orElse("")),
              flags.get())
          .item(kind, path);
    } catch (PlistException e) {
      throw new MetadataException(where + ": " + path + ": " + e.getMessage());
    }
  }

  private String path(String text) throws MetadataException {
    String plain =
        text.length() > 1 && text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
    Optional<String> fault = PathRules.fault(plain);
    if (fault.isPresent()) {
      throw new MetadataException(
          where + ": the path \"" + PathRules.shown(text) + "\" " + fault.get());
    }
    return plain;
  }

  private Ucl.Section section(String key) throws MetadataException {
    Ucl.Value value = ucl.values().get(key);
    if (value != null && !(value instanceof Ucl.Section)) {
      throw new MetadataException(where + ": \"" + key + "\" is no section");
    }
    return ucl.section(key);
  }
}
