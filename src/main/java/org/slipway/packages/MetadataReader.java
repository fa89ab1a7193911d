package org.slipway.packages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Reads the ports framework's metadata folder (METADIR): {@code +MANIFEST} in UCL as its
 * create-manifest script writes it, {@code +DESC}, {@code +DISPLAY} and the scripts
 * {@code +PRE_INSTALL} and their like, or {@code pkg-pre-install} and {@code pkg-pre-install.lua}
 * (libpkg/pkg_create.c).
 */
public final class MetadataReader {
  private static final Map<String, String> SCRIPTS = Map.of(
      "+PRE_INSTALL", "pre-install",
      "+INSTALL", "install",
      "+POST_INSTALL", "post-install",
      "+PRE_DEINSTALL", "pre-deinstall",
      "+DEINSTALL", "deinstall",
      "+POST_DEINSTALL", "post-deinstall");

  private static final Set<String> TEXTS =
      Set.of("+MANIFEST", "+COMPACT_MANIFEST", "+DESC", "+DISPLAY");

  private static final Pattern WWW =
      Pattern.compile("^WWW:\\s*(.*)$", Pattern.MULTILINE | Pattern.CASE_INSENSITIVE);

  private static final Pattern WORD =
      Pattern.compile("\\$(?:\\{(PREFIX|PKGNAME|PKGORIGIN|MAINTAINER)\\}"
          + "|(PREFIX|PKGNAME|PKGORIGIN|MAINTAINER)(?![A-Za-z0-9_]))");

  private MetadataReader() {}

  /**
   * What a port says of its package.
   *
   * @param scripts shell texts by pkg's phase names
   * @param luaScripts Lua texts by pkg's phase names
   * @param items paths that the manifest itself lists, in place of a plist or beside one
   */
  public record Metadata(
      Manifest manifest,
      Map<String, String> scripts,
      Map<String, List<String>> luaScripts,
      List<Plist.Item> items) {
    public Metadata {
      scripts = Map.copyOf(scripts);
      luaScripts = Map.copyOf(luaScripts);
      items = List.copyOf(items);
    }

    /**
     * The plist that goes with it, with the scripts and paths from here before its own; an empty
     * text where there is no plist.
     */
    public Plist plist(String text, Keywords keywords, PlistRules.Includes includes)
        throws IOException, PlistException {
      PlistRules rules = new PlistRules(manifest.prefix(), keywords, includes);
      return Plist.parse(text, rules).after(this);
    }

    /** The manifest with the messages of the plist's keywords. */
    public Manifest manifest(Plist plist) {
      return manifest.withMessages(plist.messages());
    }
  }

  /** A manifest of a port has some hundred, and with a list of files in it some 100,000. */
  private static final int MAX_VALUES = 1_000_000;

  /**
   * Reads the folder's files by name.
   *
   * @param target the ABI of the target that was built for; a manifest with an {@code abi} of its
   *     own (NO_ARCH) keeps that, and without a target it must have one
   * @throws MetadataException when something is missing, damaged or of an unknown kind, with the
   * file's name
   */
  public static Metadata read(Map<String, byte[]> files, @Nullable Abi target)
      throws MetadataException {
    return read(files, target, MAX_VALUES);
  }

