package org.slipway.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.jspecify.annotations.Nullable;

/**
 * What {@link PackageBench} measured.
 *
 * @param contentBytes of all files
 * @param level zstd's, for all ways
 */
public record PackageReport(
    long contentBytes, int files, int level, int processors, List<Round> rounds) {
  /** Ours should take at most as long as bsdtar as it comes. */
  private static final double GOAL = 1.0;

  public PackageReport {
    rounds = List.copyOf(rounds);
  }

  /** Who wrote. */
  public enum Way {
    OURS("slipway", "slipway"),
    TAR("bsdtar --zstd, one thread", "bsdtar"),
    TAR_THREADS("bsdtar --zstd, all processors", "bsdtar_threads");

    private final String words;
    private final String key;

    Way(String words, String key) {
      this.words = words;
      this.key = key;
    }
  }

  /** One run. */
  public record Measured(Figures figures, long sizeBytes) {}

  /** The ways one after the other. */
  public record Round(Map<Way, Measured> ways) {
    public Round {
      ways = Collections.unmodifiableMap(new EnumMap<>(ways));
    }
  }

  /** A figure that all have. */
  public enum Measure {
    CPU,
    WALL,
    SIZE
  }

  /** Ours divided by another way's, the median of the rounds; empty where a round lacks one. */
  public OptionalDouble ratio(Way other, Measure measure) {
    List<Double> ratios = new ArrayList<>();
    for (Round round : rounds) {
      OptionalDouble ours = figure(round.ways().get(Way.OURS), measure);
      OptionalDouble theirs = figure(round.ways().get(other), measure);
      if (ours.isEmpty() || theirs.isEmpty() || theirs.getAsDouble() == 0) {
        return OptionalDouble.empty();
      }
      ratios.add(ours.getAsDouble() / theirs.getAsDouble());
    }
    return Spread.median(ratios);
  }

  private static OptionalDouble figure(@Nullable Measured measured, Measure measure) {
    if (measured == null) {
      return OptionalDouble.empty();
    }
    Optional<Duration> cpu = measured.figures().cpu();
    return switch (measure) {
      case CPU ->
        cpu.isPresent() ? OptionalDouble.of(Text.number(cpu.get())) : OptionalDouble.empty();
      case WALL -> OptionalDouble.of(Text.number(measured.figures().wall()));
      case SIZE -> OptionalDouble.of((double) measured.sizeBytes());
    };
  }

  /** For a person: lines of at most 79 columns. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(String.format(
        Locale.ROOT,
        "content  %,d MiB in %,d files, zstd level %d, %d processors",
        contentBytes >> 20,
        files,
        level,
        processors));
    int number = 0;
    for (Round round : rounds) {
      lines.add("");
      lines.add(row("round " + ++number, "CPU", "wall", "size"));
      round
          .ways()
          .forEach((way, measured) -> lines.add(row(
              way.words,
              Text.seconds(measured.figures().cpu()),
              Text.seconds(measured.figures().wall()),
              String.format(Locale.ROOT, "%.1f MiB", measured.sizeBytes() / 1048576.0))));
    }
    lines.add("");
    lines.add(
        row(rounds.size() > 1 ? "ratios, medians of the rounds" : "ratios", "CPU", "wall", "size"));
    for (Way way : List.of(Way.TAR, Way.TAR_THREADS)) {
      lines.add(row(
          "slipway / " + way.words,
          Text.ratio(ratio(way, Measure.CPU)),
          Text.ratio(ratio(way, Measure.WALL)),
          Text.ratio(ratio(way, Measure.SIZE))));
    }
    OptionalDouble wall = ratio(Way.TAR, Measure.WALL);
    lines.add("goal: wall beside one thread at most 1.0, "
        + (wall.isPresent() && wall.getAsDouble() <= GOAL ? "met" : "missed"));
    lines.add("");
    lines.add("Slipway reads files twice, sums them and the package (SHA-256), looks for");
    lines.add("shared libraries, and waits until the package is on the disk; bsdtar writes");
    lines.add("a tar into its jail and nothing else. Starting the jail, some 30 ms, is in");
    lines.add("bsdtar's figures, starting this program in nobody's.");
    return lines;
  }

  private static String row(String name, String cpu, String wall, String size) {
    return Text.line(String.format(Locale.ROOT, "%-40s %11s %11s %12s", name, cpu, wall, size))
        .stripTrailing();
  }

  /** For programs: one JSON object on one line; times in seconds, sizes in bytes. */
  public String json() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("bench", "package");
      json.writeNumberField("content", contentBytes);
      json.writeNumberField("files", files);
      json.writeNumberField("level", level);
      json.writeNumberField("processors", processors);
      json.writeArrayFieldStart("rounds");
      for (Round round : rounds) {
        json.writeStartObject();
        for (Map.Entry<Way, Measured> way : round.ways().entrySet()) {
          json.writeObjectFieldStart(way.getKey().key);
          for (Measure measure : Measure.values()) {
            number(json, measure, figure(way.getValue(), measure));
          }
          json.writeEndObject();
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeObjectFieldStart("ratios");
      for (Way way : List.of(Way.TAR, Way.TAR_THREADS)) {
        json.writeObjectFieldStart(way.key);
        for (Measure measure : Measure.values()) {
          number(json, measure, ratio(way, measure));
        }
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void number(JsonGenerator json, Measure measure, OptionalDouble value)
      throws IOException {
    String name = measure.name().toLowerCase(Locale.ROOT);
    if (value.isPresent()) {
      json.writeNumberField(name, value.getAsDouble());
    } else {
      json.writeNullField(name);
    }
  }
}
