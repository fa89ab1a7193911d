package org.slipway;

import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Finding;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Unevaluable;
import org.slipway.packages.OriginSpec;

/** An evaluation for a person at 80 columns: a line a port, then what is odd, then the sum. */
final class PortTable {
  private static final int ORIGIN_COLUMNS = 40;
  private static final int NAME_COLUMNS = 30;

  private final PrintStream out;

  PortTable(PrintStream out) {
    this.out = out;
  }

  void print(Evaluation evaluation, List<String> remarks) {
    out.println(row("ORIGIN", "PACKAGE", "NEEDS"));
    int answered = 0;
    int ignored = 0;
    for (OriginSpec spec : evaluation.wanted()) {
      Port port = evaluation.ports().get(spec);
      if (port != null) {
        answered++;
        ignored += port.ignore().isPresent() ? 1 : 0;
        out.println(row(spec.toString(), port.name().toString(), needs(port)));
      }
    }
    String several = flavors(evaluation);
    if (!several.isEmpty()) {
      out.println();
      out.println(several);
    }
    findings(evaluation, remarks);
    out.println();
    out.printf(
        Locale.ROOT,
        "%s, %d ignored, %s gave no answers; %s%n",
        count(answered, "port"),
        ignored,
        evaluation.unevaluable().isEmpty()
            ? "none"
            : "" + evaluation.unevaluable().size(),
        effort(evaluation));
  }

  private static String needs(Port port) {
    if (port.ignore().isPresent()) {
      return "ignored";
    }
    long needs = port.dependencies().stream().map(each -> each.on()).distinct().count();
    return Long.toString(needs);
  }

  /** The flavors that are not shown as rows of their own, where one port is looked at. */
  private static String flavors(Evaluation evaluation) {
    return evaluation.wanted().size() > 10
        ? ""
        : evaluation.wanted().stream()
            .map(spec -> evaluation.ports().get(spec))
            .filter(port -> port != null && port.flavors().size() > 1)
            .map(port -> port.spec().origin() + " has the flavors "
                + port.flavors().stream().map(Object::toString).collect(Collectors.joining(", ")))
            .distinct()
            .collect(Collectors.joining(System.lineSeparator()));
  }

  private void findings(Evaluation evaluation, List<String> remarks) {
    List<String> sentences = new ArrayList<>();
    for (Unevaluable bad : evaluation.unevaluable()) {
      sentences.add(bad.spec() + ": no answers: " + bad.message());
    }
    for (OriginSpec spec : evaluation.wanted()) {
      Port port = evaluation.ports().get(spec);
      if (port != null && port.ignore().isPresent()) {
        sentences.add(spec + ": ignored: " + port.ignore().get());
      }
    }
    for (Finding finding : evaluation.findings()) {
      sentences.add(finding.port().map(port -> port + ": ").orElse("") + finding.message());
    }
    sentences.addAll(remarks);
    if (!sentences.isEmpty()) {
      out.println();
      sentences.forEach(sentence -> Wrapped.print(out, sentence));
    }
  }

  static String effort(Evaluation evaluation) {
    var effort = evaluation.effort();
    return String.format(
        Locale.ROOT,
        "%,d asked, %,d known, %s",
        effort.asked(),
        effort.kept(),
        EvaluationProgress.time(effort.wall()));
  }

  private static String count(int count, String what) {
    return String.format(Locale.ROOT, "%,d %s%s", count, what, count == 1 ? "" : "s");
  }

  private static String row(String origin, String name, String needs) {
    String text = pad(origin, ORIGIN_COLUMNS) + " " + pad(name, NAME_COLUMNS) + " " + needs;
    return text.stripTrailing();
  }

  private static String pad(String text, int columns) {
    return text.length() >= columns ? text : text + " ".repeat(columns - text.length());
  }
}
