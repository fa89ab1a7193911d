package org.slipway;

import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;

/** Repositories as files; no farm is needed. */
@Command(
    name = "repo",
    mixinStandardHelpOptions = true,
    description = "Makes repositories of folders of packages, and checks repositories.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RepoCreateCommand.class, RepoVerifyCommand.class})
final class RepoCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        Objects.requireNonNull(spec).commandLine(), "which? create or verify");
  }
}
