package org.slipway.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
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
          prefix(),
          abi(target),
          licenselogic(),
          ucl.text("dep_formula"),
          ucl.texts("licenses"),
          ucl.texts("categories"),
          ucl.texts("users"),
          ucl.texts("groups"),
          ucl.texts("shlibs_required"),
          ucl.texts("shlibs_provided"),
          ucl.texts("shlibs_required_ignore"),
          ucl.texts("shlibs_provided_ignore"),
          ucl.texts("conflicts"),
          ucl.texts("provides"),
          ucl.texts("requires"),
          deps(),
          options(),
          annotations(),
          allMessages(),
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
    Optional<String> legacy = ucl.text("arch");
    if (legacy.isPresent()) {
      return Abi.parseLegacy(legacy.get());
    }
    if (target == null) {
      throw new MetadataException(where + " has no \"abi\"");
    }
    return target;
  }

  /** pkg takes two older words too. */
  private String licenselogic() throws MetadataException {
    String word = text("licenselogic", "");
    return switch (word) {
      case "dual" -> "or";
      case "multi" -> "and";
      default -> word;
    };
  }

  private String prefix() throws MetadataException {
    String prefix = text("prefix", "/usr/local");
    String fault = prefix.equals("/") ? "" : PathRules.fault(prefix).orElse("");
    if (!fault.isEmpty()) {
      throw new MetadataException(
          where + ": the prefix \"" + PathRules.shown(prefix) + "\" " + fault);
    }
    return prefix;
  }

  /** An older manifest calls them {@code message}. */
  private List<Manifest.Message> allMessages() {
    List<Manifest.Message> all = new ArrayList<>(messages(ucl.values().get("message")));
    all.addAll(messages(ucl.values().get("messages")));
    return all;
  }

  private Map<String, Manifest.Dependency> deps() throws MetadataException {
    Map<String, Manifest.Dependency> deps = new TreeMap<>();
    for (Map.Entry<String, Ucl.Value> dep : section("deps").values().entrySet()) {
      // One name with several origins is a list; pkg too keeps the first.
      Ucl.Value value =
          dep.getValue() instanceof Ucl.Sequence sequence && !sequence.values().isEmpty()
              ? sequence.values().get(0)
              : dep.getValue();
      if (!(value instanceof Ucl.Section section)) {
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

  /** A section below; a list or word in its place would be lost without a word. */
  private Ucl.Section section(String key) throws MetadataException {
    Ucl.Value value = ucl.values().get(key);
    if (value != null && !(value instanceof Ucl.Section)) {
      throw new MetadataException(where + ": \"" + key + "\" is no section");
    }
    return ucl.section(key);
  }

  private Map<String, Boolean> options() throws MetadataException {
    Map<String, Boolean> options = new TreeMap<>();
    section("options").values().forEach((name, value) -> {
      if (value instanceof Ucl.Text text) {
        options.put(name, isTrue(text.text()));
      }
    });
    return options;
  }

  private Map<String, String> annotations() throws MetadataException {
    Map<String, String> annotations = new TreeMap<>();
    section("annotations").values().forEach((name, value) -> {
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
        Optional<String> type = section
            .text("type")
            .map(word -> word.toLowerCase(Locale.ROOT))
            .filter(List.of("install", "remove", "upgrade")::contains);
        // As for pkg, versions say something about upgrades only.
        boolean upgrade = type.filter("upgrade"::equals).isPresent();
        messages.add(new Manifest.Message(
            section.text("message").orElse(""),
            type,
            upgrade ? section.text("minimum_version") : Optional.empty(),
            upgrade ? section.text("maximum_version") : Optional.empty()));
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

  static boolean isTrue(String word) {
    return word.equals("true") || word.equals("on") || word.equals("yes");
  }
}
