package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.Charset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Reach;
import org.slipway.graph.PortGraph;
import org.slipway.packages.OriginSpec;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows what a port needs and what needs it; no farm is needed. */
@Command(
    name = "graph",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Prints what a port needs and what needs it, as two trees.",
      "The whole tree is evaluated for it, from the second time on only what changed."
    })
final class GraphCommand implements Callable<Integer> {
  @Mixin
  private EvaluationOptions options = new EvaluationOptions();

  @Option(
      names = "--depth",
      paramLabel = "N",
      description = "how many steps from the port (default: as many as a screen or two holds)")
  private @Nullable Integer depth;

  @Option(names = "--dot", description = "for Graphviz")
  private boolean dot;

  @Option(names = "--json", description = "everything as one JSON object")
  private boolean json;

  @Option(names = "--ascii", description = "trees without box-drawing characters")
  private boolean ascii;

  @Parameters(paramLabel = "ORIGIN", description = "category/port or category/port@flavor")
  private String origin = "";

  @Override
  public Integer call() throws Exception {
    if (depth != null && depth < 0) {
      throw options.wrong("--depth " + depth + " goes nowhere; give 0 or more");
    }
    if (dot && json) {
      throw options.wrong("--dot and --json are two forms; give one of them");
    }
    OriginSpec asked = asked();
    PrintStream out = Main.out();
    EvaluationProgress progress = new EvaluationProgress(out, Main.terminal() && !dot && !json);
    try (TreeSurvey survey = TreeSurvey.open(options)) {
      Evaluation evaluation =
          survey.evaluate(survey.sources(), List.of("all", origin), Reach.NEEDED, progress);
      progress.wipe();
      PortGraph graph = PortGraph.of(evaluation);
      Optional<OriginSpec> found = Lineage.find(graph, evaluation, asked);
      if (found.isEmpty() || isMissing(found.get(), evaluation)) {
        throw new IOException(missing(asked, evaluation));
      }
      write(
          Lineage.of(
              graph,
              evaluation,
              found.get(),
              depth == null ? OptionalInt.empty() : OptionalInt.of(depth)),
          out);
      return 0;
    } finally {
      progress.wipe();
      out.flush();
    }
  }

  private void write(Lineage lineage, PrintStream out) throws IOException {
    if (dot) {
      LineageDot.write(lineage, out);
    } else if (json) {
      LineageJson.write(lineage, out);
    } else {
      boolean plain = ascii || !Charset.defaultCharset().name().equals("UTF-8");
      LineageText.write(lineage, plain, out);
    }
  }

  private OriginSpec asked() {
    try {
      return OriginSpec.parse(origin);
    } catch (IllegalArgumentException e) {
      throw options.wrong(String.valueOf(e.getMessage()));
    }
  }

  /** A word that leads nowhere has a place in the graph, too. */
  private static boolean isMissing(OriginSpec spec, Evaluation evaluation) {
    return evaluation.unevaluable().stream()
        .anyMatch(bad -> bad.spec().equals(spec)
            && bad.message().startsWith(spec.origin() + " is not in the tree"));
  }

  private static String missing(OriginSpec asked, Evaluation evaluation) {
    List<String> names = new ArrayList<>();
    evaluation.ports().keySet().forEach(spec -> names.add(spec.origin().toString()));
    return asked + " is not in the tree"
        + Nearest.to(asked.origin().toString(), names)
            .map(near -> "; did you mean " + near + "?")
            .orElse("");
  }
}
