package org.slipway.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Turns a manifest's UCL into a checked value, from a package or from the ports framework alike.
 */
final class ManifestReader {
  private static final int MAX_TEXT = 1 << 20;

  private final Ucl.Section ucl;
  private final String where;

  /**
   * A reader.
   *
   * @param where the file, for messages
   */
  ManifestReader(Ucl.Section ucl, String where) {
    this.ucl = ucl;
    this.where = where;
  }

  /**
   * The manifest.
   *
   * @param target the ABI where the manifest names none
   */
  Manifest read(@Nullable Abi target) throws MetadataException {
    try {
      Origin origin = Origin.parse(required("origin"));
      return new Manifest(
          new PackageName(required("name"), required("version")),
          origin,
          required("comment").strip(),
          Percent.decode(text("desc", "")),
          text("maintainer", "ports@localhost"),
          text("www", "UNKNOWN"),
          text("prefix", "/usr/local"),
          abi(target),
          text("licenselogic", "single"),
          ucl.texts("licenses"),
          ucl.texts("categories").isEmpty() ? List.of(origin.category()) : ucl.texts("categories"),
          ucl.texts("users"),
          ucl.texts("groups"),
          ucl.texts("shlibs_required"),
          ucl.texts("shlibs_provided"),
          ucl.texts("conflicts"),
          ucl.texts("provides"),
          ucl.texts("requires"),
          deps(),
          options(),
          annotations(),
          messages(ucl.values().get("messages")),
          isTrue(text("vital", "false")));
    } catch (IllegalArgumentException e) {
      throw new MetadataException(where + ": " + e.getMessage());
    }
  }

  private Abi abi(@Nullable Abi target) throws MetadataException {
    Optional<String> own = ucl.text("abi");
    if (own.isPresent()) {
      return Abi.parse(own.get());
    }
    if (target == null) {
      throw new MetadataException(where + " has no \"abi\"");
    }
    return target;
  }

  private Map<String, Manifest.Dependency> deps() throws MetadataException {
    Map<String, Manifest.Dependency> deps = new TreeMap<>();
    for (Map.Entry<String, Ucl.Value> dep : ucl.section("deps").values().entrySet()) {
      if (!(dep.getValue() instanceof Ucl.Section section)) {
        throw new MetadataException(
            where + ": the dependency " + PathRules.shown(dep.getKey()) + " is no section");
      }
      PackageName name =
          new PackageName(dep.getKey(), section.text("version").orElse("(no version)"));
      deps.put(
          name.base(),
          new Manifest.Dependency(
              Origin.parse(section.text("origin").orElse("(no origin)")), name.version()));
    }
    return deps;
  }

  private Map<String, Boolean> options() {
    Map<String, Boolean> options = new TreeMap<>();
    ucl.section("options").values().forEach((name, value) -> {
      if (value instanceof Ucl.Text text) {
        options.put(name, isTrue(text.text()));
      }
    });
    return options;
  }

  private Map<String, String> annotations() {
    Map<String, String> annotations = new TreeMap<>();
    ucl.section("annotations").values().forEach((name, value) -> {
      if (value instanceof Ucl.Text text) {
        annotations.put(name, text.text());
      }
    });
    return annotations;
  }

  /** A list of sections with {@code message}, or of bare texts. */
  static List<Manifest.Message> messages(Ucl.@Nullable Value value) {
    List<Manifest.Message> messages = new ArrayList<>();
    List<Ucl.Value> all = value instanceof Ucl.Sequence sequence
        ? sequence.values()
        : value == null ? List.of() : List.of(value);
    for (Ucl.Value one : all) {
      if (one instanceof Ucl.Text text) {
        messages.add(Manifest.Message.of(text.text()));
      } else if (one instanceof Ucl.Section section && section.text("message").isPresent()) {
        messages.add(new Manifest.Message(
            section.text("message").orElse(""),
            section.text("type"),
            section.text("minimum_version"),
            section.text("maximum_version")));
      }
    }
    return messages;
  }

  private String required(String key) throws MetadataException {
    Optional<String> value = ucl.text(key);
    if (value.isEmpty() || value.get().isBlank()) {
      throw new MetadataException(where + " has no \"" + key + "\"");
    }
    return text(key, "");
  }

  private String text(String key, String otherwise) throws MetadataException {
    String value = ucl.text(key).orElse(otherwise);
    if (value.length() > MAX_TEXT) {
      throw new MetadataException(where + ": \"" + key + "\" is longer than 1 MiB");
    }
    return value;
  }

  private static boolean isTrue(String word) {
    return word.equals("true") || word.equals("on") || word.equals("yes");
  }
}
