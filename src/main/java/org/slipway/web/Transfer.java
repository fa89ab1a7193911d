package org.slipway.web;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import org.eclipse.jetty.util.IO;
import org.eclipse.jetty.util.thread.Invocable.InvocationType;

/**
 * A part of a large file on its way. The file stays open from the first byte to the last, so that it is one file to its
 * end, whatever happens to its name meanwhile.
 */
final class Transfer {
  /** Asking of more than this whether it is in memory takes longer than it saves. */
  private static final long LOOKED_AT = 64L << 20;

  private final ServedFile served;
  private final FileChannel file;
  private final ByteRange part;
  private final Downloads downloads;

  private Transfer(ServedFile served, FileChannel file, ByteRange part, Downloads downloads) {
    this.served = served;
    this.file = file;
    this.part = part;
    this.downloads = downloads;
  }

  /**
   * Opens the file; whoever does has to call {@link #over} in the end.
   *
   * @throws IOException where it is gone: a snapshot can be removed between the look at its file and now
   */
  static Transfer open(ServedFile file, ByteRange part, Downloads downloads) throws IOException {
    FileChannel open = FileChannel.open(file.file(), StandardOpenOption.READ);
    downloads.begins();
    return new Transfer(file, open, part, downloads);
  }

  FileChannel file() {
    return file;
  }

  ByteRange part() {
    return part;
  }

  /** Whether it can go by {@link #announce}. */
  boolean fitsMapping() {
    return part.length() <= Integer.MAX_VALUE;
  }

  /** Says to the connection that the part comes next, and gives the buffer that stands for it. */
  Announced announce(FileEndPoint direct) throws IOException {
    MappedByteBuffer mapping = file.map(FileChannel.MapMode.READ_ONLY, part.first(), part.length());
    direct.announce(mapping, file, part.first());
    // What is in memory goes on in the thread that finds room on the connection; what comes from a
    // disk would keep that thread from all other connections, so it is left to one that may wait.
    return new Announced(
        mapping, inMemory(mapping) ? InvocationType.NON_BLOCKING : InvocationType.BLOCKING);
  }

  private boolean inMemory(MappedByteBuffer mapping) {
    if (served.wasInMemory()) {
      return true;
    }
    boolean found = part.length() <= LOOKED_AT && mapping.isLoaded();
    if (found && part.length() == served.size()) {
      served.inMemory();
    }
    return found;
  }

  /**
   * What is to be written.
   *
   * @param type of the callback that is told when it is
   */
  record Announced(ByteBuffer buffer, InvocationType type) {}

  /** It has been sent, or cannot be. */
  void over() {
    IO.close(file);
    downloads.ends();
  }
}
