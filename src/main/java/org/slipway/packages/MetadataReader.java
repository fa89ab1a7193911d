package org.slipway.packages;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * Reads the ports framework's metadata folder (METADIR): {@code +MANIFEST} in UCL as its
 * create-manifest script writes it, {@code +DESC}, {@code +DISPLAY} and the scripts
 * {@code +PRE_INSTALL} and their like.
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

  private MetadataReader() {}

  /**
   * What a port says of its package.
   *
   * @param scripts by pkg's phase names
   */
  public record Metadata(Manifest manifest, Map<String, String> scripts) {
    public Metadata {
      scripts = Map.copyOf(scripts);
    }
  }

  /**
   * Reads the folder's files by name.
   *
   * @param target the ABI of the target that was built for; a manifest with an {@code abi} of its
   *     own (NO_ARCH) keeps that
   * @throws MetadataException when something is missing, damaged or of an unknown kind, with the
   * file's name
   */
  public static Metadata read(Map<String, byte[]> files, Abi target) throws MetadataException {
    Ucl.Section ucl = ucl(required(files, "+MANIFEST"), "+MANIFEST");
    Map<String, Ucl.Value> values = new TreeMap<>(ucl.values());
    if (files.containsKey("+DESC")) {
      values.put("desc", new Ucl.Text(Percent.encode(required(files, "+DESC").strip())));
    }
    if (files.containsKey("+DISPLAY")) {
      values.put("messages", display(required(files, "+DISPLAY")));
    }
    Manifest manifest = new ManifestReader(new Ucl.Section(values), "+MANIFEST").read(target);
    Map<String, String> scripts = new TreeMap<>();
    for (String name : files.keySet()) {
      String phase = SCRIPTS.get(name);
      if (phase != null) {
        scripts.put(phase, required(files, name));
      } else if (name.startsWith("+") && !TEXTS.contains(name)) {
        throw new MetadataException(
            PathRules.shown(name) + " is a metadata file of a kind that is not supported");
      }
    }
    return new Metadata(manifest, scripts);
  }

  /**
   * {@code +DISPLAY} is a plain text, or UCL with messages for occasions (pkg-message's two forms).
   */
  private static Ucl.Value display(String text) {
    String stripped = text.strip();
    if (stripped.startsWith("[") || stripped.startsWith("{")) {
      try {
        Ucl.Value value = Ucl.parseAny(stripped);
        if (!ManifestReader.messages(value).isEmpty()) {
          return value;
        }
      } catch (MetadataException plainText) {
        // A plain text may begin with a bracket too, and pkg shows it as it is.
        return new Ucl.Sequence(List.of(new Ucl.Text(text.stripTrailing())));
      }
    }
    return stripped.isEmpty()
        ? new Ucl.Sequence(List.of())
        : new Ucl.Sequence(List.of(new Ucl.Text(text.stripTrailing())));
  }

  static Ucl.Section ucl(String text, String where) throws MetadataException {
    try {
      return Ucl.parse(text);
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
