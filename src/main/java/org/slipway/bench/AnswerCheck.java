package org.slipway.bench;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Unevaluable;
import org.slipway.packages.OriginSpec;

/** Holds our answers beside the complete output of plain make, port by port. */
final class AnswerCheck implements PlainMake.Taker {
  private static final List<String> NAMES = List.copyOf(Evaluator.questions().keySet());

  private final Evaluation evaluation;
  private final Map<OriginSpec, String> refusals = new TreeMap<>();
  private final List<Difference> differences = new ArrayList<>();
  private final Told told;
  private int ports;
  private long answers;

  AnswerCheck(Evaluation evaluation, Told told) {
    this.evaluation = evaluation;
    this.told = told;
    for (Unevaluable each : evaluation.unevaluable()) {
      refusals.put(each.spec(), each.message());
    }
  }

  @Override
  public synchronized void take(PlainMake.Asked asked, byte[] output, int status) {
    ports++;
    Optional<Port> port = evaluation.port(asked.spec());
    if (port.isPresent()) {
      compare(port.get(), new String(output, StandardCharsets.UTF_8), status);
    } else {
      answers++;
      if (status == 0) {
        String refusal = refusals.getOrDefault(asked.spec(), "");
        differ(asked.spec(), "evaluation", "no answers: " + refusal, "exit status 0");
      }
    }
    told.step();
  }

  synchronized Verification result() {
    List<Difference> sorted = new ArrayList<>(differences);
    sorted.sort(Comparator.comparing(Difference::port));
    return new Verification(ports, answers, sorted);
  }

  private void compare(Port port, String output, int status) {
    answers += NAMES.size();
    if (status != 0) {
      differ(port.spec(), "evaluation", "answers", "exit status " + status);
      return;
    }
    StringBuilder ours = new StringBuilder();
    NAMES.forEach(name -> ours.append(port.variable(name)).append('\n'));
    if (!output.contentEquals(ours)) {
      tell(port, output);
    }
  }

  /**
   * Where all values together have as many lines as ours, each that differs. Else one value ends
   * where the next begins and only the ends can be told apart: all between what is the same from
   * the start and what is the same from the end.
   */
  private void tell(Port port, String output) {
    List<String> theirs = lines(output.endsWith("\n") ? output : output + "\n");
    List<List<String>> ours =
        NAMES.stream().map(name -> lines(port.variable(name) + "\n")).toList();
    int[] starts = new int[ours.size() + 1];
    for (int i = 0; i < ours.size(); i++) {
      starts[i + 1] = starts[i] + ours.get(i).size();
    }
    int more = theirs.size() - starts[ours.size()];
    int first = 0;
    while (first < ours.size() && ours.get(first).equals(part(theirs, starts, first, 0))) {
      first++;
    }
    int last = ours.size() - 1;
    while (last >= 0 && ours.get(last).equals(part(theirs, starts, last, more))) {
      last--;
    }
    if (more != 0) {
      int from = Math.max(0, Math.min(first, last));
      int to = Math.max(from, last);
      List<String> values =
          ours.subList(from, to + 1).stream().flatMap(List::stream).toList();
      differ(
          port.spec(),
          NAMES.get(from) + (to > from ? " to " + NAMES.get(to) : ""),
          text(values),
          text(part(theirs, starts[from], starts[to + 1] + more)));
      return;
    }
    for (int i = first; i <= last; i++) {
      List<String> other = part(theirs, starts, i, 0);
      if (!ours.get(i).equals(other)) {
        differ(port.spec(), NAMES.get(i), text(ours.get(i)), text(other));
      }
    }
  }

  /** Where a value lies if so many lines before it are more than ours. */
  private static List<String> part(List<String> lines, int[] starts, int value, int more) {
    return part(lines, starts[value] + more, starts[value + 1] + more);
  }

  private static List<String> part(List<String> lines, int from, int to) {
    int start = Math.max(0, Math.min(from, lines.size()));
    return lines.subList(start, Math.max(start, Math.min(to, lines.size())));
  }

  private static String text(List<String> lines) {
    return String.join("\n", lines);
  }

  /** Without the last line's end. */
  private static List<String> lines(String text) {
    return List.of(text.substring(0, text.length() - 1).split("\n", -1));
  }

  private void differ(OriginSpec spec, String what, String ours, String other) {
    int same = 0;
    int most = Math.min(ours.length(), other.length());
    while (same < most && ours.charAt(same) == other.charAt(same)) {
      same++;
    }
    // Of long values the part where they part.
    int from = Math.max(0, same - 40);
    String dots = from > 0 ? "..." : "";
    differences.add(new Difference(
        spec.toString(), what, dots + ours.substring(from), dots + other.substring(from)));
  }
}
