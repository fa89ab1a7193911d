package org.slipway;

import java.io.InputStream;
import java.io.PrintStream;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Packages as files, as pkg(8) has them; no farm is needed. */
@Command(
    name = "pkg",
    mixinStandardHelpOptions = true,
    description = "Looks into package files and compares versions. No farm is needed.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      PkgCreateCommand.class,
      PkgInfoCommand.class,
      PkgVerifyCommand.class,
      PkgVersionCommand.class
    })
final class PkgCommand implements Callable<Integer> {
  private final InputStream in;
  private final PrintStream out;

  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  PkgCommand() {
    this(System.in, Main.out());
  }

  PkgCommand(InputStream in, PrintStream out) {
    this.in = in;
    this.out = out;
  }

  InputStream in() {
    return in;
  }

  PrintStream out() {
    return out;
  }

  @Override
  public Integer call() {
    CommandLine line = Objects.requireNonNull(spec).commandLine();
    throw new CommandLine.ParameterException(
        line, "which? " + String.join(", ", line.getSubcommands().keySet()));
  }
}
