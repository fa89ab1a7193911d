package org.slipway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintStream;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.slipway.packages.ListedPath;
import org.slipway.packages.Manifest;
import org.slipway.packages.PackageFile;
import org.slipway.packages.PackageFinding;
import org.slipway.packages.PackageName;
import org.slipway.packages.Verification;

/**
 * What the pkg commands tell programs: one JSON object a line.
 *
 * <p>{@code info}: {@code file}, then the manifest's keys by pkg's own names; {@code files} and
 * {@code directories} are arrays of objects with {@code path} and, where the manifest says them,
 * {@code sum}, {@code uname}, {@code gname}, {@code perm}, {@code fflags} and {@code
 * symlink_target}. {@code verify}: {@code file}, {@code name}, {@code files}, {@code bytes}, {@code
 * sound}, and {@code findings}, an array of objects with {@code kind}, {@code path} and {@code
 * text}.
 */
final class PkgJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final PrintStream out;

  PkgJson(PrintStream out) {
    this.out = out;
  }

  /** What goes between the braces of one line. */
  interface Fields {
    void write(JsonGenerator json) throws IOException;
  }

  void line(Fields fields) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      fields.write(json);
      json.writeEndObject();
    }
    out.println(text);
  }

  void info(Path file, PackageFile archive) throws IOException {
    Manifest manifest = archive.manifest();
    line(json -> {
      json.writeStringField("file", file.toString());
      json.writeStringField("name", manifest.name().base());
      json.writeStringField("origin", manifest.origin().toString());
      json.writeStringField("version", manifest.name().version());
      json.writeStringField("comment", manifest.comment());
      json.writeStringField("desc", manifest.desc());
      json.writeStringField("maintainer", manifest.maintainer());
      json.writeStringField("www", manifest.www());
      json.writeStringField("abi", manifest.abi().toString());
      json.writeStringField("prefix", manifest.prefix());
      if (archive.flatSizeBytes().isPresent()) {
        json.writeNumberField("flatsize", archive.flatSizeBytes().getAsLong());
      }
      json.writeStringField("licenselogic", manifest.licenselogic());
      json.writeBooleanField("vital", manifest.vital());
      strings(json, "licenses", manifest.licenses());
      strings(json, "categories", manifest.categories());
      strings(json, "users", manifest.users());
      strings(json, "groups", manifest.groups());
      strings(json, "shlibs_required", manifest.shlibsRequired());
      strings(json, "shlibs_provided", manifest.shlibsProvided());
      strings(json, "conflicts", manifest.conflicts());
      strings(json, "provides", manifest.provides());
      strings(json, "requires", manifest.requires());
      maps(json, manifest);
      json.writeObjectFieldStart("scripts");
      for (var script : archive.scripts().entrySet()) {
        json.writeStringField(script.getKey(), script.getValue());
      }
      json.writeEndObject();
      listed(json, "files", archive.listed());
      listed(json, "directories", archive.directories());
    });
  }

  private static void maps(JsonGenerator json, Manifest manifest) throws IOException {
    json.writeObjectFieldStart("deps");
    for (var dependency : manifest.deps().entrySet()) {
      json.writeObjectFieldStart(dependency.getKey());
      json.writeStringField("origin", dependency.getValue().origin().toString());
      json.writeStringField("version", dependency.getValue().version());
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeObjectFieldStart("options");
    for (var option : manifest.options().entrySet()) {
      json.writeStringField(option.getKey(), option.getValue() ? "on" : "off");
    }
    json.writeEndObject();
    json.writeObjectFieldStart("annotations");
    for (var annotation : manifest.annotations().entrySet()) {
      json.writeStringField(annotation.getKey(), annotation.getValue());
    }
    json.writeEndObject();
    json.writeArrayFieldStart("messages");
    for (Manifest.Message message : manifest.messages()) {
      json.writeStartObject();
      json.writeStringField("message", message.text());
      if (message.type().isPresent()) {
        json.writeStringField("type", message.type().get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  void verification(Path file, Verification found) throws IOException {
    line(json -> {
      json.writeStringField("file", file.toString());
      json.writeStringField("name", found.name().map(PackageName::toString).orElse(""));
      json.writeNumberField("files", found.files());
      json.writeNumberField("bytes", found.bytes());
      json.writeBooleanField("sound", found.sound());
      json.writeArrayFieldStart("findings");
      for (PackageFinding finding : found.findings()) {
        json.writeStartObject();
        json.writeStringField("kind", finding.kind().name().toLowerCase(Locale.ROOT));
        json.writeStringField("path", finding.path());
        json.writeStringField("text", finding.text());
        json.writeEndObject();
      }
      json.writeEndArray();
    });
  }

  private static void listed(JsonGenerator json, String key, List<ListedPath> all)
      throws IOException {
    json.writeArrayFieldStart(key);
    for (ListedPath one : all) {
      json.writeStartObject();
      json.writeStringField("path", one.path());
      if (key.equals("files")) {
        json.writeStringField("sum", one.sum());
      }
      if (one.owner().isPresent()) {
        json.writeStringField("uname", one.owner().get());
      }
      if (one.group().isPresent()) {
        json.writeStringField("gname", one.group().get());
      }
      if (one.mode().isPresent()) {
        json.writeStringField("perm", "0" + Integer.toOctalString(one.mode().getAsInt()));
      }
      if (one.flags().isPresent()) {
        json.writeStringField("fflags", one.flags().get());
      }
      if (one.linkTarget().isPresent()) {
        json.writeStringField("symlink_target", one.linkTarget().get());
      }
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private static void strings(JsonGenerator json, String key, List<String> values)
      throws IOException {
    json.writeArrayFieldStart(key);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }
}
