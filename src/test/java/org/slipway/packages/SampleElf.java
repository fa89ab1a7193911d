package org.slipway.packages;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The smallest ELF files that tell a system, a machine, a name and needs: a header, a dynamic
 * section with its strings, and a note (System V gABI, chapter 4).
 */
final class SampleElf {
  static final int I386 = 3;
  static final int AMD64 = 62;
  static final int AARCH64 = 183;

  private final int machine;
  private final boolean wide;
  private final List<String> needed = new ArrayList<>();
  private String soname = "";
  private byte[] note = {};
  private int osAbi;

  private SampleElf(int machine) {
    this.machine = machine;
    this.wide = machine != I386;
  }

  static SampleElf of(int machine) {
    return new SampleElf(machine);
  }

  SampleElf freeBsd(int version) {
    osAbi = 9;
    return bsd("FreeBSD", version);
  }

  SampleElf bsd(String os, int version) {
    // Names of notes are filled to whole words; their length says without the filling.
    note = note(os + "\0", ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(version));
    return this;
  }

  SampleElf linux() {
    note = note(
        "GNU\0",
        ByteBuffer.allocate(16)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putInt(0)
            .putInt(3)
            .putInt(2));
    return this;
  }

  SampleElf named(String name) {
    soname = name;
    return this;
  }

  SampleElf needs(String... names) {
    needed.addAll(List.of(names));
    return this;
  }

  byte[] bytes() {
    ByteArrayOutputStream strings = new ByteArrayOutputStream();
    strings.write(0);
    List<long[]> entries = new ArrayList<>();
    for (String name : needed) {
      entries.add(new long[] {1, text(strings, name)});
    }
    if (!soname.isEmpty()) {
      entries.add(new long[] {14, text(strings, soname)});
    }
    entries.add(new long[] {0, 0});
    ByteBuffer dynamic = buffer(entries.size() * (wide ? 16 : 8));
    entries.forEach(entry -> word(word(dynamic, entry[0]), entry[1]));

    int head = wide ? 64 : 52;
    int dynamicAt = head;
    int stringsAt = dynamicAt + dynamic.capacity();
    int noteAt = stringsAt + strings.size();
    int sectionsAt = noteAt + note.length;
    ByteBuffer file = buffer(sectionsAt + 4 * (wide ? 64 : 40));
    header(file, sectionsAt);
    file.position(head);
    file.put(dynamic.flip()).put(strings.toByteArray()).put(note);
    section(file, 0, 0, 0, 0);
    section(file, 6, dynamicAt, dynamic.capacity(), 2);
    section(file, 3, stringsAt, strings.size(), 0);
    section(file, 7, noteAt, note.length, 0);
    return bytes(file);
  }

  private void header(ByteBuffer file, int sectionsAt) {
    file.put(new byte[] {0x7f, 'E', 'L', 'F', (byte) (wide ? 2 : 1), 1, 1, (byte) osAbi});
    file.position(16);
    file.putShort((short) 3).putShort((short) machine).putInt(1);
    word(word(word(file, 0), 0), sectionsAt).putInt(0);
    file.putShort((short) (wide ? 64 : 52)).putShort((short) 0).putShort((short) 0);
    file.putShort((short) (wide ? 64 : 40)).putShort((short) 4).putShort((short) 0);
  }

  private void section(ByteBuffer file, int type, int at, int size, int link) {
    file.putInt(0).putInt(type);
    word(word(word(word(file, 0), 0), at), size).putInt(link).putInt(0);
    word(word(file, 1), 0);
  }

  private ByteBuffer word(ByteBuffer buffer, long value) {
    return wide ? buffer.putLong(value) : buffer.putInt((int) value);
  }

  private static byte[] bytes(ByteBuffer buffer) {
    byte[] bytes = new byte[buffer.capacity()];
    buffer.get(0, bytes);
    return bytes;
  }

  private static ByteBuffer buffer(int size) {
    return ByteBuffer.allocate(size).order(ByteOrder.LITTLE_ENDIAN);
  }

  private static int text(ByteArrayOutputStream strings, String text) {
    int at = strings.size();
    strings.writeBytes((text + "\0").getBytes(StandardCharsets.US_ASCII));
    return at;
  }

  private static byte[] note(String name, ByteBuffer desc) {
    int filled = (name.length() + 3) & ~3;
    ByteBuffer note = buffer(12 + filled + desc.capacity());
    note.putInt(name.length()).putInt(desc.capacity()).putInt(1);
    note.put(name.getBytes(StandardCharsets.US_ASCII)).position(12 + filled);
    return bytes(note.put(desc.flip()));
  }
}
