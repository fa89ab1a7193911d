package org.slipway.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads an untrusted tar stream member by member: ustar, GNU long names and pax, as GNU tar and
 * bsdtar write them. Every length that the stream claims is bounded before memory is taken for it,
 * which general tar readers do not do for long names.
 */
final class TarReader {
  private static final int BLOCK = 512;

  /** Names are at most 1 KiB, but pax may carry extended attributes that are skipped. */
  private static final long MAX_EXTENSION_BYTES = 1 << 20;

  /** A long name, a long link and a pax header: three are the most that any tar writes. */
  private static final int MAX_EXTENSIONS = 8;

  /** GNU tar fills its last record, 10 KiB by default, with zeros. */
  private static final long MAX_TRAILER_BYTES = 1 << 20;

  private final InputStream in;
  private long left;
  private int padding;
  private String current = "its first header";

  TarReader(InputStream in) {
    this.in = in;
  }

  /** The next member, or null after the last one, when the stream has been read to its end. */
  @Nullable
  TarEntry next() throws IOException, HostileArchiveException {
    skipRest();
    Map<String, String> extended = new HashMap<>();
    for (int headers = 0; headers <= MAX_EXTENSIONS; headers++) {
      byte[] block = block();
      if (isZero(block)) {
        drain();
        return null;
      }
      requireChecksum(block);
      char type = (char) (block[156] & 0xff);
      long size = number(block, 124, 12);
      switch (type) {
        case 'x' -> paxRecords(extension(size), extended);
        case 'g' -> extension(size);
        case 'L' -> extended.put("path", cString(extension(size)));
        case 'K' -> extended.put("linkpath", cString(extension(size)));
        default -> {
          return member(block, type, size, extended);
        }
      }
    }
    throw new HostileArchiveException("the archive has a member with too many headers");
  }

  /** Reads from the current member; -1 at its end. */
  int read(byte[] buffer) throws IOException, HostileArchiveException {
    return read(buffer, 0, buffer.length);
  }

  private int read(byte[] buffer, int at, int length) throws IOException, HostileArchiveException {
    if (left == 0) {
      return -1;
    }
    int count = in.read(buffer, at, (int) Math.min(length, left));
    if (count < 0) {
      throw truncated();
    }
    left -= count;
    return count;
  }

