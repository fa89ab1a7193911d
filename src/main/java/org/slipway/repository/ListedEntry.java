package org.slipway.repository;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import org.slipway.packages.Digest;

/**
 * A stranger's catalogue entry.
 *
 * @param same equal for entries that say the same, in whatever order of keys
 * @param placed whether it has a text {@code path}, and {@code repopath} is the same or absent
 */
record ListedEntry(ManifestFacts facts, Digest same, boolean placed) {
  private static final ObjectMapper JSON = JsonMapper.builder(
          ManifestFacts.plain().build())
      .enable(JsonNodeFeature.WRITE_PROPERTIES_SORTED)
      .build();
  private static final ObjectWriter SORTED = JSON.writer();

  /** Takes entries, each as it is read. */
  interface Taker {
    void take(ListedEntry entry);
  }

  String label() {
    return facts.name() + "-" + facts.version();
  }

  /** Reads the text {@code data}: one object with lists. */
  static void readData(InputStream text, Taker taker) throws IOException {
    boolean seen = false;
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new RepositoryException("holds no JSON object");
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        if (parser.nextToken() != JsonToken.START_ARRAY) {
          throw new RepositoryException("holds \"" + key + "\", which is no list");
        }
        if (!key.equals("packages")) {
          parser.skipChildren();
          continue;
        }
        seen = true;
        while (parser.nextToken() == JsonToken.START_OBJECT) {
          taker.take(entry(parser));
        }
      }
      if (parser.currentToken() != JsonToken.END_OBJECT || !seen) {
        throw new RepositoryException(seen ? "ends too early" : "has no list \"packages\"");
      }
    }
  }

  /** Reads the text {@code packagesite.yaml}: one object a line. */
  static void readLines(InputStream text, Taker taker) throws IOException {
    LineReader lines = new LineReader(text);
    for (byte[] line = lines.next(); line != null; line = lines.next()) {
      try (JsonParser parser = JSON.createParser(line)) {
        if (parser.nextToken() != JsonToken.START_OBJECT) {
          throw new RepositoryException("has a line that is no JSON object");
        }
        taker.take(entry(parser));
        if (parser.nextToken() != null) {
          throw new RepositoryException("has a line with more than one object");
        }
      }
    }
  }

  private static ListedEntry entry(JsonParser parser) throws IOException {
    JsonNode node = JSON.readTree(parser);
    byte[] bytes = SORTED.writeValueAsBytes(node);
    String path = node.path("path").asText();
    return new ListedEntry(
        ManifestFacts.ofLine(bytes, bytes.length),
        Digest.of(bytes),
        node.path("path").isTextual() && path.equals(node.path("repopath").asText(path)));
  }
}
