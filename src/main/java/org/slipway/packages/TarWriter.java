package org.slipway.packages;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;

/**
 * Writes a tar stream: plain ustar (IEEE 1003.1), with a pax header before a member only where
 * ustar cannot hold a field, as libarchive's "restricted pax" does. Names are bytes, never
 * converted: pkg runs in the C locale too, where libarchive refuses a UTF-8 name of a pax header
 * that does not say {@code hdrcharset=BINARY}. Numeric owners are always 0, so that nothing of the
 * building host is told.
 */
final class TarWriter implements Closeable {
  private static final int BLOCK = 512;
  private static final long MAX_OCTAL_SIZE = 077777777777L;

  private final OutputStream out;
  private final byte[] buffer = new byte[1 << 17];

  TarWriter(OutputStream out) {
    this.out = out;
  }

  /** A member whose bytes are at hand. */
  void add(TarEntry entry, byte[] bytes) throws IOException {
    if (entry.sizeBytes() != bytes.length) {
      throw new IllegalArgumentException("size of " + entry.name());
    }
    header(entry);
    out.write(bytes);
    pad(bytes.length);
  }

  /** A member whose bytes come as a stream, which must give exactly {@code sizeBytes}. */
  void add(TarEntry entry, InputStream bytes) throws IOException {
    header(entry);
    long left = entry.sizeBytes();
    while (left > 0) {
      int count = bytes.read(buffer, 0, (int) Math.min(buffer.length, left));
      if (count < 0) {
        throw new IOException(entry.name() + " became shorter while it was packed");
      }
      out.write(buffer, 0, count);
      left -= count;
    }
    if (bytes.read() >= 0) {
      throw new IOException(entry.name() + " became longer while it was packed");
    }
    pad(entry.sizeBytes());
  }

  /** A member without bytes: a link or a directory. */
  void add(TarEntry entry) throws IOException {
    add(entry, new byte[0]);
  }

  /** Writes the two empty blocks that end an archive; does not close the stream below. */
  void finish() throws IOException {
    out.write(new byte[2 * BLOCK]);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    out.close();
  }

  private void header(TarEntry entry) throws IOException {
    ByteArrayOutputStream pax = new ByteArrayOutputStream();
    byte[] name = entry.name().getBytes(StandardCharsets.UTF_8);
    int split = splitAt(name);
    if (split < 0) {
      record(pax, "path", entry.name());
    }
    byte[] link = entry.linkName().getBytes(StandardCharsets.UTF_8);
    if (link.length > 100) {
      record(pax, "linkpath", entry.linkName());
    }
    if (entry.sizeBytes() > MAX_OCTAL_SIZE) {
      record(pax, "size", Long.toString(entry.sizeBytes()));
    }
    if (!entry.flags().isEmpty()) {
      record(pax, "SCHILY.fflags", entry.flags().text());
    }
    if (pax.size() > 0) {
      if (!isAscii(pax.toByteArray())) {
        ByteArrayOutputStream binary = new ByteArrayOutputStream();
        record(binary, "hdrcharset", "BINARY");
        binary.writeBytes(pax.toByteArray());
        pax = binary;
      }
      byte[] records = pax.toByteArray();
      TarEntry extension =
          new TarEntry('x', "PaxHeader", "", 0644, "root", "wheel", records.length, 0);
      block(extension, "PaxHeader".getBytes(StandardCharsets.US_ASCII), 0, new byte[0]);
      out.write(records);
      pad(records.length);
    }
    block(entry, name, split, link);
  }

  private void block(TarEntry entry, byte[] name, int split, byte[] link) throws IOException {
    byte[] block = new byte[BLOCK];
    int from = Math.max(split, 0);
    text(block, 0, 100, Arrays.copyOfRange(name, from == 0 ? 0 : from + 1, name.length));
    octal(block, 100, 8, entry.mode());
    octal(block, 108, 8, 0);
    octal(block, 116, 8, 0);
    octal(block, 124, 12, Math.min(entry.sizeBytes(), MAX_OCTAL_SIZE));
    octal(block, 136, 12, entry.mtimeSeconds());
    block[156] = (byte) entry.type();
    text(block, 157, 100, link);
    text(block, 257, 8, "ustar\00000".getBytes(StandardCharsets.US_ASCII));
    text(block, 265, 32, entry.owner().getBytes(StandardCharsets.UTF_8));
    text(block, 297, 32, entry.group().getBytes(StandardCharsets.UTF_8));
    octal(block, 329, 8, 0);
    octal(block, 337, 8, 0);
    text(block, 345, 155, Arrays.copyOf(name, from));
    Arrays.fill(block, 148, 156, (byte) ' ');
    int sum = 0;
    for (byte b : block) {
      sum += b & 0xff;
    }
    text(
        block,
        148,
        8,
        String.format(Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII));
    out.write(block);
  }

  /**
   * Where ustar may cut a name into prefix and name: 0 for no cut, the slash's place, or -1 when it
   * does not fit.
   */
  private static int splitAt(byte[] name) {
    if (name.length <= 100) {
      return 0;
    }
    for (int i = Math.min(155, name.length - 2); i > 0; i--) {
      if (name[i] == '/' && name.length - i - 1 <= 100) {
        return i;
      }
    }
    return -1;
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte b : bytes) {
      if (b < 0) {
        return false;
      }
    }
    return true;
  }

  /** One pax record, {@code LENGTH KEY=VALUE\n}, whose length counts its own digits. */
  private static void record(ByteArrayOutputStream pax, String key, String value) {
    byte[] rest = (" " + key + "=" + value + "\n").getBytes(StandardCharsets.UTF_8);
    int length = rest.length + 1;
    while (Integer.toString(length).length() + rest.length != length) {
      length++;
    }
    pax.writeBytes(Integer.toString(length).getBytes(StandardCharsets.US_ASCII));
    pax.writeBytes(rest);
  }

  private static void text(byte[] block, int at, int width, byte[] bytes) {
    System.arraycopy(bytes, 0, block, at, Math.min(width, bytes.length));
  }

  private static void octal(byte[] block, int at, int width, long value) {
    String digits = Long.toOctalString(value);
    String padded = "0".repeat(Math.max(0, width - 1 - digits.length())) + digits;
    text(block, at, width - 1, padded.getBytes(StandardCharsets.US_ASCII));
  }

  private void pad(long size) throws IOException {
    int rest = (int) (size % BLOCK);
    if (rest > 0) {
      out.write(new byte[BLOCK - rest]);
    }
  }
}
