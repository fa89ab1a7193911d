package org.slipway.evaluate;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What an ELF program or library wants of the dynamic loader, read from its program headers, as the
 * loader does (System V gABI, chapter 5): section headers may be stripped off.
 *
 * @param wide whether it is of 64 bits
 * @param machine e_machine
 * @param interpreter PT_INTERP, the loader's own path; a library has none
 * @param libraries DT_NEEDED, in the file's order
 */
record LoaderNeeds(
    boolean wide, int machine, Optional<String> interpreter, List<String> libraries) {
  private static final int MAX_HEADERS = 1000;
  private static final int MAX_NAME_BYTES = 1024;
  private static final int MAX_TABLE_BYTES = 1 << 20;
  private static final int PT_LOAD = 1;
  private static final int PT_DYNAMIC = 2;
  private static final int PT_INTERP = 3;
  private static final int DT_NEEDED = 1;
  private static final int DT_STRTAB = 5;

  LoaderNeeds {
    libraries = List.copyOf(libraries);
  }

  /** Empty where the file is no program or library in ELF. */
  static Optional<LoaderNeeds> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer header = bytes(channel, 0, 64);
      if (header.limit() < 52 || header.getInt(0) != 0x7f454c46) {
        return Optional.empty();
      }
      boolean wide = header.get(4) == 2;
      ByteOrder order = header.get(5) == 2 ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN;
      return Optional.of(new Reading(channel, header.order(order), wide).needs());
    } catch (IndexOutOfBoundsException e) {
      throw new IOException(file + " is damaged: its ELF headers end too early", e);
    }
  }

  /** Whether a loader that was asked by this one would take the other. */
  boolean fits(LoaderNeeds other) {
    return wide == other.wide && machine == other.machine;
  }

  private static ByteBuffer bytes(FileChannel channel, long at, long length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate((int) Math.max(0, Math.min(length, MAX_TABLE_BYTES)));
    while (at >= 0 && buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        break;
      }
    }
    return buffer.flip();
  }

  /** One program header. */
  private record Segment(int type, long offset, long address, long size) {}

  /** The walk over one file. */
  private static final class Reading {
    private final FileChannel channel;
    private final ByteBuffer header;
    private final boolean wide;

    Reading(FileChannel channel, ByteBuffer header, boolean wide) {
      this.channel = channel;
      this.header = header;
      this.wide = wide;
    }

    LoaderNeeds needs() throws IOException {
      List<Segment> segments = segments();
      Optional<String> interpreter = Optional.empty();
      List<String> libraries = new ArrayList<>();
      for (Segment segment : segments) {
        if (segment.type() == PT_INTERP) {
          interpreter = Optional.of(text(segment.offset()));
        } else if (segment.type() == PT_DYNAMIC) {
          libraries(segment, segments, libraries);
        }
      }
      return new LoaderNeeds(wide, header.getShort(18) & 0xffff, interpreter, libraries);
    }

    private List<Segment> segments() throws IOException {
      long offset = word(header, wide ? 32 : 28);
      int size = header.getShort(wide ? 54 : 42) & 0xffff;
      int count = Math.min(MAX_HEADERS, header.getShort(wide ? 56 : 44) & 0xffff);
      List<Segment> segments = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        ByteBuffer entry = bytes(channel, offset + (long) i * size, size).order(header.order());
        segments.add(new Segment(
            entry.getInt(0),
            word(entry, wide ? 8 : 4),
            word(entry, wide ? 16 : 8),
            word(entry, wide ? 32 : 16)));
      }
      return segments;
    }

    private void libraries(Segment dynamic, List<Segment> segments, List<String> into)
        throws IOException {
      ByteBuffer table = bytes(channel, dynamic.offset(), dynamic.size()).order(header.order());
      int width = wide ? 8 : 4;
      List<Long> names = new ArrayList<>();
      long strings = 0;
      for (int at = 0; at + 2 * width <= table.limit() && word(table, at) != 0; at += 2 * width) {
        if (word(table, at) == DT_NEEDED) {
          names.add(word(table, at + width));
        } else if (word(table, at) == DT_STRTAB) {
          strings = word(table, at + width);
        }
      }
      for (Segment segment : segments) {
        long within = strings - segment.address();
        if (segment.type() == PT_LOAD && within >= 0 && within < segment.size()) {
          for (long name : names) {
            into.add(text(segment.offset() + within + name));
          }
          return;
        }
      }
    }

    private long word(ByteBuffer buffer, int at) {
      return wide ? buffer.getLong(at) : buffer.getInt(at) & 0xffffffffL;
    }

    private String text(long at) throws IOException {
      ByteBuffer bytes = bytes(channel, at, MAX_NAME_BYTES);
      int end = 0;
      while (end < bytes.limit() && bytes.get(end) != 0) {
        end++;
      }
      return StandardCharsets.ISO_8859_1.decode(bytes.limit(end)).toString();
    }
  }
}
