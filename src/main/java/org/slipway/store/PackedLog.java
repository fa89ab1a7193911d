package org.slipway.store;

import java.io.BufferedOutputStream;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.zip.GZIPOutputStream;

/** A finished log as gzip members, one behind the other. */
final class PackedLog {
  private PackedLog() {}

  /**
   * Makes the compressed log and its index, then removes the plain log. A kill in between leaves
   * the plain log or the whole.
   *
   * @param index of the plain log
   */
  static void make(Path plain, Path target, Path indexFile, LogIndex index) throws IOException {
    Path part = target.resolveSibling(target.getFileName() + ".part");
    try {
      long[] places = compress(plain, part, index.ended().length);
      Disk.sync(part);
      LogIndexFile.write(indexFile, index.at(places), Files.size(part));
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    Files.delete(plain);
  }

  private static long[] compress(Path plain, Path part, int blocks) throws IOException {
    long[] places = new long[blocks];
    byte[] block = new byte[LogIndex.BLOCK_BYTES];
    try (InputStream in = new FileInputStream(plain.toFile());
        Counting out =
            new Counting(new BufferedOutputStream(new FileOutputStream(part.toFile()), 1 << 16))) {
      for (int i = 0; i < blocks; i++) {
        int length = in.readNBytes(block, 0, block.length);
        places[i] = out.count;
        // Closed, for its deflater holds memory outside of the heap.
        try (GZIPOutputStream member = new GZIPOutputStream(new Open(out), 1 << 15)) {
          member.write(block, 0, length);
        }
      }
    }
    return places;
  }

  private static final class Counting extends FilterOutputStream {
    private long count;

    Counting(OutputStream out) {
      super(out);
    }

    @Override
    public void write(int octet) throws IOException {
      out.write(octet);
      count++;
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      out.write(octets, offset, length);
      count += length;
    }
  }

  /** Stays open when it is closed. */
  private static final class Open extends FilterOutputStream {
    Open(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      out.write(octets, offset, length);
    }

    @Override
    public void close() {}
  }
}
