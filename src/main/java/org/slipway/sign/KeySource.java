package org.slipway.sign;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Where a signing key is, as a farm's settings say it. */
public sealed interface KeySource {
  /** In the farm's own key folder, where it is made when there is none. */
  record Kept(Passphrase passphrase) implements KeySource {}

  /** In a file elsewhere, which must be there. */
  record KeyFile(Path path, Passphrase passphrase) implements KeySource {}

  /**
   * With a program that signs, such as {@code ssh signer sign-repo}; the key may be on another host.
   *
   * @param argv the program and its arguments; no shell reads them
   * @param time within which each signature has to be there
   */
  record Command(List<String> argv, Duration time) implements KeySource {
    public Command {
      argv = List.copyOf(argv);
      if (argv.isEmpty() || argv.get(0).isBlank()) {
        throw new IllegalArgumentException("a signing command needs a program");
      }
      if (time.isNegative() || time.isZero()) {
        throw new IllegalArgumentException("a signing command needs time, not " + time);
      }
    }
  }
}
