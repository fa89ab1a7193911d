package org.slipway.bench;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalDouble;
import org.slipway.evaluate.Target;

/**
 * What {@link EvaluateBench} measured.
 *
 * @param jails how they contain, in words
 * @param programCpu what this program had used before the first round, in no figure
 * @param compiler whether the base has one that starts; without, its probes cost less than on any
 *     machine that builds
 */
public record EvaluateReport(
    Target target,
    String jails,
    int workers,
    Optional<Duration> programCpu,
    boolean compiler,
    List<Round> rounds) {
  /** What ours may take of the plain way's CPU without compiler presets, and with all. */
  private static final double GOAL_BARE = 0.25;

  private static final double GOAL_PRESETS = 1.0;

  public EvaluateReport {
    rounds = List.copyOf(rounds);
  }

  /** A figure that two ways have in common. */
  public enum Measure {
    CPU,
    WALL,
    PEAK_MEMORY
  }

  /** Ours divided by another way's, the median of the rounds; empty where a round lacks one. */
  public OptionalDouble ratio(Way other, Measure measure) {
    List<Double> ratios = new ArrayList<>();
    for (Round round : rounds) {
      OptionalDouble ours = figure(round, Way.OURS, measure);
      OptionalDouble theirs = figure(round, other, measure);
      if (ours.isEmpty() || theirs.isEmpty() || theirs.getAsDouble() == 0) {
        return OptionalDouble.empty();
      }
      ratios.add(ours.getAsDouble() / theirs.getAsDouble());
    }
    return Spread.median(ratios);
  }

  private static OptionalDouble figure(Round round, Way way, Measure measure) {
    Figures figures = round.figures().get(way);
    if (figures == null) {
      return OptionalDouble.empty();
    }
    return switch (measure) {
      case CPU ->
        figures
            .cpu()
            .map(cpu -> OptionalDouble.of(Text.number(cpu)))
            .orElseGet(OptionalDouble::empty);
      case WALL -> OptionalDouble.of(Text.number(figures.wall()));
      case PEAK_MEMORY ->
        figures.peakMemoryBytes().isPresent()
            ? OptionalDouble.of((double) figures.peakMemoryBytes().getAsLong())
            : OptionalDouble.empty();
    };
  }

  /** All rounds' comparisons together, empty where none was wanted. */
  public Optional<Verification> verification() {
    if (rounds.stream().allMatch(round -> round.verification().isEmpty())) {
      return Optional.empty();
    }
    int ports = 0;
    long answers = 0;
    List<Difference> differences = new ArrayList<>();
    for (Round round : rounds) {
      if (round.verification().isPresent()) {
        ports += round.verification().get().ports();
        answers += round.verification().get().answers();
        differences.addAll(round.verification().get().differences());
      }
    }
    return Optional.of(new Verification(ports, answers, differences));
  }

  /** For a person: lines of at most 79 columns, but for those that name a difference. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(Text.line("target   " + target.abi() + ", " + target.baseName()));
    lines.add(Text.line("jails    " + jails));
    lines.add("workers  " + workers);
    int number = 0;
    for (Round round : rounds) {
      number++;
      lines.add("");
      lines.add(
          row("round " + number + ": " + round.ports() + " ports", "CPU", "wall", "peak memory"));
      for (var each : round.figures().entrySet()) {
        Figures figures = each.getValue();
        lines.add(row(
            each.getKey().words(),
            Text.seconds(figures.cpu()),
            Text.seconds(figures.wall()),
            Text.mebibytes(figures.peakMemoryBytes())));
        figures
            .program()
            .ifPresent(own -> lines.add(row(
                "  of it the program's own",
                Text.seconds(own.cpu()),
                "",
                Text.mebibytes(own.peakMemoryBytes()))));
      }
    }
    lines.add("");
    lines.add(row(
        rounds.size() > 1 ? "ratios, medians of the rounds" : "ratios",
        "CPU",
        "wall",
        "peak memory"));
    for (Way way : List.of(Way.PRESETS, Way.BARE)) {
      if (rounds.stream().allMatch(round -> round.figures().containsKey(way))) {
        lines.add(row(
            "slipway / " + way.words(),
            Text.ratio(ratio(way, Measure.CPU)),
            Text.ratio(ratio(way, Measure.WALL)),
            Text.ratio(ratio(way, Measure.PEAK_MEMORY))));
        lines.add("  goal: CPU at most " + (way == Way.BARE ? GOAL_BARE : GOAL_PRESETS) + ", "
            + met(way));
      } else {
        lines.add(
            Text.line(way.words() + ": not run, this target's presets say nothing of a compiler"));
      }
    }
    lines.addAll(notes());
    verification().ifPresent(verification -> lines.addAll(lines(verification)));
    return lines;
  }

  private String met(Way way) {
    OptionalDouble ratio = ratio(way, Measure.CPU);
    double goal = way == Way.BARE ? GOAL_BARE : GOAL_PRESETS;
    return ratio.isEmpty() ? "not known" : ratio.getAsDouble() <= goal ? "met" : "missed";
  }

  private List<String> notes() {
    List<String> notes = new ArrayList<>();
    notes.add("");
    notes.add("CPU of slipway is its jails' and its own; starting the program and opening");
    notes.add("jails took " + Text.seconds(programCpu)
        + " before. What the plain ways answer is thrown away, so");
    notes.add("that reading it costs them nothing. Each of them asks one half of the ports");
    notes.add("before slipway and the other half after it: no way has the better moment.");
    if (!compiler) {
      notes.add("The base is a list whose compiler does not start, so probing it costs the third");
      notes.add("way less than anywhere; --base host measures that with this host's compiler.");
    }
    return notes;
  }

  private static List<String> lines(Verification verification) {
    List<String> lines = new ArrayList<>();
    lines.add("");
    lines.add(String.format(
        Locale.ROOT,
        "compared with plain make: %,d answers of %,d ports, %,d different",
        verification.answers(),
        verification.ports(),
        verification.differences().size()));
    verification.differences().forEach(each -> lines.add("  " + each.sentence()));
    return lines;
  }

  private static String row(String name, String cpu, String wall, String peak) {
    return Text.line(String.format(Locale.ROOT, "%-40s %11s %11s %12s", name, cpu, wall, peak))
        .stripTrailing();
  }

  /** For programs; see {@link Json}. */
  public String json() throws IOException {
    return Json.of(this);
  }
}
