package org.slipway;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.slipway.sign.VerifyingKey;

/**
 * A key for programs: one JSON object on one line, of its public half alone.
 *
 * <pre>
 * name         a string
 * file         where it was read from or written to
 * type         "rsa" or "ecdsa"
 * bits         a number
 * curve        a string, such as "secp256k1"; null for rsa
 * fingerprint  64 hexadecimal digits, which clients pin
 * public_key   PEM text
 * </pre>
 */
final class KeyJson {
  private static final JsonFactory FACTORY = new JsonFactory();

  private KeyJson() {}

  static void write(String name, VerifyingKey key, Path file, PrintWriter out) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("name", name);
      json.writeStringField("file", file.toString());
      json.writeStringField("type", key.type().word());
      json.writeNumberField("bits", key.bits());
      json.writeStringField("curve", key.curve().orElse(null));
      json.writeStringField("fingerprint", key.fingerprint().hex());
      json.writeStringField("public_key", key.pem());
      json.writeEndObject();
    }
    out.println(text);
  }
}
