package org.slipway.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slipway.bench.ServeBench.Load;
import org.slipway.bench.ServeBench.Server;

/**
 * What {@link ServeBench} measured.
 *
 * @param jails how they contain, in words
 */
public record ServeReport(ServeBench.Wish wish, String jails, List<Round> rounds) {
  /** What our share of nginx's requests per second should be at least. */
  private static final double GOAL = 0.9;

  public ServeReport {
    rounds = List.copyOf(rounds);
  }

  /**
   * How one server did under one load.
   *
   * @param cpuMicros user and system time of the server's processes for each request
   * @param medianMicros from a request to the end of its answer
   */
  public record Figures(
      double requestsPerSecond, Optional<Double> cpuMicros, long medianMicros, long p99Micros) {}

  /** All loads once. */
  public record Round(Map<Load, Map<Server, Figures>> figures) {
    public Round {
      Map<Load, Map<Server, Figures>> copy = new EnumMap<>(Load.class);
      figures.forEach(
          (load, each) -> copy.put(load, Collections.unmodifiableMap(new EnumMap<>(each))));
      figures = Collections.unmodifiableMap(copy);
    }

    private Figures of(Load load, Server server) {
      Figures found = figures.getOrDefault(load, Map.of()).get(server);
      if (found == null) {
        throw new IllegalStateException(server + " was not measured under " + load);
      }
      return found;
    }
  }

  /** Our requests per second divided by nginx's, the median of the rounds. */
  public OptionalDouble requests(Load load) {
    return Spread.median(rounds.stream()
        .map(round -> round.of(load, Server.SLIPWAY).requestsPerSecond()
            / round.of(load, Server.NGINX).requestsPerSecond())
        .toList());
  }

  /** Our CPU time for a request divided by nginx's, the median of the rounds; empty where one is not known. */
  public OptionalDouble cpu(Load load) {
    List<Double> ratios = new ArrayList<>();
    for (Round round : rounds) {
      Optional<Double> ours = round.of(load, Server.SLIPWAY).cpuMicros();
      Optional<Double> theirs = round.of(load, Server.NGINX).cpuMicros();
      if (ours.isEmpty() || theirs.isEmpty() || theirs.get() == 0) {
        return OptionalDouble.empty();
      }
      ratios.add(ours.get() / theirs.get());
    }
    return Spread.median(ratios);
  }

  /** For a person: lines of at most 79 columns. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add("load     wrk, " + wish.connections() + " connections, " + wish.seconds()
        + " s each after 1 s that does not count");
    lines.add("warmed   slipway, " + wish.warmSeconds() + " s of each load");
    lines.add(Text.line("jails    " + jails));
    int number = 0;
    for (Round round : rounds) {
      lines.add("");
      lines.add(row("round " + ++number, "requests/s", "CPU each", "median", "99 %"));
      for (Load load : wish.loads()) {
        for (Server server : Server.values()) {
          Figures each = round.of(load, server);
          lines.add(row(
              load.words() + ", " + server.name().toLowerCase(Locale.ROOT),
              String.format(Locale.ROOT, "%,.0f", each.requestsPerSecond()),
              each.cpuMicros().map(ServeReport::time).orElse(Text.UNKNOWN),
              time((double) each.medianMicros()),
              time((double) each.p99Micros())));
        }
      }
    }
    lines.add("");
    lines.add(row("slipway / nginx, median", "requests/s", "CPU each", "", ""));
    for (Load load : wish.loads()) {
      boolean met = requests(load).orElse(0) >= GOAL;
      lines.add(row(
          load.words(),
          Text.ratio(requests(load)),
          Text.ratio(cpu(load)),
          "",
          met ? "met" : "missed"));
    }
    lines.add("");
    lines.add(
        "The goal is " + GOAL + " of nginx's requests. CPU is the servers' own: of nginx its");
    lines.add("workers', of slipway the whole program's with this bench; wrk's comes beside.");
    return lines;
  }

  private static String row(String name, String first, String second, String third, String last) {
    return String.format(Locale.ROOT, "%-30s %11s %11s %11s %11s", name, first, second, third, last)
        .stripTrailing();
  }

  private static String time(double micros) {
    return micros < 1_000
        ? String.format(Locale.ROOT, "%.1f us", micros)
        : String.format(Locale.ROOT, "%.2f ms", micros / 1_000);
  }

  /** For programs: one object; {@code rounds} by load and server, {@code ratios} by load. */
  public String json() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      json.writeStartObject();
      json.writeStringField("bench", "serve");
      json.writeStringField("jails", jails);
      json.writeNumberField("seconds", wish.seconds());
      json.writeNumberField("connections", wish.connections());
      json.writeArrayFieldStart("rounds");
      for (Round round : rounds) {
        json.writeStartObject();
        for (Load load : wish.loads()) {
          json.writeObjectFieldStart(word(load));
          for (Server server : Server.values()) {
            figures(json, word(server), round.of(load, server));
          }
          json.writeEndObject();
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeObjectFieldStart("ratios");
      for (Load load : wish.loads()) {
        json.writeObjectFieldStart(word(load));
        number(json, "requests_per_second", requests(load));
        number(json, "cpu", cpu(load));
        json.writeEndObject();
      }
      json.writeEndObject();
      json.writeEndObject();
    }
    return text.toString();
  }

  private static void figures(JsonGenerator json, String name, Figures figures) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("requests_per_second", figures.requestsPerSecond());
    number(
        json,
        "cpu_seconds",
        figures
            .cpuMicros()
            .map(each -> OptionalDouble.of(each / 1e6))
            .orElse(OptionalDouble.empty()));
    json.writeNumberField("median_seconds", figures.medianMicros() / 1e6);
    json.writeNumberField("p99_seconds", figures.p99Micros() / 1e6);
    json.writeEndObject();
  }

  private static void number(JsonGenerator json, String name, OptionalDouble number)
      throws IOException {
    if (number.isPresent()) {
      json.writeNumberField(name, number.getAsDouble());
    } else {
      json.writeNullField(name);
    }
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
