package org.slipway.jail;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * A program of the host that an operator named, such as one that signs: run outside of any jail, with
 * bounds on what it may say and how long it may take. It sees PATH, HOME, USER, LOGNAME and
 * SSH_AUTH_SOCK of the environment and nothing else.
 */
public final class HostProgram {
  /** What every system's pipe holds, so that writing it never waits (PIPE_BUF is 512 at least). */
  private static final int MOST_INPUT = 512;

  private static final int MOST_OUTPUT = 1 << 16;
  private static final int TAIL = 400;
  private static final List<String> KEPT = List.of("HOME", "USER", "LOGNAME", "SSH_AUTH_SOCK");

  /** For streams that a child of the program still holds when the program has ended. */
  private static final long GRACE_MILLIS = 1000;

  private HostProgram() {}

  /**
   * Runs it to its end.
   *
   * @param argv program and arguments, which no shell reads
   * @param time after which it is killed, with what it started
   * @param input all that it finds on its standard input, at most 512 bytes
   * @return what it wrote to its standard output, at most 64 KiB
   * @throws JailException when it cannot be started, takes longer, says more, or does not end with
   *     status 0; the message has the end of its standard error
   */
  public static byte[] run(List<String> argv, Duration time, byte[] input) throws IOException {
    if (input.length > MOST_INPUT) {
      throw new IllegalArgumentException("a pipe may not hold " + input.length + " bytes");
    }
    String name = argv.get(0);
    Process process;
    try {
      process = builder(argv).start();
    } catch (IOException e) {
      throw new JailException(name + " cannot be started: " + reason(e));
    }
    Pump output = new Pump(process.getInputStream(), MOST_OUTPUT + 1, false);
    Pump errors = new Pump(process.getErrorStream(), TAIL, true);
    try {
      output.start();
      errors.start();
      feed(process, input);
      if (!process.waitFor(time.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new JailException(
            name + " did not end within " + time.toMillis() / 1000.0 + " s" + said(errors));
      }
      output.join(GRACE_MILLIS);
      errors.join(GRACE_MILLIS);
      if (process.exitValue() != 0) {
        throw new JailException(name + " ended with status " + process.exitValue() + said(errors));
      }
      byte[] all = output.kept();
      if (all.length > MOST_OUTPUT) {
        throw new JailException(name + " wrote more than " + MOST_OUTPUT + " bytes");
      }
      return all;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while " + name + " ran", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  static ProcessBuilder builder(List<String> argv) {
    ProcessBuilder builder = HostProcess.builder(argv);
    for (String variable : KEPT) {
      String value = System.getenv(variable);
      if (value != null) {
        builder.environment().put(variable, value);
      }
    }
    return builder;
  }

  /** What a program does not read is its own business. */
  private static void feed(Process process, byte[] input) {
    try (OutputStream to = process.getOutputStream()) {
      to.write(input);
    } catch (IOException e) {
      // It ended, or closed its end; its status and its answer tell what that meant.
    }
  }

  private static String said(Pump errors) {
    String tail = line(errors);
    return tail.isEmpty() ? "" : ": " + tail;
  }

  /** What was kept, as one line. */
  static String line(Pump errors) {
    return new String(errors.kept(), StandardCharsets.UTF_8)
        .replaceAll("[\\p{Cntrl}\\s]+", " ")
        .strip();
  }

  /** Java's own words have the program's name in them once more. */
  static String reason(IOException fault) {
    String text = String.valueOf(fault.getMessage());
    int at = text.indexOf("error=");
    int comma = text.indexOf(", ", Math.max(at, 0));
    return at >= 0 && comma >= 0 ? text.substring(comma + 2) : text;
  }

  /** Reads a stream to its end and keeps its beginning or its tail. */
  static final class Pump extends Thread {
    private final InputStream from;
    private final int most;
    private final boolean tail;
    private final ByteArrayOutputStream kept = new ByteArrayOutputStream();

    Pump(InputStream from, int most, boolean tail) {
      super("host-program");
      this.from = from;
      this.most = most;
      this.tail = tail;
      setDaemon(true);
    }

    @Override
    public void run() {
      byte[] buffer = new byte[8192];
      try {
        for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
          keep(buffer, read);
        }
      } catch (IOException e) {
        // The pipe was closed under us: the run is over.
      }
    }

    private synchronized void keep(byte[] bytes, int count) {
      if (!tail) {
        kept.write(bytes, 0, Math.min(count, most - kept.size()));
        return;
      }
      kept.write(bytes, 0, count);
      if (kept.size() > most) {
        byte[] all = kept.toByteArray();
        kept.reset();
        kept.write(all, all.length - most, most);
      }
    }

    synchronized byte[] kept() {
      return kept.toByteArray();
    }
  }
}
