package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class ElfFileTest {
  /** The running Java's own libraries: real ELF files wherever these tests run. */
  private static final Path JAVA_LIB = Path.of(System.getProperty("java.home"), "lib");

  @TempDir
  Path folder;

  @Test
  void readsALibrarysNameAndNeeds() throws Exception {
    ElfFile jvm = ElfFile.read(JAVA_LIB.resolve("server/libjvm.so")).orElseThrow();
    assertThat(jvm.soname()).contains("libjvm.so");
    assertThat(ElfFile.read(JAVA_LIB.resolve("libjava.so")).orElseThrow().needed())
        .contains("libjvm.so");
  }

  @Test
  void takesTheHostsAbiFromItsShell() throws Exception {
    Abi abi = HostAbi.detect(Path.of("/bin/sh"));
    assertThat(abi.os()).isIn("Linux", "FreeBSD");
    assertThat(abi.arch()).isNotEqualTo("*");
    assertThat(abi.legacy()).startsWith(abi.os().toLowerCase(Locale.ROOT) + ":");
  }

  @Test
  void saysWhenAShellTellsNothing() throws Exception {
    Path script = Files.writeString(folder.resolve("sh"), "#!/bin/true\n");
    assertThatThrownBy(() -> HostAbi.detect(script))
        .isInstanceOf(IOException.class)
        .hasMessage(script + " is no ELF program; set the target's ABI");
  }

  @Test
  void givesTheLegacyNamesOfPkg() {
    assertThat(Abi.parse("FreeBSD:14:amd64").legacy()).isEqualTo("freebsd:14:x86:64");
    assertThat(Abi.parse("FreeBSD:14:aarch64").legacy()).isEqualTo("freebsd:14:aarch64:64");
    assertThat(Abi.parse("FreeBSD:14:*").legacy()).isEqualTo("freebsd:14:*");
    assertThat(Abi.parse("Linux:3.2:x86_64").legacy()).isEqualTo("linux:3.2:x86_64");
  }

  @Test
  void tellsTheBsdsApart() throws Exception {
    assertThat(elf(SampleElf.of(SampleElf.AMD64).bsd("DragonFly", 600_400)).tag())
        .contains(new ElfFile.AbiTag("DragonFly", "6.4"));
    assertThat(elf(SampleElf.of(SampleElf.AMD64).bsd("NetBSD", 1_000_000_000)).tag())
        .contains(new ElfFile.AbiTag("NetBSD", "10"));
    assertThat(elf(SampleElf.of(SampleElf.AMD64).freeBsd(1_402_000)).tag())
        .contains(new ElfFile.AbiTag("FreeBSD", "14"));
    assertThat(elf(SampleElf.of(SampleElf.AMD64)).os()).isEmpty();
  }

  @Test
  void readsTheArmGenerationBehindOtherAttributes() {
    assertThat(arm("A", "aeabi", 5, "ARM1176", 6, 6)).isEqualTo(6);
    assertThat(arm("A", "aeabi", 32, 1, "gnu", 67, "2.09", 7, 65, 6, 10)).isEqualTo(10);
    assertThat(arm("A", "aeabi", 8, 1)).isZero();
    assertThat(arm("B", "aeabi", 6, 10)).isZero();
    for (int length = 0; length < 20; length++) {
      ByteBuffer cut = attributes("A", "aeabi", 5, "ARM1176", 6, 6);
      assertThat(ArmAttributes.architecture(cut.limit(length))).isZero();
    }
  }

  private ElfFile elf(SampleElf sample) throws IOException {
    return ElfFile.read(Files.write(folder.resolve("sample"), sample.bytes())).orElseThrow();
  }

  private static int arm(Object... parts) {
    return ArmAttributes.architecture(attributes(parts));
  }

  /** A version, a vendor, then tags and values of one file. */
  private static ByteBuffer attributes(Object... parts) {
    ByteBuffer bytes = ByteBuffer.allocate(64).order(ByteOrder.LITTLE_ENDIAN);
    bytes.put(((String) parts[0]).getBytes(StandardCharsets.US_ASCII)).putInt(0);
    bytes.put((parts[1] + "\0").getBytes(StandardCharsets.US_ASCII));
    int file = bytes.position();
    bytes.put((byte) 1).putInt(0);
    for (Object part : Arrays.asList(parts).subList(2, parts.length)) {
      if (part instanceof Integer number) {
        bytes.put(number.byteValue());
      } else {
        bytes.put((part + "\0").getBytes(StandardCharsets.US_ASCII));
      }
    }
    bytes.putInt(file + 1, bytes.position() - file);
    return bytes.flip();
  }

  @Test
  void survivesDamagedFiles() throws Exception {
    byte[] good = Files.readAllBytes(JAVA_LIB.resolve("libjava.so"));
    Random random = new Random(7);
    Path file = folder.resolve("elf");
    int sections =
        (int) ((good[40] & 0xffL) | ((good[41] & 0xffL) << 8) | ((good[42] & 0xffL) << 16));
    for (int round = 0; round < 60; round++) {
      byte[] bad = good.clone();
      for (int i = 0; i < 20; i++) {
        int at = i % 2 == 0 ? random.nextInt(64) : sections + random.nextInt(bad.length - sections);
        bad[at] = (byte) random.nextInt(256);
      }
      bad[0] = 0x7f;
      Files.write(file, round % 3 == 0 ? Arrays.copyOf(bad, random.nextInt(4096)) : bad);
      ElfFile.read(file).ifPresent(elf -> assertThat(elf.needed()).hasSizeLessThan(70_000));
    }
  }

  @Test
  void dropsWhatThePackageItselfProvides() throws Exception {
    byte[] jvm = Files.readAllBytes(JAVA_LIB.resolve("libnet.so"));
    byte[] java = Files.readAllBytes(JAVA_LIB.resolve("libjava.so"));
    Abi host = HostAbi.detect(Path.of("/bin/sh"));
    PackageContent.RegularFile net = SamplePackages.file(folder, "/l/libnet.so", 0755, jvm);
    assertThat(Binaries.of(content(net), host).required()).contains("libjava.so");
    Binaries both =
        Binaries.of(content(net, SamplePackages.file(folder, "/l/libjava.so", 0755, java)), host);
    assertThat(both.required()).doesNotContain("libjava.so").contains("libjvm.so");
    assertThat(both.provided()).contains("libnet.so", "libjava.so");
  }

  @Test
  void takesForeignBinariesForBoundButNotForLibraries() throws Exception {
    byte[] java = Files.readAllBytes(JAVA_LIB.resolve("libjava.so"));
    Binaries binaries = Binaries.of(
        content(SamplePackages.file(folder, "/l/libjava.so", 0755, java)),
        Abi.parse("DragonFly:6.4:x86"));
    assertThat(binaries.bound()).isTrue();
    assertThat(binaries.provided()).isEmpty();
  }

  @Test
  void bindsAStaticLibraryAndNotAnArchiveOfTexts() throws Exception {
    byte[] elf = {0x7f, 'E', 'L', 'F', 0, 0};
    byte[] text = "texts!".getBytes(StandardCharsets.US_ASCII);
    Abi host = SamplePackages.ABI;
    assertThat(Binaries.of(
                content(SamplePackages.file(folder, "/l/a.a", 0644, ar(text, elf))), host)
            .bound())
        .isTrue();
    assertThat(Binaries.of(
                content(SamplePackages.file(folder, "/l/a.a", 0644, ar(text, text))), host)
            .bound())
        .isFalse();
  }

  private static PackageContent content(PackageContent.Entry... entries) {
    return new PackageContent(List.of(entries), List.of(), List.of(), Map.of());
  }

  private static byte[] ar(byte[]... members) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes("!<arch>\n".getBytes(StandardCharsets.US_ASCII));
    for (byte[] member : members) {
      out.writeBytes(String.format(
              Locale.ROOT,
              "m/              0           0     0     100644  %-10d`\n",
              member.length)
          .getBytes(StandardCharsets.US_ASCII));
      out.writeBytes(member);
    }
    return out.toByteArray();
  }
}
