package org.slipway;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slipway.build.BuildRequest;
import org.slipway.packages.OriginSpec;
import org.slipway.trial.Outcome;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Builds and tests one port of a folder, with what it needs; no farm is needed. */
@Command(
    name = "testport",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Builds and tests a port of a tree in a folder, as it stands there; no farm is needed.",
      "What it needs is taken from a repository where it fits, from earlier runs, or built.",
      "Exit status 1 where the port, or one that it needs, fails."
    })
final class TestportCommand implements Callable<Integer> {
  @Mixin
  private TrialOptions options = new TrialOptions();

  @Option(names = "--no-test", description = "only make the package, as a farm does")
  private boolean noTest;

  @Option(
      names = "--shell",
      description = "a shell in the jail when the last phase has ended, well or not")
  private boolean shell;

  @Option(names = "--keep", description = "keep the work folder of a failed build as an archive")
  private boolean keep;

  @Option(names = "--json", description = "how it ended as one JSON object, and nothing else")
  private boolean json;

  @Parameters(paramLabel = "ORIGIN", description = "category/port or category/port@flavor")
  private String origin = "";

  private final PrintStream out;

  TestportCommand() {
    this(Main.out());
  }

  TestportCommand(PrintStream out) {
    this.out = out;
  }

  @Override
  public Integer call() throws Exception {
    if (shell && json) {
      throw options.evaluation().wrong("--shell and --json both want the output; give one");
    }
    EvaluationProgress evaluating = new EvaluationProgress(out, Main.terminal() && !json);
    try (Interruption interruption = Interruption.watched()) {
      try (TrialProgress progress = new TrialProgress(out, Main.terminal(), json, shell);
          TrialSession session = TrialSession.open(options, List.of(origin), evaluating)) {
        return run(session, progress, interruption);
      } catch (InterruptedException e) {
        // Said at once: the program ends as soon as all is cleaned up.
        System.err.println("slipway: stopped; nothing is left of the build");
        return 1;
      }
    } finally {
      out.flush();
    }
  }

  private int run(TrialSession session, TrialProgress progress, Interruption interruption)
      throws IOException, InterruptedException {
    OriginSpec spec = session.only();
    if (!json) {
      out.println(spec + " for " + session.evaluation().target().abi() + ", in a jail by "
          + session.jails());
      session.remarks().forEach(each -> Wrapped.print(out, each));
    }
    BuildRequest.Mode mode = noTest ? BuildRequest.Mode.PACKAGE : BuildRequest.Mode.TEST;
    Outcome outcome = session.trial(keep, progress).build(spec, mode);
    if (interruption.happened()) {
      throw new InterruptedException();
    }
    Optional<Path> file = Optional.empty();
    if (outcome instanceof Outcome.Done done) {
      Files.createDirectories(session.results());
      file = Optional.of(session.results().resolve(done.built().fileName()));
      Files.move(done.file(), file.get(), StandardCopyOption.REPLACE_EXISTING);
    }
    progress.close();
    if (json) {
      out.println(TrialJson.of(spec, outcome, file, progress));
    } else {
      new TrialText(out, !shell).print(spec, outcome, noTest ? "built" : "passed", file);
    }
    return outcome instanceof Outcome.Done ? 0 : 1;
  }
}
