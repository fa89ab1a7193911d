package org.slipway;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.jail.HostFinding;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Says what this host offers a farm. */
@Command(
    name = "doctor",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = {
      "Says what this host offers a farm and what is missing, with what to run or write about it.",
      "Exit status 0 where a farm can build here, else 1. It changes nothing."
    })
final class DoctorCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "the farm's folder, whose file system is looked at (default: target/demo)")
  private @Nullable Path home;

  @Option(names = "--json", description = "as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    Path program = Main.program();
    Path folder =
        home == null ? program.resolve("target/demo") : home.toAbsolutePath().normalize();
    List<HostFinding> findings = new Doctor(program, folder.resolve("jails")).look();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      Doctor.json(findings, out);
    } else {
      Doctor.print(findings, out);
    }
    return Doctor.ready(findings) ? 0 : 1;
  }
}
