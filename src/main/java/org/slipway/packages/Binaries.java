package org.slipway.packages;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the binaries of a package tell: which shared libraries it provides and needs, by pkg's rules
 * (libpkg/pkg_elf.c and pkg_abi.c), and whether it is bound to a machine at all.
 *
 * @param bound whether there is any ELF file, an archive of ELF objects included
 * @param required without what the package itself has
 */
record Binaries(boolean bound, Set<String> required, Set<String> provided) {
  private static final byte[] AR = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);

  /** The 32-bit machine whose programs FreeBSD runs beside these, for pkg's {@code :32} mark. */
  private static final Map<String, String> NARROW =
      Map.of("amd64", "i386", "aarch64", "armv7", "powerpc64", "powerpc");

  private static final int ELFOSABI_FREEBSD = 9;

  static Binaries of(PackageContent content, Abi target) throws IOException {
    boolean bound = false;
    Set<String> required = new TreeSet<>();
    Set<String> provided = new TreeSet<>();
    for (PackageContent.Entry entry : content.entries()) {
      if (!(entry instanceof PackageContent.RegularFile file)) {
        continue;
      }
      Optional<ElfFile> elf = ElfFile.read(file.bytes());
      if (elf.isPresent()) {
        bound = true;
        add(elf.get(), target, required, provided);
      } else {
        bound = bound || isObjectArchive(file);
      }
    }
    required.removeAll(provided);
    for (PackageContent.Entry entry : content.entries()) {
      required.remove(entry.path().substring(entry.path().lastIndexOf('/') + 1));
    }
    return new Binaries(bound, required, provided);
  }

  private static void add(ElfFile elf, Abi target, Set<String> required, Set<String> provided) {
    Optional<String> mark = mark(elf, target);
    if (mark.isEmpty()) {
      return;
    }
    elf.soname().filter(Binaries::isLibrary).ifPresent(name -> provided.add(name + mark.get()));
    elf.needed().stream()
        .filter(Binaries::isLibrary)
        .forEach(name -> required.add(name + mark.get()));
  }

  /** pkg looks at names with "lib" in front only, so plug-ins and the run-time linker stay out. */
  private static boolean isLibrary(String name) {
    return name.startsWith("lib");
  }

  /**
   * What pkg adds to the library's name; empty when the file is foreign to the target altogether.
   */
  private static Optional<String> mark(ElfFile elf, Abi target) {
    String os = elf.tag()
        .map(ElfFile.AbiTag::os)
        .orElse(elf.osAbi() == ELFOSABI_FREEBSD ? "FreeBSD" : guess(target.os()));
    String arch = elf.arch(target.os()).orElse("");
    if (!os.equals(target.os()) || arch.isEmpty()) {
      return Optional.empty();
    }
    if (os.equals("FreeBSD") && arch.equals(NARROW.get(target.arch()))) {
      return Optional.of(":32");
    }
    boolean same = arch.equals(target.arch()) || target.arch().equals("*");
    return same ? Optional.of("") : Optional.empty();
  }

  /**
   * An unmarked file counts as Linux's on FreeBSD, whose kernel takes it so, and as the target's
   * own elsewhere.
   */
  private static String guess(String targetOs) {
    return targetOs.equals("FreeBSD") ? "Linux" : targetOs;
  }

  /** A static library binds a package to its machine; an archive of something else does not. */
  private static boolean isObjectArchive(PackageContent.RegularFile file) throws IOException {
    try (InputStream in = Files.newInputStream(file.bytes())) {
      if (!Arrays.equals(in.readNBytes(AR.length), AR)) {
        return false;
      }
      for (byte[] head = in.readNBytes(60); head.length == 60; head = in.readNBytes(60)) {
        String digits = new String(head, 48, 10, StandardCharsets.US_ASCII).strip();
        if (!digits.matches("[0-9]{1,10}")) {
          return false;
        }
        long size = Long.parseLong(digits);
        String name = new String(head, 0, 16, StandardCharsets.US_ASCII);
        // BSD's long names stand before the member's bytes and are counted in its size.
        int nameBytes =
            name.matches("#1/[0-9]{1,4} *") ? Integer.parseInt(name.substring(3).strip()) : 0;
        in.skipNBytes(Math.min(nameBytes, size));
        byte[] magic = in.readNBytes((int) Math.min(4, Math.max(0, size - nameBytes)));
        if (magic.length == 4
            && magic[0] == 0x7f
            && magic[1] == 'E'
            && magic[2] == 'L'
            && magic[3] == 'F') {
          return true;
        }
        in.skipNBytes(Math.max(0, size - nameBytes - magic.length) + size % 2);
      }
      return false;
    } catch (EOFException e) {
      return false;
    }
  }
}