  /**
   * The current member's bytes as a stream; a fault of the archive comes out of it as an
   * IOException.
   */
  InputStream memberStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] buffer, int at, int length) throws IOException {
        if (length == 0) {
          return 0;
        }
        try {
          return TarReader.this.read(buffer, at, length);
        } catch (HostileArchiveException e) {
          throw new IOException(e.getMessage(), e);
        }
      }
    };
  }

  /** All bytes of the current member. */
  byte[] readAll(int limitBytes) throws IOException, HostileArchiveException {
    if (left > limitBytes) {
      throw new HostileArchiveException("member \"" + current + "\" has " + left
          + " bytes; at most " + limitBytes + " are taken");
    }
    byte[] bytes = in.readNBytes((int) left);
    if (bytes.length < left) {
      throw truncated();
    }
    left = 0;
    return bytes;
  }

  private TarEntry member(byte[] block, char type, long size, Map<String, String> extended)
      throws HostileArchiveException {
    String name = extended.getOrDefault("path", ustarName(block));
    current = PathRules.shown(name);
    String longSize = extended.get("size");
    long bytes = longSize == null ? size : decimal(longSize);
    boolean hasBytes = type != TarEntry.HARD_LINK && type != TarEntry.SYMLINK;
    left = hasBytes ? bytes : 0;
    padding = (int) ((BLOCK - left % BLOCK) % BLOCK);
    return new TarEntry(
        type == 0 || type == '7' ? TarEntry.FILE : type,
        name,
        extended.getOrDefault("linkpath", string(block, 157, 100)),
        (int) number(block, 100, 8) & 07777,
        extended.getOrDefault("uname", string(block, 265, 32)),
        extended.getOrDefault("gname", string(block, 297, 32)),
        left,
        number(block, 136, 12));
  }

  private static String ustarName(byte[] block) {
    String name = string(block, 0, 100);
    // GNU's own magic, "ustar  ", keeps times where ustar has the prefix.
    boolean ustar = string(block, 257, 6).equals("ustar") && block[263] == '0';
    String prefix = ustar ? string(block, 345, 155) : "";
    return prefix.isEmpty() ? name : prefix + "/" + name;
  }

  private byte[] extension(long size) throws IOException, HostileArchiveException {
    current = "a long name";
    left = size;
    padding = (int) ((BLOCK - size % BLOCK) % BLOCK);
    byte[] bytes = readAll((int) MAX_EXTENSION_BYTES);
    skipRest();
    return bytes;
  }

  private static void paxRecords(byte[] bytes, Map<String, String> into)
      throws HostileArchiveException {
    int at = 0;
    while (at < bytes.length) {
      int space = at;
      while (space < bytes.length && bytes[space] != ' ' && space - at < 8) {
        space++;
      }
      long length = decimal(new String(bytes, at, space - at, StandardCharsets.US_ASCII));
      int from = space + 1;
      if (length <= from - at || length > bytes.length - at) {
        throw new HostileArchiveException("the archive has a broken pax header");
      }
      int end = at + (int) length - 1;
      String record = new String(bytes, from, Math.max(0, end - from), StandardCharsets.UTF_8);
      int equals = record.indexOf('=');
      if (equals < 1) {
        throw new HostileArchiveException("the archive has a broken pax header");
      }
      String key = record.substring(0, equals);
      if (key.startsWith("GNU.sparse.")) {
        throw new HostileArchiveException(
            "the archive has a sparse member; write it with bsdtar's --no-read-sparse");
      }
      into.put(key, record.substring(equals + 1));
      at = end + 1;
    }
  }

  private void skipRest() throws IOException, HostileArchiveException {
    byte[] buffer = new byte[1 << 14];
    long skip = left + padding;
    left = 0;
    padding = 0;
    while (skip > 0) {
      int count = in.read(buffer, 0, (int) Math.min(buffer.length, skip));
      if (count < 0) {
        throw truncated();
      }
      skip -= count;
    }
  }

  /** A pipe's writer must be able to end, so its filling is read too; it may hold nothing else. */
  private void drain() throws IOException, HostileArchiveException {
    byte[] buffer = new byte[1 << 14];
    long seen = 0;
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      seen += count;
      for (int i = 0; i < count; i++) {
        if (buffer[i] != 0) {
          throw new HostileArchiveException("the archive goes on after its end");
        }
      }
      if (seen > MAX_TRAILER_BYTES) {
        throw new HostileArchiveException("the archive's end is more than 1 MiB of filling");
      }
    }
  }

  private byte[] block() throws IOException, HostileArchiveException {
    byte[] block = in.readNBytes(BLOCK);
    if (block.length < BLOCK) {
      throw truncated();
    }
    return block;
  }

  private HostileArchiveException truncated() {
    return new HostileArchiveException("the archive ends too early, after " + current);
  }

  private static boolean isZero(byte[] block) {
    for (byte b : block) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static void requireChecksum(byte[] block) throws HostileArchiveException {
    long sum = 0;
    for (int i = 0; i < BLOCK; i++) {
      sum += i >= 148 && i < 156 ? ' ' : block[i] & 0xff;
    }
    if (sum != number(block, 148, 8)) {
      throw new HostileArchiveException("a header's checksum is wrong; this is no tar archive");
    }
  }

  /** Octal digits, or GNU's base 256 for what octal cannot hold. */
  private static long number(byte[] block, int at, int width) throws HostileArchiveException {
    if ((block[at] & 0x80) != 0) {
      long value = block[at] & 0x7f;
      for (int i = at + 1; i < at + width; i++) {
        if (value >> 54 != 0) {
          throw new HostileArchiveException("a header's number is out of range");
        }
        value = (value << 8) | (block[i] & 0xff);
      }
      return value;
    }
    String digits = string(block, at, width).strip();
    if (!digits.matches("[0-7]{0,20}")) {
      throw new HostileArchiveException("a header's number is broken");
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  private static long decimal(String digits) throws HostileArchiveException {
    if (!digits.matches("[0-9]{1,18}")) {
      throw new HostileArchiveException("the archive has a broken pax header");
    }
    return Long.parseLong(digits);
  }

  private static String string(byte[] block, int at, int width) {
    int end = at;
    while (end < at + width && block[end] != 0) {
      end++;
    }
    return new String(block, at, end - at, StandardCharsets.UTF_8);
  }

  private static String cString(byte[] bytes) {
    return string(bytes, 0, bytes.length);
  }
}
