package org.slipway.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.slipway.build.Phase;
import org.slipway.jail.Containment;
import org.slipway.packages.OriginSpec;

/**
 * What {@link BuildBench} measured.
 *
 * @param spec the port that was built
 */
public record BuildReport(OriginSpec spec, Containment containment, int rounds, Times times) {
  /** What a build may cost beyond its make calls. */
  private static final double GOAL_MILLIS = 250;

  /** What was measured, a value a round. */
  public static final class Times {
    private final List<Double> whole = new ArrayList<>();
    private final List<Double> make = new ArrayList<>();
    private final List<Double> beyond = new ArrayList<>();
    private final List<Double> outside = new ArrayList<>();
    private final Map<Phase, List<Double>> phases = new EnumMap<>(Phase.class);

    /**
     * One round.
     *
     * @param all the build, from the request to the package
     * @param calls its make calls alone
     * @param took by phase
     */
    public void add(Duration all, Duration calls, Map<Phase, Duration> took) {
      whole.add(millis(all));
      make.add(millis(calls));
      beyond.add(millis(all.minus(calls)));
      Duration inside = took.values().stream().reduce(Duration.ZERO, Duration::plus);
      outside.add(millis(all.minus(inside)));
      took.forEach((phase, time) ->
          phases.computeIfAbsent(phase, key -> new ArrayList<>()).add(millis(time)));
    }

    private double least() {
      return beyond.stream().mapToDouble(Double::doubleValue).min().orElse(0);
    }
  }

  private static double millis(Duration duration) {
    return duration.toNanos() / 1e6;
  }

  /** For a person, 79 columns. Phases that took less than a tenth of a millisecond are left out. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(Text.line("A build of " + spec + " in jails of "
        + containment.name().toLowerCase(Locale.ROOT) + ": " + rounds + " rounds, in ms"));
    lines.add("");
    lines.add(String.format(Locale.ROOT, "%-34s %9s %9s", "", "median", "p95"));
    lines.add(line("build", times.whole));
    times.phases.forEach((phase, millis) -> {
      if (Spread.of(millis).median() >= 0.1) {
        lines.add(line("  " + phase, millis));
      }
    });
    lines.add(line("  before, between and after them", times.outside));
    lines.add(line("its make calls alone", times.make));
    lines.add("");
    double median = Spread.of(times.beyond).median();
    lines.add(String.format(
        Locale.ROOT,
        "beyond the make calls: %.0f ms, at least %.0f (goal: under %.0f%s)",
        median,
        times.least(),
        GOAL_MILLIS,
        median < GOAL_MILLIS ? "" : ", missed"));
    return lines;
  }

  private static String line(String what, List<Double> millis) {
    Spread spread = Spread.of(millis);
    return String.format(Locale.ROOT, "%-34s %9.1f %9.1f", what, spread.median(), spread.p95());
  }

  /**
   * For a program: one object on one line, times in milliseconds. {@code bench} is "build"; {@code port}; {@code containment};
   * {@code rounds}; {@code whole}, {@code make}, {@code beyond} and {@code outside}, each an object with median and p95;
   * {@code least}, the least that a build took beyond its make calls; {@code phases}, an object of such objects by phase.
   */
  public String json() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode json = mapper.createObjectNode();
    json.put("bench", "build");
    json.put("port", spec.toString());
    json.put("containment", containment.name().toLowerCase(Locale.ROOT));
    json.put("rounds", rounds);
    spread(json, "whole", times.whole);
    spread(json, "make", times.make);
    spread(json, "beyond", times.beyond);
    spread(json, "outside", times.outside);
    json.put("least", times.least());
    ObjectNode phases = json.putObject("phases");
    times.phases.forEach((phase, millis) -> spread(phases, phase.word(), millis));
    return mapper.writeValueAsString(json);
  }

  private static void spread(ObjectNode json, String name, List<Double> millis) {
    Spread spread = Spread.of(millis);
    json.putObject(name).put("median", spread.median()).put("p95", spread.p95());
  }
}
