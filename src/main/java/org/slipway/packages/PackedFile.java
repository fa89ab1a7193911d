package org.slipway.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/** A file's bytes as they lie on the disk, counted and, when asked for, summed on their way. */
final class PackedFile extends InputStream {
  private static final int BUFFER_BYTES = 1 << 16;

  private final FileChannel file;
  private final @Nullable MessageDigest digest;
  private final byte[] buffer;
  private int at;
  private int end;
  private long count;

  private PackedFile(FileChannel file, @Nullable MessageDigest digest, long sizeBytes) {
    this.file = file;
    this.digest = digest;
    // Most packages are small: they are read at once, and no more is zeroed than they need.
    this.buffer = new byte[(int) Math.max(16, Math.min(BUFFER_BYTES, sizeBytes + 1))];
  }

  /** Opens a regular file; a pipe of that name would keep its reader waiting. */
  static PackedFile open(Path path, boolean summed) throws IOException {
    BasicFileAttributes attributes;
    try {
      attributes = Files.readAttributes(path, BasicFileAttributes.class);
    } catch (NoSuchFileException e) {
      throw new IOException(path + " does not exist; give a package file", e);
    }
    if (!attributes.isRegularFile()) {
      throw new IOException(path + " is "
          + (attributes.isDirectory() ? "a folder" : "no regular file") + "; give a package file");
    }
    return new PackedFile(
        FileChannel.open(path, StandardOpenOption.READ),
        summed ? Digest.sha256() : null,
        attributes.size());
  }

  /** The file's first bytes, at most 16, before anything was read. */
  byte[] head(int bytes) throws IOException {
    while (end < bytes && fill()) {
      // One read gives them all, but for a file that is being written or a strange file system.
    }
    return Arrays.copyOf(buffer, Math.min(bytes, end));
  }

  @Override
  public int read() throws IOException {
    if (at == end && !refill()) {
      return -1;
    }
    return buffer[at++] & 0xff;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (at == end && !refill()) {
      return -1;
    }
    int taken = Math.min(length, end - at);
    System.arraycopy(buffer, at, into, from, taken);
    at += taken;
    return taken;
  }

  @Override
  public int available() {
    return end - at;
  }

  /** Reads to the file's end; then {@link #sum} and {@link #sizeBytes} are those of the file. */
  void drain() throws IOException {
    do {
      at = end;
    } while (refill());
  }

  Digest sum() {
    if (digest == null) {
      throw new IllegalStateException("the file was not opened to be summed");
    }
    return new Digest(HexFormat.of().formatHex(digest.digest()));
  }

  long sizeBytes() {
    return count;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  private boolean refill() throws IOException {
    at = 0;
    end = 0;
    return fill();
  }

  private boolean fill() throws IOException {
    int got = file.read(ByteBuffer.wrap(buffer, end, buffer.length - end));
    if (got <= 0) {
      return false;
    }
    if (digest != null) {
      digest.update(buffer, end, got);
    }
    end += got;
    count += got;
    return true;
  }
}
