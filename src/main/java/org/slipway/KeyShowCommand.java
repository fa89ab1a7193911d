package org.slipway;

import java.io.IOException;
import java.io.PrintWriter;
import java.util.Objects;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Prints a public key. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    sortOptions = false,
    description = "Prints the public half of a key, as PEM.")
final class KeyShowCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Mixin
  private KeyChoice choice = new KeyChoice();

  @Option(names = "--json", description = "with type, length and fingerprint, as one JSON object")
  private boolean json;

  @Override
  public Integer call() throws IOException {
    KeyChoice.Chosen chosen = choice.one();
    PrintWriter out = Objects.requireNonNull(spec).commandLine().getOut();
    if (json) {
      KeyJson.write(chosen.name(), chosen.key(), chosen.file(), out);
    } else {
      out.print(chosen.key().pem());
    }
    out.flush();
    return 0;
  }
}
