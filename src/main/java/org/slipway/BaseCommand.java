package org.slipway;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Base systems that builds run in: makes them, lists them, deletes them. */
@Command(
    name = "base",
    mixinStandardHelpOptions = true,
    description = {
      "Keeps base systems in HOME/bases, in which packages are built.",
      "A job names one with target: { base: NAME }."
    },
    subcommands = {BaseCreateCommand.class, BaseListCommand.class, BaseDeleteCommand.class},
    synopsisSubcommandLabel = "COMMAND")
final class BaseCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        Objects.requireNonNull(spec).commandLine(), "which? create, list or delete");
  }
}
