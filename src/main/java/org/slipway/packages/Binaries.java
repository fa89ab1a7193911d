package org.slipway.packages;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What the binaries of a package tell: which shared libraries it provides and needs, by pkg's rules
 * (libpkg/pkg_elf.c and pkg_abi.c), whether it is bound to a machine at all, and what in it is not
 * for its target.
 *
 * @param bound whether there is any ELF file, an archive of ELF objects included
 * @param required without what the package itself has
 * @param foreign ELF files of another system or machine, by path
 */
record Binaries(
    boolean bound, Set<String> required, Set<String> provided, List<ForeignBinary> foreign) {
  Binaries {
    required = Collections.unmodifiableSet(new TreeSet<>(required));
    provided = Collections.unmodifiableSet(new TreeSet<>(provided));
    foreign = List.copyOf(foreign);
  }

  private static final byte[] AR = "!<arch>\n".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ELF = {0x7f, 'E', 'L', 'F'};

  /** The 32-bit machine whose programs FreeBSD runs beside these, for pkg's {@code :32} mark. */
  private static final Map<String, String> NARROW =
      Map.of("amd64", "i386", "aarch64", "armv7", "powerpc64", "powerpc");

  private static final String FREEBSD = "FreeBSD";
  private static final String LINUX = "Linux";

  /** What a package's binaries tell, by its manifest's rules of what to leave out. */
  static Binaries of(PackageContent content, Manifest manifest, LibraryRules rules)
      throws IOException {
    Abi target = rules.target().orElse(manifest.abi());
    Binaries found = of(content, target, manifest.abi(), rules.linux());
    Set<String> required = new TreeSet<>(found.required);
    required.removeAll(manifest.shlibsProvidedIgnore());
    required.removeAll(manifest.shlibsRequiredIgnore());
    required.removeAll(rules.base().names());
    Set<String> provided = new TreeSet<>(found.provided);
    provided.removeAll(manifest.shlibsProvidedIgnore());
    if (manifest.annotations().containsKey("no_provide_shlib")) {
      provided.clear();
    }
    return new Binaries(found.bound, required, provided, found.foreign);
  }

  /** What the binaries tell beside a target, with nothing left out but what is there itself. */
  static Binaries of(PackageContent content, Abi target) throws IOException {
    return of(content, target, target, false);
  }

  private static Binaries of(PackageContent content, Abi target, Abi declared, boolean linux)
      throws IOException {
    boolean bound = false;
    Set<String> required = new TreeSet<>();
    Set<String> provided = new TreeSet<>();
    List<ForeignBinary> foreign = new ArrayList<>();
    for (PackageContent.Entry entry : content.entries()) {
      if (!(entry instanceof PackageContent.RegularFile file)) {
        continue;
      }
      byte[] magic = magic(file);
      Optional<ElfFile> elf =
          startsWith(magic, ELF) ? ElfFile.read(file.bytes()) : Optional.empty();
      if (elf.isPresent()) {
        bound = true;
        add(elf.get(), target, linux, required, provided);
        foreign(elf.get(), file.path(), declared).ifPresent(foreign::add);
      } else {
        bound = bound || (startsWith(magic, AR) && isObjectArchive(file));
      }
    }
    required.removeAll(provided);
    for (PackageContent.Entry entry : content.entries()) {
      required.remove(entry.path().substring(entry.path().lastIndexOf('/') + 1));
    }
    return new Binaries(bound, required, provided, foreign);
  }

  private static byte[] magic(PackageContent.RegularFile file) throws IOException {
    if (file.sizeBytes() < AR.length) {
      return new byte[0];
    }
    try (InputStream in = Files.newInputStream(file.bytes())) {
      return in.readNBytes(AR.length);
    }
  }

  private static boolean startsWith(byte[] bytes, byte[] magic) {
    return bytes.length >= magic.length
        && Arrays.equals(bytes, 0, magic.length, magic, 0, magic.length);
  }

  private static void add(
      ElfFile elf, Abi target, boolean linux, Set<String> required, Set<String> provided) {
    Optional<String> mark = mark(elf, target, linux);
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
  private static Optional<String> mark(ElfFile elf, Abi target, boolean linuxToo) {
    String os = elf.os().orElse(guess(target.os()));
    boolean linux = linuxToo && os.equals(LINUX) && target.os().equals(FREEBSD);
    String arch = elf.arch(target.os()).orElse("");
    if (!(os.equals(target.os()) || linux) || arch.isEmpty()) {
      return Optional.empty();
    }
    String system = linux ? ":Linux" : "";
    if (target.os().equals(FREEBSD) && arch.equals(NARROW.get(target.arch()))) {
      return Optional.of(system + ":32");
    }
    boolean same = arch.equals(target.arch()) || target.arch().equals("*");
    return same ? Optional.of(system) : Optional.empty();
  }

  /**
   * An unmarked file counts as Linux's on FreeBSD, whose kernel takes it so, and as the target's
   * own elsewhere.
   */
  private static String guess(String targetOs) {
    return targetOs.equals(FREEBSD) ? LINUX : targetOs;
  }

  /**
   * What a file says of its system counts here, never a guess: objects and static programs are
   * often unmarked.
   */
  private static Optional<ForeignBinary> foreign(ElfFile elf, String path, Abi target) {
    Optional<String> arch = elf.arch(elf.os().orElse(target.os()));
    boolean sameOs = elf.os().isEmpty() || elf.os().get().equals(target.os());
    boolean sameArch = arch.filter(each -> each.equals(target.arch())).isPresent();
    boolean narrow = target.os().equals(FREEBSD)
        && arch.filter(each -> each.equals(NARROW.get(target.arch()))).isPresent();
    if (sameOs && (sameArch || narrow)) {
      return Optional.empty();
    }
    String what =
        elf.os().map(os -> os + " ").orElse("") + arch.orElse("the ELF machine " + elf.machine());
    return Optional.of(new ForeignBinary(path, what, target));
  }

  /** A static library binds a package to its machine; an archive of something else does not. */
  private static boolean isObjectArchive(PackageContent.RegularFile file) throws IOException {
    try (InputStream in = Files.newInputStream(file.bytes())) {
      in.skipNBytes(AR.length);
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
        if (Arrays.equals(magic, ELF)) {
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
