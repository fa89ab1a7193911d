package org.slipway;

import java.io.PrintStream;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.bench.JailBench;
import org.slipway.bench.JailReport;
import org.slipway.bench.Meanwhile;
import org.slipway.bench.Told;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Jails beside their runtime. */
@Command(
    name = "jail",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Makes, runs and removes jails for /bin/true, beside the same runtime run by hand and beside"
          + " unshare, turn by turn.",
      "Linux only, as root, with runc or crun installed."
    })
final class BenchJailCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--rounds",
      paramLabel = "N",
      description = "how often; figures are medians (default: ${DEFAULT-VALUE})")
  private int rounds = 50;

  @Option(names = "--json", description = "the figures as one JSON object on one line")
  private boolean json;

  @Override
  public Integer call() throws Exception {
    PrintStream out = Main.out();
    Told told = json ? Told.NOBODY : new Meanwhile(out, Main.terminal());
    try (Workspace workspace = Workspace.open(Workspace.usual())) {
      JailReport report = new JailBench(workspace.own("jails"), rounds, told).run();
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
