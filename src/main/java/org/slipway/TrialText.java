package org.slipway;

import java.io.PrintStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slipway.build.BuildResult;
import org.slipway.build.PhaseTime;
import org.slipway.packages.OriginSpec;
import org.slipway.trial.Outcome;
import org.slipway.trial.TrialReport;

/** How a trial ended, for a person at 80 columns. */
final class TrialText {
  private static final int COLUMNS = 79;
  private static final int MOST_FINDINGS = 40;

  private final PrintStream out;
  private final boolean tail;

  /** @param tail whether the end of a failed build's log is shown */
  TrialText(PrintStream out, boolean tail) {
    this.out = out;
    this.tail = tail;
  }

  /**
   * Prints the end.
   *
   * @param asked the port that was asked for
   * @param file where its package is
   */
  void print(OriginSpec asked, Outcome outcome, String done, Optional<Path> file) {
    if (outcome instanceof Outcome.Done built) {
      String time = built.result().map(each -> " in " + time(each.phases())).orElse("");
      out.println(done + ": " + built.built().name() + time);
      built.report().ifPresent(this::findings);
      out.println(
          "  package  " + file.orElse(built.file()) + ", " + bytes(built.built().sizeBytes()));
      built.built().foreign().forEach(each -> Wrapped.print(out, "  note: " + each.sentence()));
      built.report().ifPresent(report -> out.println("  log      " + report.log()));
    } else if (outcome instanceof Outcome.Failed failed) {
      failed(asked, failed);
    } else if (outcome instanceof Outcome.Unbuildable not) {
      Wrapped.print(out, "not built: " + not.spec() + ": " + not.reason());
    }
  }

  private void failed(OriginSpec asked, Outcome.Failed failed) {
    BuildResult.Failed result = failed.result();
    TrialReport report = failed.report();
    out.println();
    if (tail) {
      tail(out, report);
    }
    findings(report);
    String what = failed.spec().equals(asked) ? "" : failed.spec() + ", which it needs, ";
    Wrapped.print(
        out,
        "FAILED: " + what + (what.isEmpty() ? "" : "failed ") + "in " + result.phase() + " ("
            + result.failure().word() + "): " + result.message());
    result.quoted().ifPresent(quote -> quoted(result, quote));
    out.println("  log      " + report.log());
    result.work().ifPresent(work -> out.println("  work     " + work));
  }

  private void quoted(BuildResult.Failed result, BuildResult.Quote quote) {
    boolean said = quote.text().contains(result.message());
    Wrapped.print(
        out, "  line " + quote.number() + " of the log" + (said ? "" : ": " + quote.text()));
  }

  /** The last lines of the log, without what a terminal would obey. */
  static void tail(PrintStream out, TrialReport report) {
    if (!report.tail().isEmpty()) {
      out.println("the end of the log:");
      report.tail().forEach(line -> out.println(cut("| " + line)));
    }
  }

  private void findings(TrialReport report) {
    List<TrialReport.Finding> shown =
        report.findings().subList(0, Math.min(MOST_FINDINGS, report.findings().size()));
    if (!shown.isEmpty()) {
      out.println("what the test found:");
      shown.forEach(each -> Wrapped.print(out, "  " + each.phase() + ": " + each.text()));
      int more = report.findings().size() - shown.size() + report.omitted();
      if (more > 0) {
        out.println("  and " + more + " more, see the log");
      }
    }
  }

  static String time(List<PhaseTime> phases) {
    Duration sum = phases.stream().map(PhaseTime::took).reduce(Duration.ZERO, Duration::plus);
    return EvaluationProgress.time(sum);
  }

  static String bytes(long bytes) {
    if (bytes < 10_000) {
      return bytes + " bytes";
    }
    return bytes < 10_000_000
        ? String.format(Locale.ROOT, "%,d kB", bytes / 1000)
        : String.format(Locale.ROOT, "%,d MB", bytes / 1_000_000);
  }

  private static String cut(String line) {
    return line.length() <= COLUMNS ? line : line.substring(0, COLUMNS - 1) + "…";
  }
}
