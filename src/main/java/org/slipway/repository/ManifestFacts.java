package org.slipway.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonFactoryBuilder;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadFeature;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;

/**
 * What a repository must know of a compact manifest, or of a catalogue line, which is one with where
 * the package lies.
 *
 * @param arch the legacy twin of {@code abi}; each may be empty, as all texts that are absent
 * @param dependencies names of packages, without versions
 * @param osVersion of the annotation {@code FreeBSD_version}
 * @param path of a line; empty in a manifest
 * @param sum of a line, with its kind as it stands there
 * @param sizeBytes of a line, else -1
 */
record ManifestFacts(
    String name,
    String version,
    String origin,
    String abi,
    String arch,
    List<String> dependencies,
    OptionalInt osVersion,
    String path,
    String sum,
    long sizeBytes) {
  // Names of dependencies are keys, and the reader's tables of keys would cost ten times the
  // reading.
  private static final JsonFactory KNOWN = plain().build();
  private static final JsonFactory STRANGE =
      plain().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /** For other readers of catalogues, too. */
  static JsonFactoryBuilder plain() {
    return new JsonFactoryBuilder()
        .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
        .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES);
  }

  ManifestFacts {
    dependencies = List.copyOf(dependencies);
  }

  /** Reads a line that was written here, as text, which takes less than its bytes. */
  static ManifestFacts ofText(String line) throws IOException {
    try (JsonParser parser = KNOWN.createParser(line)) {
      parser.nextToken();
      return object(parser);
    }
  }

  /** Reads a line of a catalogue. */
  static ManifestFacts ofLine(byte[] line, int length) throws IOException {
    try (JsonParser parser = KNOWN.createParser(line, 0, length)) {
      parser.nextToken();
      return object(parser);
    }
  }

  /**
   * Reads a stranger's manifest: one JSON object, no key twice and nothing after it.
   *
   * @throws JsonParseException otherwise
   */
  static ManifestFacts ofManifest(byte[] json) throws IOException {
    try (JsonParser parser = STRANGE.createParser(json)) {
      return whole(parser);
    }
  }

  /** The same of text; a byte order mark may stand before it. */
  static ManifestFacts ofManifest(String json) throws IOException {
    String text = json.startsWith("\uFEFF") ? json.substring(1) : json;
    try (JsonParser parser = STRANGE.createParser(text)) {
      return whole(parser);
    }
  }

  private static ManifestFacts whole(JsonParser parser) throws IOException {
    parser.nextToken();
    ManifestFacts facts = object(parser);
    if (parser.nextToken() != null) {
      throw new JsonParseException(parser, "something follows its object");
    }
    return facts;
  }

  /** Reads the object at which the parser stands, to its end. */
  static ManifestFacts object(JsonParser parser) throws IOException {
    if (!parser.isExpectedStartObjectToken()) {
      throw new JsonParseException(parser, "it is no object");
    }
    Reading reading = new Reading();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      parser.nextToken();
      reading.take(key, parser);
    }
    return reading.facts();
  }

  /** Values on their way. */
  private static final class Reading {
    private String name = "";
    private String version = "";
    private String origin = "";
    private String abi = "";
    private String arch = "";
    private String path = "";
    private String sum = "";
    private long sizeBytes = -1;
    private OptionalInt osVersion = OptionalInt.empty();
    private final List<String> dependencies = new ArrayList<>();

    void take(String key, JsonParser parser) throws IOException {
      switch (key) {
        case "name" -> name = text(parser);
        case "version" -> version = text(parser);
        case "origin" -> origin = text(parser);
        case "abi" -> abi = text(parser);
        case "arch" -> arch = text(parser);
        case "path" -> path = text(parser);
        case "sum" -> sum = text(parser);
        case "pkgsize" -> sizeBytes = parser.getValueAsLong(-1);
        case "deps" -> dependencies(parser);
        case "annotations" -> annotations(parser);
        default -> parser.skipChildren();
      }
    }

    private void dependencies(JsonParser parser) throws IOException {
      if (!parser.isExpectedStartObjectToken()) {
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        dependencies.add(parser.currentName());
        parser.nextToken();
        parser.skipChildren();
      }
    }

    private void annotations(JsonParser parser) throws IOException {
      if (!parser.isExpectedStartObjectToken()) {
        parser.skipChildren();
        return;
      }
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        if (key.equals("FreeBSD_version") && parser.currentToken().isScalarValue()) {
          int number = parser.getValueAsInt(-1);
          osVersion = number < 0 ? OptionalInt.empty() : OptionalInt.of(number);
        }
        parser.skipChildren();
      }
    }

    private static String text(JsonParser parser) throws IOException {
      String text = parser.getValueAsString("");
      parser.skipChildren();
      return text;
    }

    ManifestFacts facts() {
      return new ManifestFacts(
          name, version, origin, abi, arch, dependencies, osVersion, path, sum, sizeBytes);
    }
  }
}
