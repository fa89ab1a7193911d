package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.tukaani.xz.LZMA2Options;
import org.tukaani.xz.XZOutputStream;

/** Archives that were made to lead a reader astray: each is refused for what it is. */
final class HostilePackageTest {
  private static final String LONG = "/usr/local/" + "a/".repeat(600) + "b";

  @TempDir
  private Path folder;

  static Stream<Arguments> archives() {
    return Stream.of(
        refused("has an empty, \".\" or \"..\" part", one("/usr/local/../../etc/passwd")),
        refused("has an empty, \".\" or \"..\" part", one("/usr//local/x")),
        refused("has an empty, \".\" or \"..\" part", one("/usr/./x")),
        refused("has an empty, \".\" or \"..\" part", one("/usr/x/")),
        refused("has an empty, \".\" or \"..\" part", one("/")),
        refused("is not absolute", one("usr/local/x")),
        refused("is not absolute", one("../x")),
        refused("is not absolute", one("")),
        refused("has a control character", one("/usr/\u001b[31mx")),
        refused("has a control character", one("/usr/a\nb")),
        refused("longer than 1023 bytes", pax("path", LONG)),
        refused("has a control character", pax("path", "/usr/a\0b")),
        refused("is in the archive, not in the manifest", one("/usr/local/bin/other")),
        refused("/a is in it twice", pair("/a", "/a")),
        refused("/a/b lies below /a, which is no directory", pair("/a", "/a/b")),
        refused("/a is no directory, and members lie below it", pair("/a/b", "/a")),
        refused(
            "/a/passwd lies below /a, which is no directory",
            RawTar.packageWith("/a", "x", "/a/passwd", "x")
                .link('2', "/a", "/etc")
                .file("/a/passwd", "x")),
        refused(
            "/a is no directory, and members lie below it",
            RawTar.packageWith("/a", "x", "/a/b/c", "x")
                .file("/a/b/c", "x")
                .link('2', "/a", "/etc")),
        refused("/a links to \"../../x\", which is above the root", link('2', "/a", "../../x")),
        refused("symbolic link with an unusable target", link('2', "/a", "")),
        refused("symbolic link with an unusable target", link('2', "/a", "x\u0007")),
        refused(
            "is a hard link to \"/etc/passwd\", which is no file", link('1', "/a", "/etc/passwd")),
        refused("is a hard link to \"/a\", which is no file before it", link('1', "/a", "/a")),
        refused(
            "/b is a hard link to \"/a\", which is no file before it",
            RawTar.packageWith("/a", "x", "/b", "x").link('2', "/a", "c").link('1', "/b", "/a")),
        refused(
            "/b is a hard link to \"/a\", which is no file before it",
            RawTar.packageWith("/a", "x", "/b", "x").link('1', "/b", "/a").file("/a", "x")),
        refused(
            "/d is a hard link to \"/c\", which is no file before it",
            RawTar.packageWith("/d", "x").directory("/c/").link('1', "/d", "/c")),
        refused("is neither file, directory nor link", link('3', "/a", "")),
        refused("is neither file, directory nor link", link('4', "/a", "")),
        refused("is neither file, directory nor link", link('6', "/a", "")),
        refused("is neither file, directory nor link", link('S', "/a", "")),
        refused("is neither file, directory nor link", link('V', "/a", "")),
        refused("bytes of its own", sized('2', 512)),
        refused("bytes of its own", sized('1', 512)),
        refused("bytes of its own", sized('5', 512)),
        refused("ends too early", sized('0', 1 << 20)),
        refused("it is an archive bomb", sized('0', 077777777777L)),
        refused("unpacks to more than", pax("size", "99999999999999999")),
        refused("broken pax header", pax("size", "9999999999999999999")),
        refused("broken pax header", pax("size", "-1")),
        refused("broken pax header", pax("mtime", "now")),
        refused("sparse member", pax("GNU.sparse.major", "1")),
        refused("headers say its path twice", pax("path", "/a", "path", "/b")),
        refused(
            "headers say its path twice",
            listing("/a")
                .member('L', "././@LongLink", "", utf8("/a\0"), 3)
                .pax('x', "path", "/b")
                .file("/c", "x")),
        refused(
            "global header sets the path", listing("/a").pax('g', "path", "/a").file("/b", "x")),
        refused("too many headers", repeated(10, "comment", "x")),
        refused("broken pax header", listing("/a").member('x', "P", "", utf8("12 a=b"), 6)),
        refused("broken pax header", listing("/a").member('x', "P", "", utf8("6 abc\n"), 6)),
        refused(
            "at most 1048576 are taken", listing("/a").member('x', "P", "", utf8("x"), 1L << 33)),
        refused("at most 67108864 are taken", manifest("+MANIFEST", 65L << 20)),
        refused("at most 16777216 are taken", manifest("+COMPACT_MANIFEST", 17L << 20)),
        refused("is an archive bomb", manifest("+INSTALL", 4L << 30)),
        refused("it has +MANIFEST twice", RawTar.packageWith().file("+MANIFEST", "{}")),
        refused("has no +MANIFEST at its start", new RawTar().file("/a", "x")),
        refused("+MANIFEST is no file", new RawTar().link('2', "+MANIFEST", "/etc/passwd")),
        refused("is not absolute", listing("/a").file("/a", "x").file("+MANIFEST", "{}")),
        refused("too many members before", many()),
        refused("has an empty, \".\" or \"..\" part", RawTar.packageListing("\"/a/../b\":\"-\"")),
        refused("is not absolute", RawTar.packageListing("\"a\":\"-\"")),
        refused("lists /a twice", RawTar.packageListing("\"/a\":\"-\",\"/%61\":\"-\"")),
        refused("twice or as a list", RawTar.packageListing("\"/a\":\"-\",\"/a\":\"1\"")),
        refused("is no octal number", RawTar.packageListing("\"/a\":{\"perm\":\"rwx\"}")),
        refused("+MANIFEST, line 1: expected", RawTar.packageListing("\"/a\":\"")),
        refused("at most 64 levels", RawTar.packageListing("\"/a\":" + "[".repeat(70))));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("archives")
  void refusesEachForWhatItIs(String message, byte[] tar) throws IOException {
    Path file = Files.write(folder.resolve("a.pkg"), tar);
    Verification found = PackageFile.verify(file, PackageLimits.DEFAULT);
    assertThat(found.findings()).anyMatch(finding -> finding.toString().contains(message));
    assertThat(found.findings()).allMatch(finding -> PathRules.isPlainText(finding.toString()));
  }

  @Test
  void writesNothingOfAMemberThatItRefuses() throws Exception {
    byte[] tar = RawTar.packageWith("/a", "x", "/a/passwd", "x")
        .link('2', "/a", "/etc")
        .file("/a/passwd", "x")
        .end();
    PackageFile archive = PackageFile.open(Files.write(folder.resolve("a.pkg"), tar));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    assertThatThrownBy(() -> archive.writeTar(out))
        .isInstanceOf(HostileArchiveException.class)
        .hasMessageStartingWith(folder.resolve("a.pkg") + " is no sound package: /a/passwd lies");
    assertThat(out.toString(StandardCharsets.UTF_8)).doesNotContain("passwd");
  }

  @Test
  void stopsAtTheCallersLimits() throws Exception {
    Path file = Files.write(
        folder.resolve("a.pkg"),
        RawTar.packageWith("/a", "x", "/b", "x")
            .file("/a", "x".repeat(2000))
            .file("/b", "x")
            .end());
    assertThat(PackageFile.verify(file, new PackageLimits(1 << 20, 999, 1, 5000, 1000))
            .findings())
        .extracting(PackageFinding::text)
        .contains("it has more than 1 members");
    assertThat(PackageFile.verify(file, new PackageLimits(1 << 20, 999, 9, 1500, 1000))
            .findings())
        .extracting(PackageFinding::text)
        .anyMatch(text -> text.startsWith("it unpacks to more than 1500 bytes"));
    assertThatThrownBy(() -> PackageFile.open(file, new PackageLimits(9, 999, 9, 1 << 20, 1000)))
        .hasMessageEndingWith("at most 9 are taken");
    assertThatThrownBy(() -> PackageFile.open(file, new PackageLimits(9999, 20, 9, 1 << 20, 1000)))
        .hasMessageEndingWith("has more than 20 commas and brackets");
  }

  @Test
  void givesNoDecoderTheMemoryThatAHeaderAsksFor() throws Exception {
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (XZOutputStream xz = new XZOutputStream(packed, new LZMA2Options(0))) {
      xz.write(RawTar.packageWith().end());
    }
    byte[] bytes = packed.toByteArray();
    // The block header after the stream's: its size, flags, LZMA2's number and the dictionary's
    // size.
    int length = (bytes[12] + 1) * 4;
    bytes[16] = 40;
    CRC32 crc = new CRC32();
    crc.update(bytes, 12, length - 4);
    for (int i = 0; i < 4; i++) {
      bytes[12 + length - 4 + i] = (byte) (crc.getValue() >> (8 * i));
    }
    assertDamaged("xz", bytes);
    // A frame that wants a window of 2 GiB (RFC 8878, 3.1.1.1.2), then a block of one byte.
    assertDamaged(
        "zstd", new byte[] {0x28, (byte) 0xb5, 0x2f, (byte) 0xfd, 0, (byte) 0xa8, 9, 0, 0, 'x'});
  }

  private void assertDamaged(String kind, byte[] bytes) throws IOException {
    Path file = Files.write(folder.resolve(kind), bytes);
    assertThatThrownBy(() -> PackageFile.scan(file))
        .isInstanceOf(HostileArchiveException.class)
        .hasMessageStartingWith(file + " is no sound package: its " + kind + " data are damaged (");
    assertThat(PackageFile.verify(file, PackageLimits.DEFAULT).sound()).isFalse();
  }

  private static Arguments refused(String message, RawTar tar) {
    return Arguments.of(message, tar.end());
  }

  private static RawTar listing(String path) {
    return RawTar.packageWith(path, "x");
  }

  private static RawTar one(String name) {
    return listing("/a").file(name, "x");
  }

  private static RawTar pair(String first, String second) {
    return (first.equals(second) ? listing(first) : RawTar.packageWith(first, "x", second, "x"))
        .file(first, "x")
        .file(second, "x");
  }

  private static RawTar link(char type, String name, String target) {
    return listing(name).link(type, name, target);
  }

  private static RawTar sized(char type, long claimed) {
    return listing("/a").file("/a", "x").member(type, "/b", "/a", new byte[0], claimed);
  }

  private static RawTar pax(String... records) {
    return listing("/a").pax('x', records).file("/a", "x");
  }

  private static RawTar repeated(int times, String key, String value) {
    RawTar tar = listing("/a");
    for (int i = 0; i < times; i++) {
      tar.pax('x', key, value);
    }
    return tar.file("/a", "x");
  }

  private static RawTar manifest(String name, long claimed) {
    return new RawTar().member('0', name, "", new byte[512], claimed);
  }

  private static RawTar many() {
    RawTar tar = new RawTar();
    for (String name : List.of("+A", "+B", "+C")) {
      for (int i = 0; i < 6; i++) {
        tar.file(name + i, "x");
      }
    }
    return tar;
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
