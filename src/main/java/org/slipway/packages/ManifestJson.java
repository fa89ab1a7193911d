package org.slipway.packages;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;

/**
 * Writes manifests as pkg reads them: compact JSON on one line, keys in pkg's own order, so that
 * equal manifests are equal bytes; lists are sorted and texts stripped, as pkg does it. The compact
 * form is the full one without files, configuration files, directories and scripts.
 */
final class ManifestJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private ManifestJson() {}

  /** What {@code +COMPACT_MANIFEST} holds. */
  static String compact(Manifest manifest, long flatSizeBytes) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      head(json, manifest, flatSizeBytes);
      messages(json, manifest.messages());
      json.writeEndObject();
    }
    return text.toString();
  }

  /**
   * What {@code +MANIFEST} holds.
   *
   * @param sums by entry path, in hexadecimal
   * @param mtimeSeconds of every file, since 1970; 0 is left out, as pkg does it
   */
  static String full(
      Manifest manifest, PackageContent content, Map<String, String> sums, long mtimeSeconds)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      head(json, manifest, content.flatSizeBytes());
      content(json, content, sums, mtimeSeconds);
      messages(json, manifest.messages());
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void head(JsonGenerator json, Manifest manifest, long flatSizeBytes)
      throws IOException {
    json.writeStringField("name", manifest.name().base());
    json.writeStringField("origin", manifest.origin().toString());
    json.writeStringField("version", manifest.name().version());
    json.writeStringField("comment", manifest.comment());
    json.writeStringField("maintainer", manifest.maintainer());
    json.writeStringField("www", manifest.www());
    json.writeStringField("abi", manifest.abi().toString());
    json.writeStringField("arch", manifest.abi().legacy());
    json.writeStringField("prefix", manifest.prefix());
    json.writeNumberField("flatsize", flatSizeBytes);
    if (manifest.depFormula().isPresent()) {
      json.writeStringField("dep_formula", manifest.depFormula().get());
    }
    if (!manifest.licenselogic().isEmpty()) {
      json.writeStringField("licenselogic", manifest.licenselogic());
    }
    strings(json, "licenses", manifest.licenses());
    if (manifest.vital()) {
      json.writeBooleanField("vital", true);
    }
    json.writeStringField("desc", Percent.encode(manifest.desc()).strip());
    if (!manifest.deps().isEmpty()) {
      json.writeObjectFieldStart("deps");
      for (Map.Entry<String, Manifest.Dependency> dep : manifest.deps().entrySet()) {
        json.writeObjectFieldStart(dep.getKey());
        json.writeStringField("origin", dep.getValue().origin().toString());
        json.writeStringField("version", dep.getValue().version());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    strings(json, "categories", manifest.categories());
    strings(json, "users", manifest.users());
    strings(json, "groups", manifest.groups());
    strings(json, "shlibs_required", manifest.shlibsRequired());
    strings(json, "shlibs_required_ignore", manifest.shlibsRequiredIgnore());
    strings(json, "shlibs_provided", manifest.shlibsProvided());
    strings(json, "shlibs_provided_ignore", manifest.shlibsProvidedIgnore());
    strings(json, "conflicts", manifest.conflicts());
    strings(json, "provides", manifest.provides());
    strings(json, "requires", manifest.requires());
    if (!manifest.options().isEmpty()) {
      json.writeObjectFieldStart("options");
      for (Map.Entry<String, Boolean> option : manifest.options().entrySet()) {
        json.writeStringField(option.getKey(), option.getValue() ? "on" : "off");
      }
      json.writeEndObject();
    }
    if (!manifest.annotations().isEmpty()) {
      json.writeObjectFieldStart("annotations");
      for (Map.Entry<String, String> annotation : manifest.annotations().entrySet()) {
        json.writeStringField(annotation.getKey(), annotation.getValue());
      }
      json.writeEndObject();
    }
  }

  private static void content(
      JsonGenerator json, PackageContent content, Map<String, String> sums, long mtimeSeconds)
      throws IOException {
    if (!content.entries().isEmpty()) {
      json.writeObjectFieldStart("files");
      Map<String, PackageContent.Attributes> attributes = content.attributes();
      for (PackageContent.Entry entry : content.entries()) {
        String path = entry.path();
        PackageContent.Attributes own = Objects.requireNonNull(attributes.get(path));
        file(json, entry, own, sums.getOrDefault(path, "-"), mtimeSeconds);
      }
      json.writeEndObject();
    }
    strings(json, "config", content.config().stream().map(Percent::encode).toList());
    if (!content.directories().isEmpty()) {
      json.writeObjectFieldStart("directories");
      for (PackageContent.Directory directory : content.directories()) {
        json.writeObjectFieldStart(Percent.encode(directory.path()));
        attributes(json, directory.attributes());
        json.writeEndObject();
      }
      json.writeEndObject();
    }
    if (!content.scripts().isEmpty()) {
      json.writeObjectFieldStart("scripts");
      for (Map.Entry<String, String> script : content.scripts().entrySet()) {
        json.writeStringField(script.getKey(), Percent.encode(script.getValue()).strip());
      }
      json.writeEndObject();
    }
    if (!content.luaScripts().isEmpty()) {
      json.writeObjectFieldStart("lua_scripts");
      for (Map.Entry<String, List<String>> scripts : content.luaScripts().entrySet()) {
        json.writeArrayFieldStart(scripts.getKey());
        for (String script : scripts.getValue()) {
          // Unlike the shell's, Lua's scripts are read without percent-decoding.
          json.writeString(script.strip());
        }
        json.writeEndArray();
      }
      json.writeEndObject();
    }
  }

  /**
   * The form with owner, mode and the like, which lets {@code pkg check -m} (2.4 and newer) find
   * what was changed. Up to pkg 2.0 the sum in it counts only as 64 bare digits.
   */
  private static void file(
      JsonGenerator json,
      PackageContent.Entry entry,
      PackageContent.Attributes attributes,
      String sum,
      long mtimeSeconds)
      throws IOException {
    json.writeObjectFieldStart(Percent.encode(entry.path()));
    json.writeStringField("sum", sum);
    attributes(json, attributes);
    if (entry instanceof PackageContent.Symlink link) {
      json.writeStringField("symlink_target", link.target());
    }
    if (mtimeSeconds > 0) {
      json.writeNumberField("mtime", mtimeSeconds);
    }
    json.writeEndObject();
  }

  private static void attributes(JsonGenerator json, PackageContent.Attributes attributes)
      throws IOException {
    json.writeStringField("uname", attributes.owner());
    json.writeStringField("gname", attributes.group());
    json.writeStringField("perm", FileMode.octal(attributes.mode()));
    if (!attributes.flags().isEmpty()) {
      json.writeStringField("fflags", attributes.flags().text());
    }
  }

  private static void messages(JsonGenerator json, List<Manifest.Message> messages)
      throws IOException {
    if (messages.isEmpty()) {
      return;
    }
    json.writeArrayFieldStart("messages");
    for (Manifest.Message message : messages) {
      json.writeStartObject();
      json.writeStringField("message", message.text().strip());
      if (message.type().isPresent()) {
        json.writeStringField("type", message.type().get());
      }
      if (message.minimumVersion().isPresent()) {
        json.writeStringField("minimum_version", message.minimumVersion().get());
      }
      if (message.maximumVersion().isPresent()) {
        json.writeStringField("maximum_version", message.maximumVersion().get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void strings(JsonGenerator json, String key, List<String> values)
      throws IOException {
    if (!values.isEmpty()) {
      json.writeArrayFieldStart(key);
      for (String value : new TreeSet<>(values)) {
        json.writeString(value);
      }
      json.writeEndArray();
    }
  }
}
