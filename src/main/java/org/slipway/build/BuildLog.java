package org.slipway.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A build's log: what the phases say, each between a line that names it and one that says how it
 * ended. It passes on a bounded number of bytes, says where it begins to leave something out, and
 * shows of each phase's rest the last of it. It remembers of the phase that runs what an
 * explanation needs. Safe for several threads.
 */
final class BuildLog extends OutputStream {
  private static final int TAIL_BYTES = 16_384;

  private final OutputStream out;
  private final long limit;
  private final FailurePatterns patterns;
  private long left;
  private boolean cut;
  private int lastByte = '\n';
  private long said;
  private long lines;
  private Notes notes;

  /** The end of what was left out of this phase, as a ring. */
  private byte[] tail = {};

  private long tailBytes;

  /**
   * A log.
   *
   * @param out not closed
   * @param limitBytes of what the phases say; headings, and the end of each phase whose rest was
   *     left out, come on top
   */
  BuildLog(OutputStream out, long limitBytes) {
    this.out = out;
    this.limit = limitBytes;
    this.left = limitBytes;
    this.patterns = FailurePatterns.shipped();
    this.notes = new Notes(Phase.CHECK_SANITY, patterns, 1);
  }

  /** Begins a phase; notes of the one before are dropped. */
  synchronized void begin(Phase phase) throws IOException {
    heading(PhaseHeading.of(phase) + "\n");
    notes = new Notes(phase, patterns, lines + 1);
    tailBytes = 0;
  }

  /** Ends the phase that runs. */
  synchronized void end(Phase phase, String how, Duration took) throws IOException {
    if (tailBytes > 0) {
      showTail(phase);
    }
    String seconds = String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    heading("===>  " + phase + ": " + OneLine.of(how) + ", " + seconds + "\n");
    out.flush();
  }

  /** A line of the farm's own. */
  void say(String line) throws IOException {
    write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  synchronized Notes notes() {
    return notes;
  }

  /** How many bytes the phases have said, kept or not. */
  synchronized long saidBytes() {
    return said;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    said += length;
    int passed = (int) Math.min(left, length);
    notes.take(bytes, offset, passed);
    if (passed > 0) {
      out.write(bytes, offset, passed);
      count(bytes, offset, passed);
      left -= passed;
    }
    if (passed < length) {
      if (!cut) {
        cut = true;
        heading("===>  The log is full at " + limit + " bytes of output, its limit; what the"
            + " phases say from here on is left out\n");
      }
      notes.takeLost(bytes, offset + passed, length - passed);
      keepTail(bytes, offset + passed, length - passed);
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }

  private void keepTail(byte[] bytes, int offset, int length) {
    if (tail.length == 0) {
      tail = new byte[TAIL_BYTES];
    }
    int from = Math.max(offset, offset + length - TAIL_BYTES);
    tailBytes += from - offset;
    for (int at = from; at < offset + length; ) {
      int place = (int) (tailBytes % TAIL_BYTES);
      int count = Math.min(TAIL_BYTES - place, offset + length - at);
      System.arraycopy(bytes, at, tail, place, count);
      tailBytes += count;
      at += count;
    }
  }

  private void showTail(Phase phase) throws IOException {
    int shown = (int) Math.min(tailBytes, TAIL_BYTES);
    heading("===>  " + phase + ": " + tailBytes + " bytes were left out; the last " + shown
        + " of them:\n");
    byte[] bytes = new byte[shown];
    int place = (int) ((tailBytes - shown) % TAIL_BYTES);
    int first = Math.min(shown, TAIL_BYTES - place);
    System.arraycopy(tail, place, bytes, 0, first);
    System.arraycopy(tail, 0, bytes, first, shown - first);
    out.write(bytes);
    count(bytes, 0, shown);
    tailBytes = 0;
  }

  private void heading(String text) throws IOException {
    byte[] bytes = ((lastByte == '\n' ? "" : "\n") + text).getBytes(StandardCharsets.UTF_8);
    out.write(bytes);
    count(bytes, 0, bytes.length);
  }

  private void count(byte[] bytes, int offset, int length) {
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == '\n') {
        lines++;
      }
    }
    lastByte = bytes[offset + length - 1];
  }
}
