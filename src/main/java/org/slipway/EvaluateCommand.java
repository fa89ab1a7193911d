package org.slipway;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.Writer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Reach;
import org.slipway.evaluate.Sources;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Asks a tree's ports for their metadata; no farm is needed. */
@Command(
    name = "evaluate",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Asks the ports of a tree for their metadata, as a farm does before it builds.",
      "Without ORIGIN: every port that the tree's category makefiles list.",
      "Exit status 1 where a port gave no answers."
    })
final class EvaluateCommand implements Callable<Integer> {
  @Mixin
  private EvaluationOptions options = new EvaluationOptions();

  @Option(names = "--flavors", description = "every flavor of each port, not its default alone")
  private boolean flavors;

  @Option(
      names = "--since",
      paramLabel = "REF",
      description = "what changed in the answers since a commit, branch or tag")
  private @Nullable String since;

  @Option(
      names = "--json",
      paramLabel = "FILE",
      description = "one JSON object a port and line into FILE; a dash is the terminal or pipe")
  private @Nullable String json;

  @Parameters(
      paramLabel = "ORIGIN",
      description = "category/port, category/port@flavor or category/port@all")
  private List<String> origins = new ArrayList<>();

  @Override
  public Integer call() throws Exception {
    PrintStream out = Main.out();
    try (TreeSurvey survey = TreeSurvey.open(options)) {
      EvaluationProgress progress =
          new EvaluationProgress(out, Main.terminal() && !"-".equals(json));
      try {
        return run(survey, progress, out);
      } finally {
        progress.wipe();
        out.flush();
      }
    }
  }

  private int run(TreeSurvey survey, EvaluationProgress progress, PrintStream out)
      throws IOException, InterruptedException {
    Evaluation before = null;
    if (since != null) {
      before = survey.evaluate(survey.sources(since), words(), Reach.ASKED, progress);
    }
    Sources sources = survey.sources();
    Evaluation evaluation = survey.evaluate(sources, words(), Reach.ASKED, progress);
    progress.wipe();
    if (before != null) {
      changes(before, evaluation, out);
    } else if (json != null) {
      try (Writer writer = writer(json, out)) {
        new PortJson(writer).write(evaluation, sources);
      }
      System.err.println("slipway: " + evaluation.ports().size() + " ports, "
          + evaluation.unevaluable().size() + " gave no answers; "
          + PortTable.effort(evaluation));
    } else {
      new PortTable(out).print(evaluation, survey.remarks());
    }
    return evaluation.unevaluable().isEmpty() ? 0 : 1;
  }

  private void changes(Evaluation before, Evaluation after, PrintStream out) throws IOException {
    List<AnswerChanges.Change> changes = AnswerChanges.between(before, after);
    if (json != null) {
      try (Writer writer = writer(json, out)) {
        AnswerChanges.write(changes, new PortJson(writer));
      }
    } else {
      AnswerChanges.print(changes, out);
      out.println(
          changes.isEmpty()
              ? "no answer of any port differs; " + PortTable.effort(after)
              : changes.size()
                  + (changes.size() == 1 ? " port differs; " : " ports differ; ")
                  + PortTable.effort(after));
    }
  }

  /** Every flavor of a port that is named without one, where that is asked for. */
  private List<String> words() {
    if (origins.isEmpty()) {
      return List.of(flavors ? "all@all" : "all");
    }
    return origins.stream()
        .map(word -> flavors && word.indexOf('@') < 0 ? word + "@all" : word)
        .toList();
  }

  private static Writer writer(String file, PrintStream out) throws IOException {
    if (file.equals("-")) {
      return new BufferedWriter(new OutputStreamWriter(out, StandardCharsets.UTF_8));
    }
    try {
      return Files.newBufferedWriter(Path.of(file));
    } catch (IOException e) {
      throw new IOException("the file " + file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
