package org.slipway.bench;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Takes the output of the plain loop apart: what make wrote about each port, then a line end and a
 * line with the port's mark and make's exit status.
 */
final class PlainReader extends OutputStream {
  /** For one port, as ours reads; what comes later is cut, and so is found to differ. */
  private static final int ANSWER_BYTES = 4 << 20;

  private final Map<String, PlainMake.Asked> open;
  private final PlainMake.Taker taker;
  private final ByteArrayOutputStream answer = new ByteArrayOutputStream();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  PlainReader(Map<String, PlainMake.Asked> marks, PlainMake.Taker taker) {
    this.open = new LinkedHashMap<>(marks);
    this.taker = taker;
  }

  @Override
  public synchronized void write(int b) {
    line.write(b);
    if (b == '\n') {
      take();
    }
  }

  @Override
  public synchronized void write(byte[] buffer, int offset, int length) {
    int from = offset;
    for (int at = offset; at < offset + length; at++) {
      if (buffer[at] == '\n') {
        line.write(buffer, from, at + 1 - from);
        take();
        from = at + 1;
      }
    }
    if (line.size() < ANSWER_BYTES) {
      line.write(buffer, from, offset + length - from);
    }
  }

  private void take() {
    String text =
        line.size() > 64 ? "" : line.toString(StandardCharsets.US_ASCII).strip();
    int space = text.indexOf(' ');
    PlainMake.Asked asked = space < 0 ? null : open.remove(text.substring(0, space));
    if (asked != null) {
      byte[] all = answer.toByteArray();
      // The loop's own line end before the mark.
      byte[] output = Arrays.copyOf(all, Math.max(0, all.length - 1));
      answer.reset();
      taker.take(asked, output, Integer.parseInt(text.substring(space + 1)));
    } else if (answer.size() < ANSWER_BYTES) {
      answer.writeBytes(line.toByteArray());
    }
    line.reset();
  }

  /** @throws IOException where a port has no answer; the loop's limit on all output does that */
  synchronized void requireAll() throws IOException {
    if (!open.isEmpty()) {
      throw new IOException("the plain way gave no answer for "
          + open.values().iterator().next().spec() + " and " + (open.size() - 1) + " more");
    }
  }
}
