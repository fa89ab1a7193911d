package org.slipway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.Digest;
import org.slipway.schedule.FarmException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What a client needs to know of a key; only its public half is read. */
@Command(
    name = "key",
    mixinStandardHelpOptions = true,
    description = "Shows a signing key's public half, for clients to trust.",
    synopsisSubcommandLabel = "COMMAND")
final class KeyCommand implements Callable<Integer> {
  @CommandLine.Spec
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Override
  public Integer call() {
    throw new CommandLine.ParameterException(
        java.util.Objects.requireNonNull(spec).commandLine(), "which? show or fingerprint");
  }

  @Command(
      name = "show",
      mixinStandardHelpOptions = true,
      description = "Prints the public key, as PEM.")
  int show(@Mixin Asked asked) throws IOException {
    System.out.print(Files.readString(publicKey(asked.home, asked.name)));
    return 0;
  }

  @Command(
      name = "fingerprint",
      mixinStandardHelpOptions = true,
      description = "Prints what pkg clients pin: the SHA-256 of the public key's PEM text.")
  int fingerprint(@Mixin Asked asked) throws IOException {
    System.out.println(Digest.of(publicKey(asked.home, asked.name)));
    return 0;
  }

  /** Which key of which farm. */
  static final class Asked {
    @Option(
        names = "--home",
        paramLabel = "DIR",
        required = true,
        description = "the farm's folder")
    private Path home = Path.of("");

    @Parameters(
        paramLabel = "NAME",
        description = "the key's name, as in a job's publish: { sign: NAME }")
    private String name = "";
  }

  private static Path publicKey(Path home, String name) throws FarmException {
    Path keys = home.resolve("keys");
    Path file = keys.resolve(name + ".pub").normalize();
    if (!keys.normalize().equals(file.getParent()) || !Files.isReadable(file)) {
      throw new FarmException(
          "there is no key \"" + name + "\" in " + keys + "; a farm makes it at its first start");
    }
    return file;
  }
}
