package org.slipway.jail;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * Where a caller wants a command's output, and what is known of it so far. However much a command says, no more is held here
 * than one buffer and the last {@value #TAIL} bytes.
 */
final class Output {
  private static final int TAIL = 2000;
  private static final int BUFFER = 1 << 16;

  private final OutputStream plain;
  private final @Nullable OutputStream errors;
  private final long limit;
  private byte[] tail = new byte[0];
  private long written;
  private @Nullable IOException fault;
  private boolean over;
  private volatile long last = System.nanoTime();

  /**
   * @param errors where standard error goes; null where it is in the same stream
   * @param limit bytes that are kept of both together
   */
  Output(OutputStream plain, @Nullable OutputStream errors, long limit) {
    this.plain = plain;
    this.errors = errors;
    this.limit = limit;
  }

  boolean merged() {
    return errors == null;
  }

  /** When something was last said, or the command was given. */
  long lastNanos() {
    return last;
  }

  /** Reads a stream of the command to its end. */
  void copy(InputStream from, boolean error) {
    byte[] buffer = new byte[BUFFER];
    try {
      for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
        last = System.nanoTime();
        accept(buffer, read, error);
      }
    } catch (IOException e) {
      // The pipe was closed under us: the run is over.
    }
  }

  private synchronized void accept(byte[] bytes, int count, boolean error) {
    if (over) {
      return;
    }
    int kept = (int) Math.max(0, Math.min(count, limit - written));
    written += count;
    if (error || errors == null) {
      remember(bytes, count);
    }
    if (kept > 0 && fault == null) {
      try {
        (error && errors != null ? errors : plain).write(bytes, 0, kept);
      } catch (IOException e) {
        fault = e;
      }
    }
  }

  private void remember(byte[] bytes, int count) {
    int fresh = Math.min(count, TAIL);
    int older = Math.min(tail.length, TAIL - fresh);
    byte[] next = new byte[older + fresh];
    System.arraycopy(tail, tail.length - older, next, 0, older);
    System.arraycopy(bytes, count - fresh, next, older, fresh);
    tail = next;
  }

  synchronized boolean failed() {
    return fault != null;
  }

  /** Nothing is written from here on: the streams are the caller's again. */
  synchronized void finish() throws IOException {
    over = true;
    if (fault != null) {
      throw new IOException("the output of a jailed command could not be kept", fault);
    }
  }

  synchronized long written() {
    return written;
  }

  /** The end of what was said, for a run that did not come to its command. */
  synchronized String tail() {
    return new String(tail, StandardCharsets.UTF_8).strip();
  }
}
