package org.slipway;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.slipway.sign.Passphrase;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/**
 * Where a key's passphrase is. There is no option for the passphrase itself: a host shows every
 * user the arguments of every command.
 */
final class PassphraseOptions {
  @ArgGroup
  private @Nullable Place place;

  /** One of both. */
  static final class Place {
    @Option(
        names = "--passphrase-file",
        paramLabel = "FILE",
        description = "a file whose first line is the key's passphrase; mode 0600")
    private @Nullable Path file;

    @Option(
        names = "--passphrase-env",
        paramLabel = "NAME",
        description = "the environment variable that holds the key's passphrase")
    private @Nullable String variable;
  }

  Passphrase passphrase() {
    if (place == null) {
      return Passphrase.none();
    }
    if (place.file != null) {
      return Passphrase.file(place.file);
    }
    return place.variable == null ? Passphrase.none() : Passphrase.environment(place.variable);
  }
}
