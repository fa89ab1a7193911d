package org.slipway.store;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lines of a log as bytes of plain UTF-8 text, as {@link LogLines} reads them. */
final class PlainLog extends InputStream {
  private final LogLines lines;
  private final @Nullable LogIndex times;
  private long number;
  private long left;
  private boolean begins = true;
  private byte[] line = new byte[0];
  private int at;

  /**
   * A text.
   *
   * @param first the number of the first line that comes
   * @param count how many lines at most
   * @param times what says when each line was written, where that shall stand before it
   */
  PlainLog(LogLines lines, long first, long count, @Nullable LogIndex times) {
    this.lines = lines;
    this.number = first;
    this.left = count;
    this.times = times;
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
    // A piece may be empty.
    while (at == line.length) {
      String next = left == 0 ? null : lines.next();
      if (next == null) {
        return false;
      }
      String before = begins && times != null
          ? times
                  .time(number)
                  .map(each -> each.truncatedTo(ChronoUnit.SECONDS).toString())
                  .orElse("")
              + "  "
          : "";
      line = (before + next + (lines.goesOn() ? "" : "\n")).getBytes(StandardCharsets.UTF_8);
      at = 0;
      begins = !lines.goesOn();
      if (begins) {
        number++;
        left--;
      }
    }
    return true;
  }

  @Override
  public void close() throws IOException {
    lines.close();
  }
}
