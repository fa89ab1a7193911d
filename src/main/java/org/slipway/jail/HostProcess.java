package org.slipway.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Short programs of the host, run by the farm itself outside of any jail. */
final class HostProcess {
  /** All that such a program sees of an environment. */
  static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private HostProcess() {}

  /** Whether there is such a program. */
  static boolean installed(String program) {
    return find(program).isPresent();
  }

  private static Optional<Path> find(String program) {
    return program.contains("/")
        ? Optional.empty()
        : List.of(PATH.split(":", -1)).stream()
            .map(folder -> Path.of(folder, program))
            .filter(Files::isExecutable)
            .findFirst();
  }

  /** A builder with nothing but a path in its environment. */
  static ProcessBuilder builder(List<String> argv) {
    ProcessBuilder builder = new ProcessBuilder(argv);
    builder.environment().clear();
    builder.environment().put("PATH", PATH);
    return builder;
  }

  /** The same for a program of the system's, looked up in that path and not in the farm's own. */
  static ProcessBuilder ofSystem(List<String> argv) {
    List<String> words = new ArrayList<>(argv);
    find(argv.get(0)).ifPresent(program -> words.set(0, program.toString()));
    return builder(words);
  }

  /**
   * Runs it to its end and returns what it said when it failed, null when it did not. Most of these
   * clean up, so an interrupt does not cut them short: it is there for whoever waits next.
   */
  static @Nullable String run(List<String> argv, long seconds) throws IOException {
    Process process;
    try {
      process = ofSystem(argv).redirectErrorStream(true).start();
    } catch (IOException e) {
      return argv.get(0) + " cannot be run: " + e.getMessage();
    }
    try {
      process.getOutputStream().close();
      String said;
      try (var output = process.getInputStream()) {
        said = new String(output.readNBytes(8192), StandardCharsets.UTF_8).strip();
        output.skip(Long.MAX_VALUE);
      }
      if (!ended(process, seconds)) {
        return argv.get(0) + " did not end in " + seconds + " s";
      }
      return process.exitValue() == 0
          ? null
          : argv.get(0) + " failed" + (said.isEmpty() ? "" : ": " + said);
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean ended(Process process, long seconds) {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    boolean interrupted = false;
    try {
      while (true) {
        try {
          return process.waitFor(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
          interrupted = true;
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
