package org.slipway.build;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;

/**
 * A build's log: what the phases say, each between a line that names it and one that says how it
 * ended. It passes on a bounded number of bytes and remembers of the phase that runs what an
 * explanation needs. Safe for several threads.
 */
final class BuildLog extends OutputStream {
  private static final byte[] CUT =
      "\n===>  The log is full; what the phases say from here on is left out\n"
          .getBytes(StandardCharsets.UTF_8);

  private final OutputStream out;
  private long left;
  private boolean cut;
  private int lastByte = '\n';
  private Notes notes = new Notes(Phase.CHECK_SANITY);

  /**
   * A log.
   *
   * @param out not closed
   * @param limitBytes of what the phases say; headings come on top
   */
  BuildLog(OutputStream out, long limitBytes) {
    this.out = out;
    this.left = limitBytes;
  }

  /** Begins a phase; notes of the one before are dropped. */
  synchronized void begin(Phase phase) throws IOException {
    notes = new Notes(phase);
    heading("===>  Phase: " + phase + "\n");
  }

  /** Ends the phase that runs. */
  synchronized void end(Phase phase, String how, Duration took) throws IOException {
    String seconds = String.format(Locale.ROOT, "%.1f s", took.toMillis() / 1000.0);
    heading("===>  " + phase + ": " + how + ", " + seconds + "\n");
    out.flush();
  }

  /** A line of the farm's own. */
  void say(String line) throws IOException {
    write((line + "\n").getBytes(StandardCharsets.UTF_8));
  }

  synchronized Notes notes() {
    return notes;
  }

  @Override
  public void write(int value) throws IOException {
    write(new byte[] {(byte) value}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] bytes, int offset, int length) throws IOException {
    notes.take(bytes, offset, length);
    int passed = (int) Math.min(left, length);
    if (passed > 0) {
      out.write(bytes, offset, passed);
      lastByte = bytes[offset + passed - 1];
      left -= passed;
    }
    if (passed < length && !cut) {
      cut = true;
      out.write(CUT);
      lastByte = '\n';
    }
  }

  @Override
  public synchronized void flush() throws IOException {
    out.flush();
  }

  private void heading(String text) throws IOException {
    if (lastByte != '\n') {
      out.write('\n');
    }
    out.write(text.getBytes(StandardCharsets.UTF_8));
    lastByte = '\n';
  }
}