  /** @param maxValues in the manifest; more are refused */
  static Metadata read(Map<String, byte[]> files, @Nullable Abi target, int maxValues)
      throws MetadataException {
    Ucl.Section ucl = ucl(required(files, "+MANIFEST"), "+MANIFEST", maxValues);
    Map<String, Ucl.Value> values = new TreeMap<>(ucl.values());
    if (files.containsKey("+DESC") && !values.containsKey("desc")) {
      values.put("desc", new Ucl.Text(Percent.encode(required(files, "+DESC").strip())));
    }
    if (!values.containsKey("www")) {
      String desc = new Ucl.Section(values).text("desc").map(Percent::decode).orElse("");
      Matcher www = WWW.matcher(desc);
      values.put("www", new Ucl.Text(www.find() ? www.group(1).strip() : "UNKNOWN"));
    }
    Ucl.Section all = new Ucl.Section(values);
    Manifest manifest = new ManifestReader(all, "+MANIFEST").read(target);
    if (files.containsKey("+DISPLAY")) {
      manifest = manifest.withMessages(display(required(files, "+DISPLAY"), manifest));
    }
    ManifestContent content = new ManifestContent(all, "+MANIFEST");
    Map<String, String> scripts = new TreeMap<>(content.scripts());
    Map<String, List<String>> lua = new TreeMap<>(content.luaScripts());
    for (String name : files.keySet()) {
      Optional<String> phase = phase(name);
      Optional<String> luaPhase = luaPhase(name);
      if (phase.isPresent()) {
        scripts.put(phase.get(), required(files, name));
      } else if (luaPhase.isPresent()) {
        List<String> texts = new ArrayList<>(lua.getOrDefault(luaPhase.get(), List.of()));
        texts.add(required(files, name));
        lua.put(luaPhase.get(), texts);
      } else if (name.startsWith("+") && !TEXTS.contains(name)) {
        throw new MetadataException(
            PathRules.shown(name) + " is a metadata file of a kind that is not supported");
      }
    }
    return new Metadata(manifest, scripts, lua, content.items());
  }

  /** Whether a file of this name says something; the folder may hold others. */
  public static boolean reads(String name) {
    return TEXTS.contains(name) || phase(name).isPresent() || luaPhase(name).isPresent();
  }

  private static Optional<String> phase(String name) {
    String own = name.startsWith("pkg-") ? name.substring("pkg-".length()) : "";
    return PackageContent.SCRIPT_PHASES.contains(own)
        ? Optional.of(own)
        : Optional.ofNullable(SCRIPTS.get(name));
  }

  private static Optional<String> luaPhase(String name) {
    return PackageContent.LUA_PHASES.stream()
        .filter(phase -> name.equals("pkg-" + phase + ".lua"))
        .findFirst();
  }

  /**
   * {@code +DISPLAY} is a plain text, or UCL with messages for occasions (pkg-message's two forms).
   */
  private static List<Manifest.Message> display(String text, Manifest manifest) {
    String stripped = text.strip();
    if (stripped.startsWith("[") || stripped.startsWith("{")) {
      try {
        List<Manifest.Message> messages = new ArrayList<>();
        for (Manifest.Message each : ManifestReader.messages(Ucl.parseAny(stripped))) {
          messages.add(new Manifest.Message(
              filled(each.text(), manifest),
              each.type(),
              each.minimumVersion(),
              each.maximumVersion()));
        }
        // The framework writes an empty list where a port has nothing to say.
        if (!messages.isEmpty() || stripped.startsWith("[")) {
          return messages;
        }
      } catch (MetadataException plainText) {
        // A plain text may begin with a bracket too, and pkg shows it as it is.
        return List.of(Manifest.Message.of(text.stripTrailing()));
      }
    }
    return stripped.isEmpty() ? List.of() : List.of(Manifest.Message.of(text.stripTrailing()));
  }

  /** pkg fills in four words of the manifest (libpkg/pkg.c). */
  private static String filled(String text, Manifest manifest) {
    return WORD.matcher(text).replaceAll(found -> {
      String word = found.group(1) == null ? found.group(2) : found.group(1);
      return Matcher.quoteReplacement(
          switch (word) {
            case "PREFIX" -> manifest.prefix();
            case "PKGNAME" -> manifest.name().base();
            case "PKGORIGIN" -> manifest.origin().toString();
            default -> manifest.maintainer();
          });
    });
  }

  static Ucl.Section ucl(String text, String where) throws MetadataException {
    return ucl(text, where, PackageLimits.DEFAULT.manifestMarks());
  }

  private static Ucl.Section ucl(String text, String where, int maxValues)
      throws MetadataException {
    try {
      return Ucl.parse(text, maxValues);
    } catch (MetadataException e) {
      throw new MetadataException(where + ", " + e.getMessage());
    }
  }

  private static String required(Map<String, byte[]> files, String name) throws MetadataException {
    byte[] bytes = files.get(name);
    if (bytes == null) {
      throw new MetadataException(name + " is missing from the port's metadata");
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    if (text.indexOf('\0') >= 0) {
      throw new MetadataException(name + " holds a NUL byte; it must be text");
    }
    return text;
  }
}
