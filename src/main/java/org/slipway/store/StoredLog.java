package org.slipway.store;

import java.io.BufferedInputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.util.zip.GZIPInputStream;

/**
 * A log to read from anywhere: what is read of it is at most a block more than what was asked for,
 * whatever its length. Not safe for several threads.
 */
public final class StoredLog implements Closeable {
  private final RandomAccessFile file;
  private final LogIndex index;
  private final boolean compressed;

  StoredLog(RandomAccessFile file, LogIndex index, boolean compressed) {
    this.file = file;
    this.index = index;
    this.compressed = compressed;
  }

  /** What was where when the log was opened; one that is written meanwhile has more. */
  public LogIndex index() {
    return index;
  }

  /**
   * The log from the start of a line to its end, as the build wrote it. Reading it ends what an
   * earlier call gave.
   *
   * @param line from 1; empty for one that is not there
   */
  public InputStream from(long line) throws IOException {
    if (line > index.lines()) {
      return InputStream.nullInputStream();
    }
    int block = index.blockBefore(line);
    InputStream in = block(block);
    skipLines(in, line - index.lineAt(block));
    return in;
  }

  /**
   * Lines as plain UTF-8 text, made safe as {@link LogLines} does.
   *
   * @param line the first, from 1
   * @param count how many at most
   * @param times whether each begins with when it was written, ISO 8601 in UTC, and two blanks
   */
  public InputStream text(long line, long count, boolean times) throws IOException {
    return new PlainLog(new LogLines(from(line)), line, count, times ? index : null);
  }

  /** Whether the build that wrote it has ended. */
  public boolean finished() {
    return compressed;
  }

  /** The log from a byte to its end. */
  public InputStream fromByte(long offset) throws IOException {
    int block = index.blockOf(offset);
    InputStream in = block(block);
    in.skipNBytes(offset - (long) block * LogIndex.BLOCK_BYTES);
    return in;
  }

  private InputStream block(int block) throws IOException {
    boolean seekable = !compressed || index.places().length > 0;
    file.seek(seekable ? index.place(block) : 0);
    InputStream in = new Part(file);
    if (!compressed) {
      return new BufferedInputStream(in, 1 << 16);
    }
    InputStream plain = new BufferedInputStream(new GZIPInputStream(in, 1 << 15), 1 << 16);
    if (!seekable) {
      // A log of an older farm is one member: what comes before is read too.
      plain.skipNBytes((long) block * LogIndex.BLOCK_BYTES);
    }
    return plain;
  }

  private static void skipLines(InputStream in, long count) throws IOException {
    long left = count;
    while (left > 0) {
      int octet = in.read();
      if (octet < 0) {
        return;
      }
      if (octet == '\n') {
        left--;
      }
    }
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** The file from where it stands, without a channel, which an interrupt would close. */
  private static final class Part extends InputStream {
    private final RandomAccessFile file;

    Part(RandomAccessFile file) {
      this.file = file;
    }

    @Override
    public int read() throws IOException {
      return file.read();
    }

    @Override
    public int read(byte[] buffer, int offset, int length) throws IOException {
      return file.read(buffer, offset, length);
    }

    /** {@link GZIPInputStream} asks this to learn whether another member follows. */
    @Override
    public int available() throws IOException {
      return (int) Math.min(Integer.MAX_VALUE, file.length() - file.getFilePointer());
    }

    @Override
    public void close() throws IOException {
      file.close();
    }
  }
}
