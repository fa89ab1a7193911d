package org.slipway.web;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Objects;

/** A whole log as bytes of plain UTF-8 text, line by line as {@link LogLines} reads it. */
final class PlainLog extends InputStream {
  private final LogLines lines;
  private byte[] line = new byte[0];
  private int at;

  PlainLog(LogLines lines) {
    this.lines = lines;
  }

  @Override
  public int read() throws IOException {
    return fill() ? line[at++] & 0xff : -1;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    int done = 0;
    while (done < length && fill()) {
      int count = Math.min(length - done, line.length - at);
      System.arraycopy(line, at, buffer, offset + done, count);
      at += count;
      done += count;
    }
    return done == 0 && length > 0 ? -1 : done;
  }

  private boolean fill() throws IOException {
    if (at < line.length) {
      return true;
    }
    String next = lines.next();
    if (next == null) {
      return false;
    }
    line = (next + "\n").getBytes(StandardCharsets.UTF_8);
    at = 0;
    return true;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
