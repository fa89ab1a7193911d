package org.slipway.packages;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The sections of an ELF file by name (System V gABI, chapter 4), for comparing two. The file may be
 * damaged: then it has none.
 */
final class ElfSections {
  private static final int SHT_NOBITS = 8;
  private static final int MOST = 4096;

  private ElfSections() {}

  /** Empty for what is no ELF file with a sound table of sections. */
  static Optional<Map<String, ByteBuffer>> of(byte[] bytes) {
    ByteBuffer file = ByteBuffer.wrap(bytes);
    if (bytes.length < 64 || file.getInt(0) != 0x7f454c46 || bytes[4] < 1 || bytes[4] > 2) {
      return Optional.empty();
    }
    boolean wide = bytes[4] == 2;
    file.order(bytes[5] == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
    try {
      long table = wide ? file.getLong(40) : file.getInt(32) & 0xffffffffL;
      int entry = file.getShort(wide ? 58 : 46) & 0xffff;
      int count = file.getShort(wide ? 60 : 48) & 0xffff;
      int names = file.getShort(wide ? 62 : 50) & 0xffff;
      if (table <= 0 || entry < (wide ? 64 : 40) || count > MOST || names >= count) {
        return Optional.empty();
      }
      ByteBuffer strings = section(file, Math.toIntExact(table + (long) names * entry), wide);
      Map<String, ByteBuffer> sections = new LinkedHashMap<>();
      for (int at = 1; at < count; at++) {
        int header = Math.toIntExact(table + (long) at * entry);
        String name = name(strings, file.getInt(header));
        ByteBuffer content = file.getInt(header + 4) == SHT_NOBITS
            ? ByteBuffer.allocate(0)
            : section(file, header, wide);
        sections.put(sections.containsKey(name) ? name + "#" + at : name, content);
      }
      return Optional.of(sections);
    } catch (IndexOutOfBoundsException | ArithmeticException e) {
      return Optional.empty();
    }
  }

  private static ByteBuffer section(ByteBuffer file, int header, boolean wide) {
    long offset = wide ? file.getLong(header + 24) : file.getInt(header + 16) & 0xffffffffL;
    long size = wide ? file.getLong(header + 32) : file.getInt(header + 20) & 0xffffffffL;
    return file.slice(Math.toIntExact(offset), Math.toIntExact(size));
  }

  private static String name(ByteBuffer strings, int at) {
    int end = at;
    while (strings.get(end) != 0) {
      end++;
    }
    byte[] name = new byte[Math.min(100, end - at)];
    strings.get(at, name);
    return new String(name, StandardCharsets.UTF_8);
  }
}
