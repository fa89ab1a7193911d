package org.slipway;

import java.io.File;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.bench.Meanwhile;
import org.slipway.bench.PublishBench;
import org.slipway.bench.PublishReport;
import org.slipway.bench.Told;
import org.slipway.jail.Jails;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Publishing beside {@code pkg repo}. */
@Command(
    name = "publish",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes small packages, then repositories of them, beside pkg repo where it is installed: of all"
          + " packages, and again when a few changed.",
      "Linux only, because the programs run in jails on this host's own base."
    })
final class BenchPublishCommand implements Callable<Integer> {
  /** As the launcher starts commands that end soon. */
  private static final List<String> JAVA_OPTIONS = List.of(
      "-XX:TieredStopAtLevel=1",
      "-XX:+UseSerialGC",
      "-XX:-UseDynamicNumberOfCompilerThreads",
      "-XX:-UsePerfData",
      "-Xms256m",
      "-Xmn48m",
      "-Xmx256m");

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--packages",
      paramLabel = "N",
      description = "how many (default: ${DEFAULT-VALUE})")
  private int packages = 2_000;

  @Option(
      names = "--changed",
      paramLabel = "N",
      description = "how many of them change (default: ${DEFAULT-VALUE})")
  private int changed = 10;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often; figures are medians (default: ${DEFAULT-VALUE})")
  private int rounds = 1;

  @Option(
      names = "--pkg",
      paramLabel = "PROGRAM",
      description = "the pkg to compare with (default: the one in PATH, if any)")
  private @Nullable Path pkg;

  @Option(names = "--json", description = "the figures as one JSON object on one line")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    if (pkg != null && !Files.isExecutable(pkg)) {
      throw new IOException(pkg + " is no program");
    }
    PrintStream out = Main.out();
    Told told = json ? Told.NOBODY : new Meanwhile(out, Main.terminal());
    try (Workspace workspace = Workspace.open(Workspace.usual());
        Jails jails = Jails.open(workspace.own("jails"), true)) {
      PublishBench.Wish wish = new PublishBench.Wish(
          packages, changed, rounds, pkg == null ? inPath() : Optional.of(pkg), JAVA_OPTIONS);
      PublishReport report = new PublishBench(jails, workspace.own("bench"), told).run(wish);
      if (json) {
        out.println(report.json());
      } else {
        out.println();
        report.lines().forEach(out::println);
      }
      return 0;
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(
          Objects.requireNonNull(spec).commandLine(), String.valueOf(e.getMessage()), e);
    } finally {
      out.flush();
    }
  }

  private static Optional<Path> inPath() {
    String path = Objects.requireNonNullElse(System.getenv("PATH"), "");
    for (String folder : path.split(File.pathSeparator, -1)) {
      Path program = Path.of(folder.isEmpty() ? "." : folder, "pkg");
      if (Files.isExecutable(program) && Files.isRegularFile(program)) {
        return Optional.of(program);
      }
    }
    return Optional.empty();
  }
}
