package org.slipway.jail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Programs of the host through which data of any length goes, such as ssh: run outside of any jail,
 * with a bound on their time. They see what a {@link HostProgram} sees of the environment. Closing
 * it kills those that run. Safe for several threads.
 */
public final class HostPipe implements AutoCloseable {
  private static final int TAIL = 400;

  /** For streams that a child of the program still holds when the program has ended. */
  private static final long GRACE_MILLIS = 1000;

  private final Set<Process> running = ConcurrentHashMap.newKeySet();
  private volatile boolean closed;

  /** Writes a program's standard input, from a thread of its own. */
  @FunctionalInterface
  public interface Input {
    /** None. */
    Input NOTHING = to -> {};

    void write(OutputStream to) throws IOException;
  }

  /** Reads a program's standard output; what it leaves is thrown away. */
  @FunctionalInterface
  public interface Output {
    /** Read and thrown away. */
    Output NOBODY = from -> {};

    void read(InputStream from) throws IOException;
  }

  /**
   * How a program ended.
   *
   * @param said the end of its standard error in one line, at most 400 bytes
   */
  public record End(int status, String said) {}

  /**
   * Runs a program to its end.
   *
   * @param argv program and arguments, which no shell reads
   * @param time after which it is killed
   * @throws JailException when it cannot be started, takes longer, or this is closed meanwhile
   * @throws IOException also what {@code output} throws, and what {@code input} throws where the
   *     program ended with status 0; it is killed first
   */
  public End run(List<String> argv, Duration time, Input input, Output output) throws IOException {
    String name = argv.get(0);
    Process process = start(argv, name);
    HostProgram.Pump errors = new HostProgram.Pump(process.getErrorStream(), TAIL, true);
    Feeder feeder = new Feeder(process.getOutputStream(), input);
    Watch watch = new Watch(process, time);
    try {
      List.of(errors, feeder, watch).forEach(Thread::start);
      read(process, output, watch, name);
      process.waitFor();
      errors.join(GRACE_MILLIS);
      feeder.join(GRACE_MILLIS);
      requireOwnEnd(watch, name);
      IOException fault = feeder.fault;
      if (process.exitValue() == 0 && fault != null) {
        throw fault;
      }
      return new End(process.exitValue(), HostProgram.line(errors));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " ran", e);
    } finally {
      running.remove(process);
      kill(process);
    }
  }

  private Process start(List<String> argv, String name) throws IOException {
    Process process;
    try {
      process = HostProgram.builder(argv).start();
    } catch (IOException e) {
      throw new JailException(name + " cannot be started: " + HostProgram.reason(e));
    }
    running.add(process);
    if (closed) {
      kill(process);
    }
    return process;
  }

  /**
   * A program that was killed cuts its output short, which must not look like the output's fault.
   */
  private void read(Process process, Output output, Watch watch, String name) throws IOException {
    try (InputStream from = process.getInputStream()) {
      output.read(from);
      from.transferTo(OutputStream.nullOutputStream());
    } catch (IOException e) {
      requireOwnEnd(watch, name);
      throw e;
    }
  }

  private void requireOwnEnd(Watch watch, String name) throws JailException {
    if (closed) {
      throw new JailException(name + " was stopped, for the farm ends");
    }
    if (watch.late) {
      throw new JailException(name + " did not end within " + watch.time.toSeconds() + " s");
    }
  }

  /** Kills what runs; what is started from here on is killed at once. */
  @Override
  public void close() {
    closed = true;
    running.forEach(HostPipe::kill);
  }

  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Ends a program that takes too long. */
  private static final class Watch extends Thread {
    private final Process process;
    private final Duration time;
    private volatile boolean late;

    Watch(Process process, Duration time) {
      super("host-pipe-watch");
      this.process = process;
      this.time = time;
      setDaemon(true);
    }

    @Override
    public void run() {
      try {
        if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
          late = true;
          kill(process);
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /** Writes the input. */
  private static final class Feeder extends Thread {
    private final OutputStream to;
    private final Input input;
    private volatile @Nullable IOException fault;

    Feeder(OutputStream to, Input input) {
      super("host-pipe-input");
      this.to = to;
      this.input = input;
      setDaemon(true);
    }

    @Override
    public void run() {
      try (OutputStream each = to) {
        input.write(each);
      } catch (IOException e) {
        fault = e;
      } catch (RuntimeException e) {
        fault = new IOException("what a program was to read could not be written: " + e, e);
      }
    }
  }
}
