package org.slipway.build;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;

/** Lines that one thread gives and a command reads on its input, until it is closed. */
final class Orders extends InputStream {
  private byte[] waiting = new byte[0];
  private boolean closed;

  synchronized void give(String line) {
    byte[] more = (line + "\n").getBytes(StandardCharsets.US_ASCII);
    byte[] all = new byte[waiting.length + more.length];
    System.arraycopy(waiting, 0, all, 0, waiting.length);
    System.arraycopy(more, 0, all, waiting.length, more.length);
    waiting = all;
    notifyAll();
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public synchronized int read(byte[] bytes, int offset, int length) {
    while (waiting.length == 0 && !closed) {
      try {
        wait();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return -1;
      }
    }
    int count = Math.min(length, waiting.length);
    System.arraycopy(waiting, 0, bytes, offset, count);
    byte[] rest = new byte[waiting.length - count];
    System.arraycopy(waiting, count, rest, 0, rest.length);
    waiting = rest;
    return count == 0 && length > 0 ? -1 : count;
  }

  /** What was given is still read. */
  @Override
  public synchronized void close() {
    closed = true;
    notifyAll();
  }
}
