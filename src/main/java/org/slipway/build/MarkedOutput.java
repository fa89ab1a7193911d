package org.slipway.build;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/**
 * Takes a driver's own lines out of what its commands say: a line end, the mark, a blank, the rest of
 * the line. Everything else is passed on as it came. The mark is a random word that only the driver
 * knows.
 */
final class MarkedOutput extends OutputStream {
  private static final int LONGEST = 200;

  private final byte[] lead;
  private final OutputStream out;
  private final Driver driver;
  private final ByteArrayOutputStream word = new ByteArrayOutputStream();
  private int matched;

  /** How much of what matched came in earlier pieces, and was not passed on. */
  private int held;

  private boolean inWord;

  /** What a driver says. */
  interface Driver {
    void says(String word) throws IOException;
  }

  MarkedOutput(String mark, OutputStream out, Driver driver) {
    this.lead = ("\n" + mark + " ").getBytes(StandardCharsets.US_ASCII);
    this.out = out;
    this.driver = driver;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    int end = offset + length;
    int start = offset;
    for (int at = offset; at < end; at++) {
      byte next = bytes[at];
      if (inWord) {
        start = at + 1;
        take(next);
      } else if (next == lead[matched]) {
        matched++;
        if (matched == lead.length) {
          int here = lead.length - held;
          out.write(bytes, start, at + 1 - here - start);
          start = at + 1;
          matched = 0;
          held = 0;
          inWord = true;
        }
      } else if (matched > 0) {
        // No mark after all. Its first byte is nowhere else in it, so only this one can begin anew.
        out.write(lead, 0, held);
        held = 0;
        matched = next == lead[0] ? 1 : 0;
      }
    }
    int kept = matched - held;
    if (start < end - kept) {
      out.write(bytes, start, end - kept - start);
    }
    held = matched;
  }

  private void take(byte next) throws IOException {
    if (next == '\n') {
      inWord = false;
      String said = word.toString(StandardCharsets.US_ASCII);
      word.reset();
      driver.says(said);
    } else if (word.size() < LONGEST) {
      word.write(next);
    }
  }

  /** Passes on what might still have become a mark. */
  void finish() throws IOException {
    out.write(lead, 0, held);
    matched = 0;
    held = 0;
  }

  @Override
  public void flush() throws IOException {
    out.flush();
  }
}
