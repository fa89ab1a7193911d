package org.slipway.jail;

import java.io.ByteArrayOutputStream;
import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The input and output of whoever started this program, lent to a jailed command. A terminal is made
 * raw meanwhile, for each key is the command's, and is as it was when this is closed, or when the
 * program ends before. What is in a jail never has it open: whoever has a terminal open can put
 * words into its input (TIOCSTI, ioctl_tty(2)), which a shell outside would then run.
 */
final class Terminal implements AutoCloseable {
  /** Long enough for a person; the command's own limits are for builds. */
  private static final Duration SITTING = Duration.ofDays(7);

  /**
   * Runs $1, a command line, on a terminal of its own where there is a program that makes one. The
   * two programs of that name differ in their options.
   */
  private static final String ON_TERMINAL = """
      if ! command -v script >/dev/null; then exec /bin/sh -c "$1"; fi
      if script --version >/dev/null 2>&1; then exec script -q -e -c "$1" /dev/null; fi
      exec script -q /dev/null /bin/sh -c "$1"
      """;

  private final @Nullable String settings;
  private final String size;
  private final Thread restoring = new Thread(this::restore, "terminal");

  private Terminal(@Nullable String settings, String size) {
    this.settings = settings;
    this.size = size;
  }

  static Terminal open() throws IOException, InterruptedException {
    Optional<String> settings = stty(List.of("-g"));
    if (settings.isEmpty() || !settings.get().matches("[0-9A-Za-z:=_,. -]{1,1000}")) {
      return new Terminal(null, "");
    }
    String size = stty(List.of("size")).orElse("");
    Terminal terminal =
        new Terminal(settings.get(), size.matches("[0-9]{1,4} [0-9]{1,4}") ? size : "");
    Runtime.getRuntime().addShutdownHook(terminal.restoring);
    stty(List.of("raw", "-echo"));
    return terminal;
  }

  /** The command with this input, and with time for a person. */
  Command command(Command command) {
    Limits limits = command.limits();
    Map<String, String> environment = new TreeMap<>(command.environment());
    List<String> argv = command.argv();
    if (settings != null) {
      String term = System.getenv("TERM");
      if (term != null && term.matches("[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}")) {
        environment.put("TERM", term);
      }
      // script(1) runs its command by this.
      environment.put("SHELL", "/bin/sh");
      argv = List.of("/bin/sh", "-c", ON_TERMINAL, "sh", line(argv));
    }
    return new Command(
        argv,
        environment,
        command.directory(),
        command.user(),
        command.network(),
        new Limits(
            SITTING,
            SITTING,
            Long.MAX_VALUE,
            limits.memoryBytes(),
            limits.processes(),
            limits.openFiles(),
            limits.cpuPercent()),
        Optional.of(new FileInputStream(FileDescriptor.in)));
  }

  /** Not buffered: who types wants to see it. */
  OutputStream output() {
    return new FileOutputStream(FileDescriptor.out);
  }

  /** Words as one line for a shell, with the size of the terminal set before. */
  private String line(List<String> argv) {
    List<String> words = new ArrayList<>();
    for (String word : argv) {
      words.add("'" + word.replace("'", "'\\''") + "'");
    }
    String[] numbers = size.split(" ", -1);
    String sized = numbers.length == 2
        ? "stty rows " + numbers[0] + " cols " + numbers[1] + " 2>/dev/null; "
        : "";
    return sized + words.stream().collect(Collectors.joining(" "));
  }

  private void restore() {
    if (settings != null) {
      try {
        stty(List.of(settings.split(" ", -1)));
      } catch (IOException e) {
        // The terminal is gone, and needs nothing any more.
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  @Override
  public void close() {
    if (settings == null) {
      return;
    }
    // An interrupt that is pending would keep stty from being waited for.
    boolean interrupted = Thread.interrupted();
    restore();
    try {
      Runtime.getRuntime().removeShutdownHook(restoring);
    } catch (IllegalStateException e) {
      // The program is ending; the hook does the same once more.
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** What stty(1) says with this program's input as its own; empty where it fails: no terminal. */
  private static Optional<String> stty(List<String> arguments)
      throws IOException, InterruptedException {
    List<String> argv = new ArrayList<>(List.of("stty"));
    argv.addAll(arguments);
    Process process;
    try {
      process = HostProcess.builder(argv)
          .redirectInput(ProcessBuilder.Redirect.INHERIT)
          .redirectErrorStream(true)
          .start();
    } catch (IOException e) {
      return Optional.empty();
    }
    try (var output = process.getInputStream()) {
      ByteArrayOutputStream said = new ByteArrayOutputStream();
      output.transferTo(said);
      return process.waitFor(10, TimeUnit.SECONDS) && process.exitValue() == 0
          ? Optional.of(said.toString(StandardCharsets.UTF_8).strip())
          : Optional.empty();
    } finally {
      process.destroyForcibly();
    }
  }
}
