package org.slipway.jail;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A program of the host that makes a system and writes it to its standard output. It ends, with all
 * that it started, when this process does: a shell beside it waits for the end of its own standard
 * input. What it says on its standard error is told line by line.
 */
final class BaseProgram {
  /**
   * Starts the program, and ends it when the standard input ends; its exit status is the
   * program's.
   */
  static final String SUPERVISOR = """
      exec 3<&0 </dev/null
      "$@" 3<&- &
      program=$!
      (read -r _ <&3; kill -TERM $program; sleep 5; kill -KILL $program) >/dev/null 2>&1 &
      watch=$!
      exec 3<&- >/dev/null
      wait $program
      code=$?
      kill -KILL $watch 2>/dev/null
      exit $code
      """;

  /** Those that say how the network is reached, and where programs keep what is theirs. */
  private static final List<String> KEPT =
      List.of("HOME", "http_proxy", "https_proxy", "ftp_proxy", "no_proxy", "all_proxy");

  /** Once all that it writes was read, only its own cleaning is left. */
  private static final long LONGEST_END_MINUTES = 10;

  private static final int TAIL_LINES = 3;

  /** Takes what the program writes. */
  interface Reader {
    void read(InputStream output) throws IOException;
  }

  private final String name;
  private final Path temporary;
  private final BaseProgress progress;

  BaseProgram(String name, Path temporary, BaseProgress progress) {
    this.name = name;
    this.temporary = temporary;
    this.progress = progress;
  }

  /**
   * Runs it to its end.
   *
   * @throws BaseException where it is not installed or fails; with the last that it said
   */
  void run(List<String> argv, Reader reader) throws IOException {
    List<String> whole = new ArrayList<>(List.of("sh", "-c", SUPERVISOR, name));
    if (Integer.valueOf(0).equals(Files.getAttribute(temporary, "unix:uid"))) {
      // The end of the first process of these namespaces is the end of all in them, mounts too.
      whole.addAll(
          List.of("unshare", "--mount", "--pid", "--fork", "--mount-proc", "--kill-child=KILL"));
    }
    whole.addAll(argv);
    requireInstalled();
    ProcessBuilder builder = HostProcess.builder(whole);
    for (String variable : KEPT) {
      String value = System.getenv(variable);
      if (value != null) {
        builder.environment().put(variable, value);
      }
    }
    builder.environment().put("TMPDIR", temporary.toString());
    builder.environment().put("LC_ALL", "C.UTF-8");
    // Same packages, same bytes: times that programs write into files are this one.
    builder.environment().put("SOURCE_DATE_EPOCH", "1");
    Process process = builder.start();
    Tail tail = new Tail(process);
    tail.start();
    progress.at("running " + name, 0, 0);
    try {
      IOException fault = read(process, reader);
      if (!process.waitFor(LONGEST_END_MINUTES, TimeUnit.MINUTES)) {
        throw new BaseException(name + " does not end");
      }
      tail.join(TimeUnit.SECONDS.toMillis(5));
      if (process.exitValue() != 0) {
        String cause = fault == null ? "" : "; " + fault.getMessage();
        throw new BaseException(name + " failed: " + tail.last() + cause, fault);
      }
      if (fault != null) {
        throw fault;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " ran", e);
    } finally {
      process.getOutputStream().close();
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  /** What went wrong with its output may be for its own failure, which is told first then. */
  private static @Nullable IOException read(Process process, Reader reader) throws IOException {
    try (InputStream output = process.getInputStream()) {
      reader.read(output);
      return null;
    } catch (BaseException e) {
      return e;
    }
  }

  private void requireInstalled() throws BaseException {
    boolean there = List.of(HostProcess.PATH.split(":", -1)).stream()
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, name)));
    if (!there) {
      throw new BaseException(name + " is not installed; on Debian, run: apt-get install " + name);
    }
  }

  /** Listens to the standard error. */
  private final class Tail extends Thread {
    private final Process process;
    private volatile List<String> lines = List.of();

    Tail(Process process) {
      super("base-program");
      this.process = process;
      setDaemon(true);
    }

    @Override
    public void run() {
      try (BufferedReader errors = new BufferedReader(
          new InputStreamReader(process.getErrorStream(), StandardCharsets.UTF_8))) {
        for (String line = errors.readLine(); line != null; line = errors.readLine()) {
          if (!line.isBlank()) {
            progress.at("running " + name, 0, 0);
            List<String> kept = new ArrayList<>(lines);
            kept.add(BaseText.shown(line.strip()));
            int tail = Math.max(0, kept.size() - TAIL_LINES);
            lines = List.copyOf(kept.subList(tail, kept.size()));
          }
        }
      } catch (IOException e) {
        // The pipe was closed under us: the run is over.
      }
    }

    String last() {
      List<String> said = lines;
      return said.isEmpty() ? "it said nothing" : String.join("; ", said);
    }
  }
}
