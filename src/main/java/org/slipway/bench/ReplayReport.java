package org.slipway.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import org.slipway.evaluate.Effort;
import org.slipway.evaluate.Target;
import org.slipway.tree.CommitId;

/**
 * What {@link ReplayBench} measured.
 *
 * @param jails how they contain, in words
 * @param ports that the oldest commit has, with their flavors
 * @param first what the evaluation of the oldest commit cost
 */
public record ReplayReport(
    Target target,
    String jails,
    int workers,
    int ports,
    Effort first,
    List<Step> steps,
    Restart restart,
    List<Check> checks) {
  private static final double GOAL_MEDIAN_SECONDS = 0.5;
  private static final double GOAL_P99_SECONDS = 5;

  /** The same commit once more after the evaluator was closed and opened, half-way. */
  public record Restart(CommitId commit, Effort effort) {}

  /** A comparison with an evaluation from nothing. */
  public record Check(CommitId commit, Verification verification) {}

  /** Commits that are looked at together. */
  public enum Commits {
    ALL("all commits", "all"),
    OUTSIDE("commits that leave Mk/ alone", "outside_mk"),
    FRAMEWORK("commits that change Mk/", "in_mk");

    private final String words;
    private final String key;

    Commits(String words, String key) {
      this.words = words;
      this.key = key;
    }

    String key() {
      return key;
    }

    boolean holds(Step step) {
      return this == ALL || step.framework() == (this == FRAMEWORK);
    }
  }

  public ReplayReport {
    steps = List.copyOf(steps);
    checks = List.copyOf(checks);
  }

  /** Seconds of a commit, its checkout and its evaluation. */
  public Spread seconds(Commits commits) {
    return spread(commits, step -> Text.number(step.wall()));
  }

  /** Ports and flavors that a commit had asked again. */
  public Spread asked(Commits commits) {
    return spread(commits, Step::asked);
  }

  private Spread spread(Commits commits, ToDoubleFunction<Step> figure) {
    return Spread.of(
        steps.stream().filter(commits::holds).mapToDouble(figure).boxed().toList());
  }

  public List<Difference> differences() {
    return checks.stream()
        .flatMap(check -> check.verification().differences().stream())
        .toList();
  }

  /** For a person: lines of at most 79 columns, but for those that name a difference. */
  public List<String> lines() {
    List<String> lines = new ArrayList<>();
    lines.add(Text.line("target   " + target.abi() + ", " + target.baseName()));
    lines.add(Text.line("jails    " + jails));
    lines.add("workers  " + workers);
    lines.add(String.format(
        Locale.ROOT,
        "oldest   %d ports, %d asked of make, %d known, %s",
        ports,
        first.asked(),
        first.kept(),
        Text.seconds(first.wall())));
    lines.add("");
    for (Commits commits : Commits.values()) {
      Spread seconds = seconds(commits);
      lines.add(row(commits.words + ": " + seconds.count(), "median", "95 %", "99 %", "max"));
      if (seconds.count() > 0) {
        lines.add(row("  seconds", "%.3f", seconds));
        lines.add(row(
            "  of them the checkout's",
            "%.3f",
            spread(commits, step -> Text.number(step.checkout()))));
        lines.add(row("  ports asked again", "%.0f", asked(commits)));
      }
    }
    lines.add("");
    lines.add(goal("median of all commits", seconds(Commits.ALL).median(), GOAL_MEDIAN_SECONDS));
    lines.add(goal(
        "99 % of those that leave Mk/ alone", seconds(Commits.OUTSIDE).p99(), GOAL_P99_SECONDS));
    lines.add(String.format(
        Locale.ROOT,
        "after a restart at %s: %d asked again, %d known, %s",
        restart.commit().abbreviated(),
        restart.effort().asked(),
        restart.effort().kept(),
        Text.seconds(restart.effort().wall())));
    for (Check check : checks) {
      Verification verification = check.verification();
      lines.add(String.format(
          Locale.ROOT,
          "%s against nothing kept: %,d answers of %,d ports, %,d different",
          check.commit().abbreviated(),
          verification.answers(),
          verification.ports(),
          verification.differences().size()));
      verification.differences().forEach(each -> lines.add("  " + each.sentence()));
    }
    return lines;
  }

  private static String goal(String what, double seconds, double goal) {
    return String.format(
        Locale.ROOT,
        "goal     %s under %.1f s: %.3f s, %s",
        what,
        goal,
        seconds,
        seconds < goal ? "met" : "missed");
  }

  private static String row(String name, String format, Spread spread) {
    return row(
        name,
        String.format(Locale.ROOT, format, spread.median()),
        String.format(Locale.ROOT, format, spread.p95()),
        String.format(Locale.ROOT, format, spread.p99()),
        String.format(Locale.ROOT, format, spread.max()));
  }

  private static String row(String name, String median, String p95, String p99, String max) {
    return Text.line(
        String.format(Locale.ROOT, "%-36s %9s %9s %9s %9s", name, median, p95, p99, max));
  }

  /** For programs; see {@link Json}. */
  public String json() throws IOException {
    return Json.of(this);
  }
}
