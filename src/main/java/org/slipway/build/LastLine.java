package org.slipway.build;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Passes a command's output on and remembers its end. */
final class LastLine extends FilterOutputStream {
  private static final int LONGEST = 1000;

  private byte[] tail = new byte[0];

  LastLine(OutputStream out) {
    super(out);
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    byte[] whole = Arrays.copyOf(tail, tail.length + length);
    System.arraycopy(bytes, offset, whole, tail.length, length);
    tail = Arrays.copyOfRange(whole, Math.max(0, whole.length - LONGEST), whole.length);
  }

  /** The last line that was written, fit for a table. */
  synchronized String text() {
    String text = new String(tail, StandardCharsets.UTF_8).stripTrailing();
    return OneLine.of(text.substring(text.lastIndexOf('\n') + 1));
  }
}
