package org.slipway;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slipway.jail.BaseName;
import org.slipway.jail.Bases;
import picocli.CommandLine;
import picocli.CommandLine.Option;

/** What every command about bases is told. */
final class BaseOptions {
  @CommandLine.Spec(CommandLine.Spec.Target.MIXEE)
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      required = true,
      description = "the farm's folder; bases are in DIR/bases")
  private Path home = Path.of("");

  Path home() {
    return home.toAbsolutePath().normalize();
  }

  Bases bases() {
    return new Bases(home().resolve("bases"));
  }

  /** The same, where nothing is made. */
  Bases there() throws IOException {
    if (!Files.isDirectory(home())) {
      throw new IOException("there is no folder " + home() + "; --home is the farm's folder");
    }
    return bases();
  }

  BaseName name(String word) {
    try {
      return new BaseName(word);
    } catch (IllegalArgumentException e) {
      throw wrong(String.valueOf(e.getMessage()));
    }
  }

  PrintWriter out() {
    return Objects.requireNonNull(spec).commandLine().getOut();
  }

  CommandLine.ParameterException wrong(String sentence) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), sentence);
  }
}
