package org.slipway.bench;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;
import java.util.function.Function;

/**
 * What {@link PublishBench} measured.
 *
 * @param jails how they contain, in words
 */
public record PublishReport(
    String jails, int packages, int changed, List<Map<Step, Figures>> rounds) {
  /** What ours may take of pkg's CPU for a whole repository. */
  private static final double GOAL_FULL = 0.5;

  private static final double GOAL_CHANGED_SECONDS = 1;
  private static final long GOAL_MEMORY_BYTES = 256L << 20;

  /** What is measured, in its order. */
  public enum Step {
    OURS_FULL("slipway repo create, all packages"),
    PKG_FULL("pkg repo, all packages"),
    FARM_FULL("snapshot in a farm, all packages"),
    OURS_CHANGED("slipway repo create, some changed"),
    PKG_CHANGED("pkg repo, some changed"),
    FARM_CHANGED("snapshot in a farm, some changed");

    private final String words;

    Step(String words) {
      this.words = words;
    }
  }

  public PublishReport {
    List<Map<Step, Figures>> copy = new ArrayList<>();
    rounds.forEach(round -> copy.add(Collections.unmodifiableMap(new TreeMap<>(round))));
    rounds = List.copyOf(copy);
  }

  /** The median of the rounds; empty where one lacks it. */
  private OptionalDouble median(Step step, Function<Figures, Optional<Double>> figure) {
    List<Double> values = new ArrayList<>();
    for (Map<Step, Figures> round : rounds) {
      Figures figures = round.get(step);
      Optional<Double> value = figures == null ? Optional.empty() : figure.apply(figures);
      if (value.isEmpty()) {
        return OptionalDouble.empty();
      }
      values.add(value.get());
    }
    return Spread.median(values);
  }

  private OptionalDouble cpu(Step step) {
    return median(step, figures -> figures.cpu().map(Text::number));
  }

  private OptionalDouble wall(Step step) {
    return median(step, figures -> Optional.of(Text.number(figures.wall())));
  }

  private OptionalDouble memory(Step step) {
    return median(
        step,
        figures -> figures.peakMemoryBytes().isPresent()
            ? Optional.of((double) figures.peakMemoryBytes().getAsLong())
            : Optional.empty());
  }

  private static OptionalDouble ratio(OptionalDouble ours, OptionalDouble theirs) {
    return ours.isPresent() && theirs.isPresent() && theirs.getAsDouble() > 0
        ? OptionalDouble.of(ours.getAsDouble() / theirs.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Ours of pkg's CPU for all packages. */
  public OptionalDouble fullRatio() {
    return ratio(cpu(Step.OURS_FULL), cpu(Step.PKG_FULL));
  }

  /** For a person: lines of at most 79 columns. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(Text.line("jails    " + jails));
    lines.add(String.format(
        Locale.ROOT,
        "packages %,d, then %,d changed; medians of %d rounds",
        packages,
        changed,
        rounds.size()));
    lines.add("");
    lines.add(row("", "CPU", "wall", "memory"));
    for (Step step : Step.values()) {
      if (wall(step).isPresent()) {
        OptionalDouble memory = memory(step);
        lines.add(row(
            step.words,
            seconds(cpu(step)),
            seconds(wall(step)),
            memory.isPresent() ? ((long) memory.getAsDouble() >> 20) + " MiB" : Text.UNKNOWN));
      }
    }
    lines.add("");
    lines.add("slipway / pkg, CPU, all packages     " + Text.ratio(fullRatio()) + "  goal: at most "
        + GOAL_FULL + ", " + met(fullRatio(), GOAL_FULL));
    lines.add("slipway / pkg, CPU, some changed     "
        + Text.ratio(ratio(cpu(Step.OURS_CHANGED), cpu(Step.PKG_CHANGED))));
    lines.add("slipway, wall, some changed          "
        + seconds(wall(Step.OURS_CHANGED)) + "  goal: under 1 s, "
        + met(wall(Step.OURS_CHANGED), GOAL_CHANGED_SECONDS));
    lines.add("in a farm, wall, some changed        "
        + seconds(wall(Step.FARM_CHANGED)) + "  goal: under 1 s, "
        + met(wall(Step.FARM_CHANGED), GOAL_CHANGED_SECONDS));
    lines.add("slipway, memory                      goal: under 256 MiB, "
        + met(memory(Step.OURS_FULL), GOAL_MEMORY_BYTES));
    lines.add("in a farm, memory                    goal: under 256 MiB, "
        + met(memory(Step.FARM_FULL), GOAL_MEMORY_BYTES));
    lines.add("");
    lines.add("The command's figures have the start of its Java in them, and both programs' that");
    lines.add("of their jail; their memory is a control group's, with the files just read;");
    lines.add("a farm's is what is resident of a Java of its own, whose heap is 128 MiB at most.");
    return lines;
  }

  private static String met(OptionalDouble figure, double goal) {
    return figure.isEmpty() ? "not known" : figure.getAsDouble() <= goal ? "met" : "missed";
  }

  private static String seconds(OptionalDouble seconds) {
    return seconds.isPresent()
        ? String.format(Locale.ROOT, "%.2f s", seconds.getAsDouble())
        : Text.UNKNOWN;
  }

  private static String row(String name, String cpu, String wall, String memory) {
    return String.format(Locale.ROOT, "%-40s %11s %11s %12s", name, cpu, wall, memory)
        .stripTrailing();
  }

  /**
   * For programs: one JSON object on one line with packages, changed, jails, rounds (for each step
   * null or cpu and wall in seconds and memory in bytes, each null where it is not known), and
   * full_cpu_ratio.
   */
  public String json() throws IOException {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode node = mapper.createObjectNode();
    node.put("bench", "publish").put("jails", jails);
    node.put("packages", packages).put("changed", changed);
    for (Map<Step, Figures> round : rounds) {
      ObjectNode steps = node.withArray("rounds").addObject();
      for (Step step : Step.values()) {
        Figures figures = round.get(step);
        String key = step.name().toLowerCase(Locale.ROOT);
        if (figures == null) {
          steps.putNull(key);
          continue;
        }
        ObjectNode one = steps.putObject(key);
        one.put("wall", Text.number(figures.wall()));
        one.put("cpu", figures.cpu().map(Text::number).orElse(null));
        one.put(
            "memory",
            figures.peakMemoryBytes().isPresent()
                ? Long.valueOf(figures.peakMemoryBytes().getAsLong())
                : null);
      }
    }
    OptionalDouble ratio = fullRatio();
    node.put("full_cpu_ratio", ratio.isPresent() ? Double.valueOf(ratio.getAsDouble()) : null);
    return mapper.writeValueAsString(node);
  }
}
