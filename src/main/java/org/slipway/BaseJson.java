package org.slipway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Optional;
import org.slipway.jail.Base;
import org.slipway.jail.BaseId;
import org.slipway.jail.KeptBase;

/**
 * A kept base for programs: one JSON object on one line.
 *
 * <pre>
 * name     a string
 * system   what its programs run on, such as "FreeBSD:14:amd64"; null where its shell does not say
 * host     whether it is a name for the host's own system, which has no id, bytes, paths and root
 * id       64 hexadecimal digits over its content
 * source   what it was made from
 * created  an instant, ISO 8601
 * bytes    of all its files
 * paths    files, folders and links
 * owners   whether its files belong to whom the source says
 * root     its folder
 * used_by  strings: job files and processes
 * verified with --verify: whether its content has the id still; null otherwise
 * </pre>
 */
final class BaseJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private BaseJson() {}

  static void write(KeptBase base, List<String> users, Optional<BaseId> found, PrintWriter out)
      throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("name", base.name().name());
      json.writeStringField(
          "system", BaseWord.system(base.base()).map(Object::toString).orElse(null));
      json.writeBooleanField("host", base.base() instanceof Base.Host);
      base.id().ifPresent(id -> content(base, id, json));
      json.writeStringField("source", base.source());
      json.writeStringField("created", base.created().toString());
      json.writeArrayFieldStart("used_by");
      for (String user : users) {
        json.writeString(user);
      }
      json.writeEndArray();
      if (found.isPresent()) {
        json.writeBooleanField("verified", found.equals(base.id()));
      } else {
        json.writeNullField("verified");
      }
      json.writeEndObject();
    }
    out.println(text);
  }

  private static void content(KeptBase base, BaseId id, JsonGenerator json) {
    try {
      json.writeStringField("id", id.hex());
      json.writeNumberField("bytes", base.sizeBytes());
      json.writeNumberField("paths", base.paths());
      json.writeBooleanField("owners", base.owners());
      json.writeStringField("root", base.folder().resolve("root").toString());
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
