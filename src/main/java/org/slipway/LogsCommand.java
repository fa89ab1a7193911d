package org.slipway;

import java.io.IOException;
import java.io.PrintWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;
import org.slipway.store.LogLines;
import picocli.CommandLine;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Prints a package's build log. */
@Command(
    name = "logs",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Prints the log of a package's build, the newest there is or that of a build.",
      "Terminals' escape sequences are taken out of it."
    })
final class LogsCommand implements Callable<Integer> {
  /** Between two looks at a log that is being written. */
  private static final long PAUSE_MILLIS = 500;

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  /** Where the log is. */
  static final class Where {
    @Option(
        names = "--home",
        paramLabel = "DIR",
        description = "the farm's folder, whether the farm runs or not")
    private @Nullable Path home;

    @Option(
        names = "--farm",
        paramLabel = "URL",
        description = "a running farm's address; takes --build")
    private @Nullable URI farm;
  }

  @ArgGroup(multiplicity = "1")
  private Where where = new Where();

  @Option(names = "--build", paramLabel = "N", description = "the build (default: the newest)")
  private @Nullable Long build;

  @Option(names = "--phase", paramLabel = "PHASE", description = "only this phase, such as build")
  private @Nullable String phase;

  @Option(
      names = "--tail",
      paramLabel = "N",
      description = "only the last N lines of what would be printed")
  private @Nullable Long tail;

  @Option(names = "--times", description = "when each line was written, before it")
  private boolean times;

  @Option(names = "--follow", description = "go on until the build has ended")
  private boolean follow;

  @Option(names = "--phases", description = "where each phase begins, and nothing else")
  private boolean phases;

  @Parameters(paramLabel = "ORIGIN", description = "category/port or category/port@flavor")
  private String origin = "";

  @Override
  public Integer call() throws IOException, InterruptedException {
    Optional<String> only = onlyPhase();
    if (tail != null && tail < 1) {
      throw wrong("--tail " + tail + " is nothing to print; give 1 or more");
    }
    if (follow && (only.isPresent() || phases)) {
      throw wrong("--follow goes on to the end; leave --phase and --phases out");
    }
    LogSource source = source();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    try {
      LogSource.Shape shape = source.shape();
      if (phases) {
        printPhases(shape, out);
      } else {
        print(source, shape, only, out);
      }
    } finally {
      out.flush();
    }
    return 0;
  }

  private LogSource source() throws IOException {
    OriginSpec wanted;
    try {
      wanted = OriginSpec.parse(origin);
    } catch (IllegalArgumentException e) {
      throw wrong(Quoted.printable(String.valueOf(e.getMessage())));
    }
    if (build != null && build < 1) {
      throw wrong("--build " + build + " is no build; they are counted from 1");
    }
    Optional<BuildId> number = Optional.ofNullable(build).map(BuildId::new);
    URI farm = where.farm;
    if (farm == null) {
      return FolderLog.find(Objects.requireNonNull(where.home), number, wanted);
    }
    String scheme = String.valueOf(farm.getScheme());
    if (!List.of("http", "https").contains(scheme) || farm.getHost() == null) {
      throw wrong("--farm " + Quoted.printable(farm.toString())
          + " is no address of a farm; write http://HOST:PORT");
    }
    return new FarmLog(
        farm, number.orElseThrow(() -> wrong("which build? With --farm give --build N")), wanted);
  }

  private Optional<String> onlyPhase() {
    String word = phase;
    List<String> words = Stream.of(Phase.values()).map(Phase::word).toList();
    if (word != null && !words.contains(word)) {
      throw wrong("there is no phase " + Quoted.of(word)
          + Nearest.to(word, words).map(near -> "; did you mean " + near + "?").orElse(""));
    }
    return Optional.ofNullable(word);
  }

  private void print(
      LogSource source, LogSource.Shape begin, Optional<String> only, PrintWriter out)
      throws IOException, InterruptedException {
    long first = 1;
    long last = begin.lines();
    if (only.isPresent()) {
      List<String> words = begin.phases().stream().map(LogSource.Start::phase).toList();
      int at = words.indexOf(only.get());
      if (at < 0) {
        throw new IOException("this build did not come to the phase " + only.get());
      }
      first = begin.phases().get(at).line();
      last = at + 1 < words.size() ? begin.phases().get(at + 1).line() - 1 : last;
    }
    if (tail != null) {
      first = Math.max(first, last - tail + 1);
    }
    LogSource.Shape shape = begin;
    while (follow && !shape.finished()) {
      // A line that is still being written is printed when it is whole.
      first = copy(source, first, shape.lines() - 1, out);
      Thread.sleep(PAUSE_MILLIS);
      shape = source.shape();
      last = shape.lines();
    }
    copy(source, first, last, out);
  }

  /** Copies lines, both ends included; gives the number of the line after them. */
  private long copy(LogSource source, long first, long last, PrintWriter out)
      throws IOException, InterruptedException {
    if (last < first) {
      return first;
    }
    // Cleaned once more, for a farm's answer is a stranger's.
    try (LogLines lines = new LogLines(source.lines(first, last - first + 1, times))) {
      for (String text = lines.next(); text != null; text = lines.next()) {
        out.print(text);
        if (!lines.goesOn()) {
          out.print('\n');
        }
      }
    }
    out.flush();
    return last + 1;
  }

  private static void printPhases(LogSource.Shape shape, PrintWriter out) {
    for (LogSource.Start each : shape.phases()) {
      out.printf(
          "%-16s line %9d  %s\n",
          each.phase(), each.line(), each.moment().map(Object::toString).orElse(""));
    }
    out.printf("%-16s line %9d\n", "end", shape.lines());
  }

  private CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }
}
