package org.slipway.poudriere;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.slipway.jail.HostPipe;
import org.slipway.jail.JailException;

/**
 * Runs commands on the host of a builder, here or through ssh. ssh(1) asks nobody for a password,
 * and notices within two minutes that the other side is gone.
 */
final class HostShell implements AutoCloseable {
  /** ssh's own status for "there was no connection" (ssh(1), EXIT STATUS). */
  private static final int NO_CONNECTION = 255;

  private static final int MOST_TEXT = 1 << 20;

  private final BulkSettings settings;
  private final HostPipe pipe = new HostPipe();

  HostShell(BulkSettings settings) {
    this.settings = settings;
  }

  /** What is run here so that these words are run there. */
  static List<String> argv(BulkSettings settings, List<String> words) {
    if (settings.host().isEmpty()) {
      return words;
    }
    List<String> argv = new ArrayList<>(settings.ssh());
    for (String option : List.of("BatchMode=yes", "ConnectTimeout=15", "ServerAliveInterval=30")) {
      argv.addAll(List.of("-o", option));
    }
    argv.addAll(List.of("--", settings.host().get(), Words.line(words)));
    return List.copyOf(argv);
  }

  /**
   * Runs words to their end.
   *
   * @throws HostAwayException where the host cannot be reached, or not for long enough
   * @throws PoudriereException where they end with another status than 0
   */
  void run(List<String> words, Duration time, HostPipe.Input input, HostPipe.Output output)
      throws IOException {
    HostPipe.End end;
    try {
      end = pipe.run(argv(settings, words), time, input, output);
    } catch (JailException e) {
      throw new HostAwayException(settings.place() + " does not answer: " + e.getMessage(), e);
    }
    if (settings.host().isPresent() && end.status() == NO_CONNECTION) {
      throw new HostAwayException(settings.place() + " cannot be reached"
          + (end.said().isEmpty() ? "" : ": " + end.said()));
    }
    if (end.status() != 0) {
      throw new PoudriereException("a command of the farm's ended with status " + end.status()
          + " on " + settings.place() + (end.said().isEmpty() ? "" : ": " + end.said()));
    }
  }

  /** The same of words that answer with a text; what is more than 1 MiB of it is left out. */
  String ask(List<String> words, Duration time, HostPipe.Input input) throws IOException {
    ByteArrayOutputStream text = new ByteArrayOutputStream();
    run(words, time, input, from -> text.writeBytes(from.readNBytes(MOST_TEXT)));
    return text.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    pipe.close();
  }
}
