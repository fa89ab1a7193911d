package org.slipway.repository;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonStringEncoder;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import org.slipway.packages.Digest;

/**
 * A package's line of a catalogue: its own compact manifest, byte for byte where that is one line of
 * JSON, and after it {@code path}, {@code repopath}, {@code sum} and {@code pkgsize}.
 *
 * @param bytes UTF-8, without the line's end
 */
record CatalogueLine(
    @SuppressWarnings("ArrayRecordComponent") byte[] bytes, ManifestFacts facts) {
  private static final JsonFactory JSON = new JsonFactory();
  private static final Set<String> OURS = Set.of("path", "repopath", "sum", "pkgsize");

  /**
   * The line of a package that was just read.
   *
   * @param manifest its compact manifest
   * @param path relative to the repository's root
   * @throws RepositoryException when the manifest is no JSON object, with the file's name
   */
  static CatalogueLine of(Path file, String manifest, String path, Digest sum, long sizeBytes)
      throws IOException {
    byte[] json = manifest.getBytes(StandardCharsets.UTF_8);
    try {
      ManifestFacts facts = ManifestFacts.ofManifest(manifest);
      byte[] plain = isPlain(json, facts) ? json : rewritten(json);
      return new CatalogueLine(
          joined(plain, plain.length - 1, tail(path, sum.hex(), sizeBytes)),
          placed(facts, path, sum.hex(), sizeBytes));
    } catch (JsonProcessingException e) {
      throw new RepositoryException(
          file + " has a compact manifest that is no JSON object: " + e.getOriginalMessage());
    }
  }

  /** The same package at another place. */
  CatalogueLine at(String path) {
    if (facts.path().equals(path)) {
      return this;
    }
    byte[] old = tail(facts.path(), facts.sum(), facts.sizeBytes());
    byte[] line =
        joined(bytes, bytes.length - old.length, tail(path, facts.sum(), facts.sizeBytes()));
    return new CatalogueLine(line, placed(facts, path, facts.sum(), facts.sizeBytes()));
  }

  /** Whether it ends as lines that are written here do, so that it can be placed elsewhere. */
  boolean isOurs() {
    if (!Digest.isSum(facts.sum())) {
      return false;
    }
    byte[] tail = tail(facts.path(), facts.sum(), facts.sizeBytes());
    int from = bytes.length - tail.length;
    return from > 0 && Arrays.equals(bytes, from, bytes.length, tail, 0, tail.length);
  }

  private static ManifestFacts placed(ManifestFacts of, String path, String sum, long sizeBytes) {
    return new ManifestFacts(
        of.name(),
        of.version(),
        of.origin(),
        of.abi(),
        of.arch(),
        of.dependencies(),
        of.osVersion(),
        path,
        sum,
        sizeBytes);
  }

  /** An object with keys, on one line, that says nothing of its own place. */
  private static boolean isPlain(byte[] json, ManifestFacts facts) {
    if (json[0] != '{' || json[json.length - 1] != '}' || facts.name().isEmpty()) {
      return false;
    }
    for (byte each : json) {
      if (each == '\n' || each == '\r') {
        return false;
      }
    }
    return facts.path().isEmpty()
        && facts.sum().isEmpty()
        && facts.sizeBytes() < 0
        && new String(json, StandardCharsets.ISO_8859_1).indexOf("\"repopath\"") < 0;
  }

  private static byte[] rewritten(byte[] json) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream(json.length);
    try (JsonParser parser = JSON.createParser(json);
        JsonGenerator generator = JSON.createGenerator(out)) {
      parser.nextToken();
      generator.writeStartObject();
      while (parser.nextToken() == JsonToken.FIELD_NAME) {
        String key = parser.currentName();
        parser.nextToken();
        if (OURS.contains(key)) {
          parser.skipChildren();
        } else {
          generator.writeFieldName(key);
          generator.copyCurrentStructure(parser);
        }
      }
      generator.writeEndObject();
    }
    return out.toByteArray();
  }

  private static byte[] tail(String path, String sum, long sizeBytes) {
    String quoted = new String(JsonStringEncoder.getInstance().quoteAsString(path));
    return (",\"path\":\"" + quoted
            + "\",\"repopath\":\"" + quoted
            + "\",\"sum\":\"" + sum
            + "\",\"pkgsize\":" + sizeBytes + "}")
        .getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] joined(byte[] head, int length, byte[] tail) {
    byte[] line = Arrays.copyOf(head, length + tail.length);
    System.arraycopy(tail, 0, line, length, tail.length);
    return line;
  }
}
