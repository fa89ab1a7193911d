package org.slipway.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
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

  /** All of them together: long names are rare, and none of them is payload. */
  private static final long EXTENSION_BYTES_A_MEMBER = 4 << 10;

  /** GNU tar fills its last record, 10 KiB by default, with zeros. */
  private static final long MAX_TRAILER_BYTES = 1 << 20;

  private final InputStream in;
  private long left;
  private int padding;
  private long extensionBytesLeft = 4 * MAX_EXTENSION_BYTES;
  private String current = "its first header";
  private Map<String, String> records = Map.of();

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
        case 'x' -> PaxRecords.read(extension(size), extended);
        case 'g' -> PaxRecords.requireHarmless(extension(size));
        case 'L' -> PaxRecords.put(extended, "path", cString(extension(size)));
        case 'K' -> PaxRecords.put(extended, "linkpath", cString(extension(size)));
        default -> {
          return member(block, type, size, extended);
        }
      }
    }
    throw new HostileArchiveException("the archive has a member with too many headers");
  }

  /**
   * What the current member's pax header says beyond the entry's own fields, such as {@code
   * SCHILY.fflags}.
   */
  Optional<String> record(String key) {
    return Optional.ofNullable(records.get(key));
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
          throw new DamagedDataException(String.valueOf(e.getMessage()));
        }
      }
    };
  }

  /** All bytes of the current member. */
  byte[] readAll(int limitBytes) throws IOException, HostileArchiveException {
    if (left > limitBytes) {
      throw new HostileArchiveException("member \"" + PathRules.shown(current) + "\" has " + left
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
    current = name;
    String longSize = extended.get("size");
    long bytes = longSize == null ? size : PaxRecords.decimal(longSize);
    if (bytes != 0 && isBare(type)) {
      throw new HostileArchiveException(
          "\"" + PathRules.shown(current) + "\" is a link or directory with bytes of its own");
    }
    left = bytes;
    padding = (int) ((BLOCK - left % BLOCK) % BLOCK);
    extensionBytesLeft += EXTENSION_BYTES_A_MEMBER;
    records = extended;
    String mtime = extended.get("mtime");
    return new TarEntry(
        type == 0 || type == '7' ? TarEntry.FILE : type,
        name,
        extended.getOrDefault("linkpath", string(block, 157, 100)),
        (int) number(block, 100, 8) & 07777,
        extended.getOrDefault("uname", string(block, 265, 32)),
        extended.getOrDefault("gname", string(block, 297, 32)),
        left,
        mtime == null ? number(block, 136, 12) : PaxRecords.seconds(mtime));
  }

  /** Tars do not agree on whether bytes follow such a header. */
  private static boolean isBare(char type) {
    return type == TarEntry.HARD_LINK || type == TarEntry.SYMLINK || type == TarEntry.DIRECTORY;
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
    extensionBytesLeft -= size;
    if (extensionBytesLeft < 0) {
      throw new HostileArchiveException("the archive has more headers than members need");
    }
    skipRest();
    return bytes;
  }

  private void skipRest() throws IOException, HostileArchiveException {
    long skip = left + padding;
    left = 0;
    padding = 0;
    if (skip == 0) {
      return;
    }
    byte[] buffer = new byte[(int) Math.min(skip, 1 << 14)];
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
    return new HostileArchiveException(
        "the archive ends too early, after " + PathRules.shown(current));
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
    String stored = string(block, 148, 8).strip();
    if (stored.isEmpty() || stored.length() > 7 || !isOctal(stored)) {
      throw new HostileArchiveException("a header is broken; this is no tar archive");
    }
    if (sum != Long.parseLong(stored, 8)) {
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
    if (digits.length() > 20 || !isOctal(digits)) {
      throw new HostileArchiveException("a header's number is broken");
    }
    return digits.isEmpty() ? 0 : Long.parseLong(digits, 8);
  }

  /** Asked of every header several times; an expression would take longer than the rest. */
  private static boolean isOctal(String digits) {
    for (int i = 0; i < digits.length(); i++) {
      if (digits.charAt(i) < '0' || digits.charAt(i) > '7') {
        return false;
      }
    }
    return true;
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
