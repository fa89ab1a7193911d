package org.slipway;

import java.io.PrintStream;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.bench.Meanwhile;
import org.slipway.bench.PackageBench;
import org.slipway.bench.PackageReport;
import org.slipway.bench.Told;
import org.slipway.jail.Jails;
import org.slipway.packages.PackageWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures writing one large package beside bsdtar on the same files. */
@Command(
    name = "package",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Writes one package and, with bsdtar --zstd at the same level, one tar of the same made-up"
          + " files, in one run.",
      "Needs bsdtar; on FreeBSD that is tar, on Debian it comes with libarchive-tools."
    })
final class BenchPackageCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--size-mb",
      paramLabel = "N",
      description = "MiB of files (default: ${DEFAULT-VALUE})")
  private int size = 200;

  @Option(
      names = "--level",
      paramLabel = "N",
      description = "zstd's level, 1 to 19 (default: ${DEFAULT-VALUE})")
  private int level = PackageWriter.Settings.DEFAULT.level();

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often; ratios are medians (default: ${DEFAULT-VALUE})")
  private int rounds = 3;

  @Option(names = "--json", description = "the figures as one JSON object on one line")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    PrintStream out = Main.out();
    try (Workspace workspace = Workspace.open(Workspace.usual());
        Jails jails = Jails.open(workspace.own("jails"), true)) {
      Told told = json ? Told.NOBODY : new Meanwhile(out, Main.terminal());
      PackageReport report = new PackageBench(jails, workspace.own("bench"), told)
          .run(new PackageBench.Wish(size, level, rounds));
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
}
