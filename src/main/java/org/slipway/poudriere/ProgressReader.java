package org.slipway.poudriere;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/**
 * Reads a build's {@code .data.json} (poudriere, src/share/poudriere/awk/json.awk). It is written
 * anew every few seconds by a program that quotes little, from names that the tree chose: so it may
 * be empty, cut short or no JSON at all, every value is a text, and each entry counts only where
 * its names are names. What was whole before the place that cannot be read counts.
 */
final class ProgressReader {
  private static final int MOST_ENTRIES = 500_000;
  private static final int MOST_CHARACTERS = 10_000;
  private static final long MOST_BYTES = 256L << 20;
  private static final int LONGEST_WORD = 400;

  private static final JsonFactory JSON = JsonFactory.builder()
      .streamReadConstraints(StreamReadConstraints.builder()
          .maxNestingDepth(8)
          .maxStringLength(MOST_CHARACTERS)
          .maxNameLength(MOST_CHARACTERS)
          .maxDocumentLength(MOST_BYTES)
          .build())
      .enable(JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
      .enable(JsonReadFeature.ALLOW_UNESCAPED_CONTROL_CHARS)
      .enable(JsonReadFeature.ALLOW_TRAILING_COMMA)
      // Names are packages' here: to remember each would fill a table that is never emptied.
      .disable(JsonFactory.Feature.CANONICALIZE_FIELD_NAMES)
      .build();

  private final List<Settled> settled = new ArrayList<>();
  private final List<Map<String, String>> jobs = new ArrayList<>();
  private String status = "";
  private boolean ended;
  private long now = -1;
  private int refused;

  private ProgressReader() {}

  /** Reads to the end, or to where it cannot be read; the stream is not closed. */
  static Progress read(InputStream in) throws IOException {
    ProgressReader reader = new ProgressReader();
    boolean whole = false;
    try (JsonParser parser = JSON.createParser(in).disable(JsonParser.Feature.AUTO_CLOSE_SOURCE)) {
      reader.document(parser);
      whole = true;
    } catch (JsonProcessingException e) {
      // What came before stands. The next look, seconds later, reads the file anew.
    }
    return reader.progress(whole);
  }

  private Progress progress(boolean whole) {
    List<Progress.Running> running = new ArrayList<>();
    jobs.forEach(job -> running(job).ifPresent(running::add));
    return new Progress(status, ended, running, settled, refused, whole);
  }

  private void document(JsonParser parser) throws IOException {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      throw new JsonParseException(parser, "no object");
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      JsonToken value = parser.nextToken();
      switch (name) {
        case "status" -> status = text(parser, value);
        case "ended" -> ended = !text(parser, value).isEmpty();
        case "snap" ->
          now = number(fields(parser, value).getOrDefault("now", "")).orElse(-1L);
        case "jobs" -> entries(parser, value, jobs::add);
        case "ports" -> ports(parser, value);
        default -> parser.skipChildren();
      }
    }
  }

  private void ports(JsonParser parser, JsonToken value) throws IOException {
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      Optional<Settled.Kind> kind = kind(parser.currentName());
      JsonToken list = parser.nextToken();
      if (kind.isPresent()) {
        entries(parser, list, fields -> settled(kind.get(), fields));
      } else {
        parser.skipChildren();
      }
    }
  }

  private static Optional<Settled.Kind> kind(String word) {
    for (Settled.Kind each : Settled.Kind.values()) {
      if (each.word().equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private interface Taker {
    void take(Map<String, String> fields);
  }

  private void entries(JsonParser parser, JsonToken value, Taker taker) throws IOException {
    if (value != JsonToken.START_ARRAY) {
      parser.skipChildren();
      return;
    }
    for (JsonToken each = parser.nextToken();
        each != null && each != JsonToken.END_ARRAY;
        each = parser.nextToken()) {
      Map<String, String> fields = fields(parser, each);
      if (settled.size() + jobs.size() + refused >= MOST_ENTRIES) {
        refused++;
      } else if (!fields.isEmpty()) {
        taker.take(fields);
      }
    }
  }

  /** The texts and numbers of an object; of what is no object, nothing. */
  private static Map<String, String> fields(JsonParser parser, JsonToken value) throws IOException {
    Map<String, String> fields = new HashMap<>();
    if (value != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return fields;
    }
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      String text = text(parser, parser.nextToken());
      if (fields.size() < 20) {
        fields.put(name, text);
      }
    }
    return fields;
  }

  private static String text(JsonParser parser, JsonToken value) throws IOException {
    if (value == JsonToken.VALUE_STRING || value == JsonToken.VALUE_NUMBER_INT) {
      return parser.getText();
    }
    parser.skipChildren();
    return "";
  }

  private void settled(Settled.Kind kind, Map<String, String> fields) {
    Optional<OriginSpec> spec = spec(fields);
    Optional<PackageName> name = name(fields.getOrDefault("pkgname", ""));
    if (spec.isEmpty() || name.isEmpty()) {
      refused++;
      return;
    }
    String why = switch (kind) {
      case FAILED -> fields.getOrDefault("errortype", "");
      case SKIPPED -> fields.getOrDefault("depends", "");
      default -> fields.getOrDefault("reason", "");
    };
    settled.add(new Settled(
        kind,
        spec.get(),
        name.get(),
        number(fields.getOrDefault("elapsed", "")).map(Duration::ofSeconds),
        word(fields.getOrDefault("phase", "")),
        word(why)));
  }

  private Optional<Progress.Running> running(Map<String, String> job) {
    Optional<Long> builder = number(job.getOrDefault("id", ""));
    Optional<OriginSpec> spec = spec(job);
    Optional<PackageName> name = name(job.getOrDefault("pkgname", ""));
    if (builder.isEmpty() || builder.get() > 10_000 || spec.isEmpty() || name.isEmpty()) {
      return Optional.empty();
    }
    String word = job.getOrDefault("status", "");
    if (word.equals("done") || word.equals("idle")) {
      return Optional.empty();
    }
    // What is called elapsed is the clock's time at which the phase began.
    Optional<Duration> since = number(job.getOrDefault("started", ""))
        .filter(started -> now >= started)
        .map(started -> Duration.ofSeconds(now - started));
    return Optional.of(new Progress.Running(
        (int) Math.max(1, builder.get()), spec.get(), name.get(), phase(word), since));
  }

  private static Optional<Phase> phase(String word) {
    for (Phase each : Phase.values()) {
      if (each.word().equals(word)) {
        return Optional.of(each);
      }
    }
    return Optional.empty();
  }

  private static Optional<OriginSpec> spec(Map<String, String> fields) {
    String flavor = fields.getOrDefault("flavor", "");
    try {
      return Optional.of(OriginSpec.parse(
          fields.getOrDefault("origin", "") + (flavor.isEmpty() ? "" : "@" + flavor)));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<PackageName> name(String text) {
    try {
      return Optional.of(PackageName.parse(text));
    } catch (IllegalArgumentException e) {
      return Optional.empty();
    }
  }

  private static Optional<Long> number(String text) {
    return text.matches("[0-9]{1,12}") ? Optional.of(Long.parseLong(text)) : Optional.empty();
  }

  /** In one line and of a length for a table. */
  private static String word(String text) {
    String line = text.replaceAll("[\\p{Cntrl}\\s]+", " ").strip();
    return line.length() <= LONGEST_WORD ? line : line.substring(0, LONGEST_WORD) + "…";
  }
}
