package org.slipway.build;

import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** Passes on so many bytes and drops what comes behind them. */
final class Capped extends FilterOutputStream {
  private long left;

  Capped(OutputStream out, long limitBytes) {
    super(out);
    this.left = limitBytes;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int passed = (int) Math.min(left, length);
    out.write(bytes, offset, passed);
    left -= passed;
  }

  /** Whether there is no room for one more; what came may have been more. */
  boolean isFull() {
    return left == 0;
  }
}
