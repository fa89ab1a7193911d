package org.slipway;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Keys that sign repositories: makes them, and tells what clients need of them. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Makes signing keys, and shows what clients need to trust one.",
    subcommands = {
      KeyGenerateCommand.class,
      KeyShowCommand.class,
      KeyFingerprintCommand.class,
      KeyClientCommand.class
    },
    synopsisSubcommandLabel = "COMMAND")
final class KeyCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        Objects.requireNonNull(spec).commandLine(), "which? generate, show, fingerprint or client");
  }
}
