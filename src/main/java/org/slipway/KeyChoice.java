package org.slipway;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slipway.sign.KeyFileException;
import org.slipway.sign.VerifyingKey;
import picocli.CommandLine;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Which keys a command is about: a farm's by their names, or files. */
final class KeyChoice {
  @Spec(Spec.Target.MIXEE)
  private CommandLine.Model.@Nullable CommandSpec spec;

  @Option(
      names = "--home",
      paramLabel = "DIR",
      description = "a farm's folder, for keys by their names")
  private @Nullable Path home;

  @Option(
      names = "--file",
      paramLabel = "FILE",
      description = "a key wherever it is, private or public; several")
  private List<Path> files = new ArrayList<>();

  @Mixin
  private PassphraseOptions passphrase = new PassphraseOptions();

  @Parameters(
      arity = "0..*",
      paramLabel = "NAME",
      description = "a key of the farm, as in a job's publish: { sign: NAME }")
  private List<String> names = new ArrayList<>();

  /** A key with its name. */
  record Chosen(String name, Path file, VerifyingKey key) {}

  /** At least one. */
  List<Chosen> keys() throws IOException {
    if (home == null && !names.isEmpty()) {
      throw wrong("whose key is " + names.get(0) + "? Give --home, or --file for a file");
    }
    if (names.isEmpty() && files.isEmpty()) {
      throw wrong("which key? Give --home DIR NAME, or --file FILE");
    }
    List<Chosen> chosen = new ArrayList<>();
    for (String name : names) {
      Path file = ofFarm(Objects.requireNonNull(home), name);
      chosen.add(new Chosen(name, file, VerifyingKey.read(file)));
    }
    for (Path file : files) {
      chosen.add(new Chosen(name(file), file, VerifyingKey.read(file, passphrase.passphrase())));
    }
    return chosen;
  }

  Chosen one() throws IOException {
    if (names.size() + files.size() > 1) {
      throw wrong("one key at a time, please");
    }
    return keys().get(0);
  }

  CommandLine.ParameterException wrong(String message) {
    return new CommandLine.ParameterException(Objects.requireNonNull(spec).commandLine(), message);
  }

  private static Path ofFarm(Path home, String name) throws KeyFileException {
    Path keys = home.resolve("keys");
    Path file = keys.resolve(name + ".pub").normalize();
    if (!keys.normalize().equals(file.getParent()) || !Files.isReadable(file)) {
      throw new KeyFileException("there is no key \"" + name + "\" in " + keys
          + "; a farm makes it at its first start, or ./slipway key generate does");
    }
    return file;
  }

  /** What a file's name says, without what follows its last dot. */
  private static String name(Path file) {
    String text = String.valueOf(file.getFileName());
    int dot = text.lastIndexOf('.');
    String name = dot > 0 ? text.substring(0, dot) : text;
    return name.matches("[A-Za-z0-9][A-Za-z0-9._-]{0,63}") ? name : "key";
  }
}
