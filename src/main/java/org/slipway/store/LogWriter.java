package org.slipway.store;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.InstantSource;
import org.slipway.build.Phase;

/**
 * A log that is being written: each write can be read at once, and its index with it. Closing it
 * compresses it. Safe for several threads.
 */
public final class LogWriter extends OutputStream {
  /** What is done with a log that is finished. */
  interface Closing {
    void closed(LogWriter log) throws IOException;
  }

  private final Path plain;
  private final InstantSource clock;
  private final Closing closing;
  // Plain files, not channels, which an interrupted slot would close.
  private final FileOutputStream out;
  private final FileOutputStream journal;
  private final LogIndexBuilder builder = new LogIndexBuilder();
  private boolean closed;

  LogWriter(Path plain, Path journal, InstantSource clock, Closing closing) throws IOException {
    this.plain = plain;
    this.clock = clock;
    this.closing = closing;
    this.out = new FileOutputStream(plain.toFile());
    try {
      this.journal = new FileOutputStream(journal.toFile());
      this.journal.write((LogIndexFile.FIRST + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      out.close();
      throw e;
    }
  }

  /**
   * Marks that a phase begins with the next line that is begun. Where a log's phases are marked,
   * what its lines say of phases is not believed.
   */
  public synchronized void phase(Phase phase) {
    builder.phase(phase);
  }

  @Override
  public void write(int octet) throws IOException {
    write(new byte[] {(byte) octet}, 0, 1);
  }

  @Override
  public synchronized void write(byte[] octets, int offset, int length) throws IOException {
    out.write(octets, offset, length);
    builder.take(octets, offset, length, clock.millis());
    String news = builder.news();
    if (!news.isEmpty() && !closed) {
      journal.write(news.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** What is where so far. */
  synchronized LogIndex index() {
    return builder.index();
  }

  Path plain() {
    return plain;
  }

  @Override
  public void close() throws IOException {
    synchronized (this) {
      closed = true;
      out.close();
      journal.close();
    }
    closing.closed(this);
  }
}
