package org.slipway.repository;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Lines of bytes out of a stream, each of bounded length. */
final class LineReader implements Closeable {
  private static final int MAX_LINE_BYTES = 16 << 20;

  private final InputStream in;
  private byte[] buffer = new byte[1 << 16];
  private int from;
  private int to;

  LineReader(InputStream in) {
    this.in = in;
  }

  /** The next line without its end; null where no whole one is left, or one is too long. */
  byte @Nullable [] next() throws IOException {
    int seen = from;
    while (true) {
      for (; seen < to; seen++) {
        if (buffer[seen] == '\n') {
          byte[] line = Arrays.copyOfRange(buffer, from, seen);
          from = seen + 1;
          return line;
        }
      }
      seen -= from;
      if (!more()) {
        return null;
      }
      seen += from;
    }
  }

  /** Moves what is left to the buffer's start, and reads on behind it. */
  private boolean more() throws IOException {
    int left = to - from;
    byte[] target = left == buffer.length ? new byte[2 * left] : buffer;
    System.arraycopy(buffer, from, target, 0, left);
    buffer = target;
    from = 0;
    to = left;
    if (left >= MAX_LINE_BYTES) {
      return false;
    }
    int count = in.read(buffer, left, buffer.length - left);
    to = left + Math.max(0, count);
    return count > 0;
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
