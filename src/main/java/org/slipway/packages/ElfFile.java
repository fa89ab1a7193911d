package org.slipway.packages;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * What an ELF file tells of itself without being run: its machine, its operating system, its name
 * as a library and the libraries it needs (System V gABI, chapters 4 and 5). The file may be
 * hostile: every offset is checked, every length bounded, and a damaged table counts as absent.
 *
 * @param machine e_machine
 * @param osAbi EI_OSABI; 9 is FreeBSD
 * @param armArchitecture Tag_CPU_arch of ARM's build attributes; 6 is v6, 10 is v7, 0 is none
 * @param tag the ABI note, where there is one
 * @param soname DT_SONAME
 * @param needed DT_NEEDED, in the file's order
 */
record ElfFile(
    boolean wide,
    boolean bigEndian,
    int machine,
    int osAbi,
    int armArchitecture,
    Optional<AbiTag> tag,
    Optional<String> soname,
    List<String> needed) {

  private static final int HEADER_BYTES = 64;
  private static final int MAX_SECTIONS = 65_535;
  private static final int MAX_TABLE_BYTES = 1 << 20;
  private static final int MAX_NAME_BYTES = 1024;
  private static final int SHT_DYNAMIC = 6;
  private static final int SHT_NOTE = 7;
  private static final int SHT_ARM_ATTRIBUTES = 0x70000003;
  private static final int ELFOSABI_FREEBSD = 9;
  private static final Set<String> BSDS = Set.of("FreeBSD", "DragonFly", "NetBSD");
  private static final long DT_NEEDED = 1;
  private static final long DT_SONAME = 14;

  /**
   * The operating system that a note names.
   *
   * @param version {@code 3.2} for Linux (oldest kernel), the major release for FreeBSD
   */
  record AbiTag(String os, String version) {}

  ElfFile {
    needed = List.copyOf(needed);
  }

  /** Reads a file; empty when it is no executable, library or object in ELF. */
  static Optional<ElfFile> read(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file)) {
      ByteBuffer header = bytes(channel, 0, HEADER_BYTES);
      if (header.limit() < 52 || header.getInt(0) != 0x7f454c46) {
        return Optional.empty();
      }
      boolean wide = header.get(4) == 2;
      boolean bigEndian = header.get(5) == 2;
      if ((!wide && header.get(4) != 1) || (!bigEndian && header.get(5) != 1)) {
        return Optional.empty();
      }
      if (wide && header.limit() < HEADER_BYTES) {
        return Optional.empty();
      }
      header.order(bigEndian ? ByteOrder.BIG_ENDIAN : ByteOrder.LITTLE_ENDIAN);
      int type = header.getShort(16) & 0xffff;
      if (type < 1 || type > 3) {
        return Optional.empty();
      }
      return Optional.of(new Sections(channel, header, wide).elf());
    }
  }

  /** The system that the file names, in its note or its header; empty where it names none. */
  Optional<String> os() {
    return tag.map(AbiTag::os)
        .or(() -> osAbi == ELFOSABI_FREEBSD ? Optional.of("FreeBSD") : Optional.empty());
  }

  /** pkg's name of the machine on this system; empty for a machine that pkg does not know. */
  Optional<String> arch(String os) {
    boolean namedX86 = os.equals("Linux") || os.equals("NetBSD");
    return switch (machine) {
      case 3 -> Optional.of("i386");
      case 20 -> Optional.of("powerpc");
      case 21 -> Optional.of(bigEndian ? "powerpc64" : "powerpc64le");
      // As for pkg, what is older than v6 has no name, and what is not plain v6 is v7.
      case 40 ->
        armArchitecture < 6
            ? Optional.empty()
            : Optional.of(armArchitecture == 6 ? "armv6" : "armv7");
      case 62 -> Optional.of(namedX86 ? "x86_64" : "amd64");
      case 183 -> Optional.of("aarch64");
      case 243 -> Optional.of(wide ? "riscv64" : "riscv32");
      default -> Optional.empty();
    };
  }

  /** Up to {@code length} bytes from {@code at}; fewer at the file's end. */
  private static ByteBuffer bytes(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (at >= 0 && buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        break;
      }
    }
    return buffer.flip();
  }

  private static String text(ByteBuffer buffer, int from, int to) {
    byte[] bytes = new byte[to - from];
    buffer.get(from, bytes);
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** One section header. */
  private record Section(int type, long offset, long size, int link) {}

  /** The walk over one file's section headers. */
  private static final class Sections {
    private final FileChannel channel;
    private final ByteBuffer header;
    private final boolean wide;
    private final List<Section> sections = new ArrayList<>();

    Sections(FileChannel channel, ByteBuffer header, boolean wide) throws IOException {
      this.channel = channel;
      this.header = header;
      this.wide = wide;
      readHeaders();
    }

    ElfFile elf() throws IOException {
      Optional<AbiTag> tag = Optional.empty();
      Optional<String> soname = Optional.empty();
      List<String> needed = new ArrayList<>();
      boolean dynamicSeen = false;
      int arm = 0;
      for (Section section : sections) {
        if (section.type() == SHT_NOTE) {
          tag = tag.isPresent() ? tag : abiTag(table(section));
        } else if (section.type() == SHT_DYNAMIC && !dynamicSeen) {
          dynamicSeen = true;
          soname = dynamic(section, needed);
        } else if (section.type() == SHT_ARM_ATTRIBUTES) {
          arm = ArmAttributes.architecture(table(section));
        }
      }
      boolean bigEndian = header.order() == ByteOrder.BIG_ENDIAN;
      int machine = header.getShort(18) & 0xffff;
      int osAbi = header.get(7) & 0xff;
      return new ElfFile(wide, bigEndian, machine, osAbi, arm, tag, soname, needed);
    }

    private void readHeaders() throws IOException {
      long offset = wide ? header.getLong(40) : header.getInt(32) & 0xffffffffL;
      int entryBytes = header.getShort(wide ? 58 : 46) & 0xffff;
      int count = header.getShort(wide ? 60 : 48) & 0xffff;
      if (entryBytes < (wide ? 64 : 40) || count > MAX_SECTIONS || offset <= 0) {
        return;
      }
      for (int i = 0; i < count; i++) {
        ByteBuffer entry = ordered(bytes(channel, offset + (long) i * entryBytes, entryBytes));
        if (entry.limit() < entryBytes) {
          return;
        }
        sections.add(
            wide
                ? new Section(
                    entry.getInt(4), entry.getLong(24), entry.getLong(32), entry.getInt(40))
                : new Section(
                    entry.getInt(4),
                    entry.getInt(16) & 0xffffffffL,
                    entry.getInt(20) & 0xffffffffL,
                    entry.getInt(24)));
      }
    }

    /** Collects what is needed, and gives the name. */
    private Optional<String> dynamic(Section section, List<String> needed) throws IOException {
      if (section.link() < 0 || section.link() >= sections.size()) {
        return Optional.empty();
      }
      Section strings = sections.get(section.link());
      Optional<String> soname = Optional.empty();
      ByteBuffer table = table(section);
      int word = wide ? 8 : 4;
      for (int at = 0; at + 2 * word <= table.limit(); at += 2 * word) {
        long tag = wide ? table.getLong(at) : table.getInt(at);
        long value = wide ? table.getLong(at + 8) : table.getInt(at + 4) & 0xffffffffL;
        if (tag == 0) {
          break;
        } else if (tag == DT_NEEDED) {
          string(strings, value).ifPresent(needed::add);
        } else if (tag == DT_SONAME && soname.isEmpty()) {
          soname = string(strings, value);
        }
      }
      return soname;
    }

    private Optional<String> string(Section strings, long at) throws IOException {
      if (at < 0 || at >= strings.size()) {
        return Optional.empty();
      }
      int most = (int) Math.min(MAX_NAME_BYTES, strings.size() - at);
      ByteBuffer bytes = bytes(channel, strings.offset() + at, most);
      int end = 0;
      while (end < bytes.limit() && bytes.get(end) != 0) {
        end++;
      }
      String text = text(bytes, 0, end);
      // A name with anything else is no library's, and would travel on into catalogues and pages.
      return text.matches("[A-Za-z0-9_.+@/-]+") ? Optional.of(text) : Optional.empty();
    }

    /**
     * A BSD's note holds its version's number, as __FreeBSD_version is one; GNU's holds a system
     * and the oldest kernel that it runs on.
     */
    private static Optional<AbiTag> abiTag(ByteBuffer notes) {
      int at = 0;
      while (at >= 0 && at + 12 <= notes.limit()) {
        int nameBytes = notes.getInt(at);
        int descBytes = notes.getInt(at + 4);
        int type = notes.getInt(at + 8);
        int desc = at + 12 + ((nameBytes + 3) & ~3);
        boolean fits = nameBytes >= 0
            && descBytes >= 0
            && nameBytes <= notes.limit()
            && descBytes <= notes.limit()
            && desc + descBytes <= notes.limit();
        if (!fits) {
          return Optional.empty();
        }
        int nameEnd = Math.min(notes.limit(), at + 12 + Math.max(0, nameBytes - 1));
        String name = text(notes, at + 12, nameEnd);
        if (type == 1 && name.equals("GNU") && descBytes >= 16 && notes.getInt(desc) == 0) {
          return Optional.of(
              new AbiTag("Linux", notes.getInt(desc + 4) + "." + notes.getInt(desc + 8)));
        } else if (type == 1 && descBytes >= 4 && BSDS.contains(name)) {
          return Optional.of(new AbiTag(name, version(name, notes.getInt(desc))));
        }
        at = desc + ((descBytes + 3) & ~3);
      }
      return Optional.empty();
    }

    /** How each system packs its release into a number (libpkg/pkg_elf.c). */
    private static String version(String os, int number) {
      return switch (os) {
        case "DragonFly" -> number / 100_000 + "." + (number / 100 % 1000 + 1) / 2 * 2;
        case "NetBSD" -> Integer.toString((number + 1_000_000) / 100_000_000);
        default -> Integer.toString(number / 100_000);
      };
    }

    private ByteBuffer table(Section section) throws IOException {
      int size = (int) Math.max(0, Math.min(MAX_TABLE_BYTES, section.size()));
      return ordered(bytes(channel, section.offset(), size));
    }

    private ByteBuffer ordered(ByteBuffer buffer) {
      return buffer.order(header.order());
    }
  }
}
