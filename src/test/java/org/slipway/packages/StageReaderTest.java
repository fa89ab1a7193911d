package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.assertj.core.api.ThrowableAssert;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StageReaderTest {
  @TempDir
  Path spool;

  @Test
  void picksWhatThePlistNames() throws Exception {
    byte[] tar = tar(t -> {
      dir(t, "./");
      dir(t, "./usr/local/share/foo/");
      file(t, "./usr/local/bin/foo", "#!/bin/sh\n", 0755);
      file(t, "./usr/local/bin/orphan", "x", 0755);
      link(t, TarConstants.LF_SYMLINK, "./usr/local/bin/f", "foo");
    });
    PackageContent content =
        read(tar, "bin/foo\nbin/f\n@dir share/foo\n@postexec true\n", Map.of("install", "echo\n"));
    assertThat(content.entries())
        .extracting(PackageContent.Entry::path)
        .containsExactly("/usr/local/bin/f", "/usr/local/bin/foo");
    assertThat(content.entries().get(0))
        .isEqualTo(new PackageContent.Symlink(
            "/usr/local/bin/f", PackageContent.Attributes.ofRoot(0755), "foo"));
    PackageContent.RegularFile foo =
        (PackageContent.RegularFile) content.entries().get(1);
    assertThat(foo.attributes()).isEqualTo(PackageContent.Attributes.ofRoot(0755));
    assertThat(Files.readString(foo.bytes())).isEqualTo("#!/bin/sh\n");
    assertThat(foo.digest()).isEqualTo(Digest.of("#!/bin/sh\n"));
    assertThat(content.directories()).hasSize(1);
    assertThat(content.scripts()).containsOnlyKeys("install", "post-install");
  }

  @Test
  void namesSpoolFilesByNumberOnly() throws Exception {
    read(tar(t -> file(t, "./usr/local/bin/foo", "x", 0644)), "bin/foo\n", Map.of());
    try (var files = Files.list(spool)) {
      assertThat(files.map(path -> path.getFileName().toString())).containsExactly("1");
    }
  }

  @Test
  void makesTheFirstPackedNameOfAHardLinkTheFile() throws Exception {
    byte[] tar = tar(t -> {
      file(t, "./usr/local/bin/a", "same", 0755);
      link(t, TarConstants.LF_LINK, "./usr/local/bin/b", "./usr/local/bin/a");
      link(t, TarConstants.LF_LINK, "./usr/local/bin/c", "./usr/local/bin/a");
    });
    PackageContent content = read(tar, "bin/c\nbin/b\n", Map.of());
    assertThat(content.entries().get(0)).isInstanceOf(PackageContent.RegularFile.class);
    assertThat(content.entries().get(1))
        .isEqualTo(new PackageContent.HardLink("/usr/local/bin/c", "/usr/local/bin/b"));
  }

  @Test
  void readsLongNamesOfBothTars() throws Exception {
    String path = "./usr/local/" + "d".repeat(90) + "/" + "e".repeat(90) + "/" + "f".repeat(120);
    for (int mode :
        new int[] {TarArchiveOutputStream.LONGFILE_GNU, TarArchiveOutputStream.LONGFILE_POSIX}) {
      Path folder = Files.createDirectory(spool.resolve("mode" + mode));
      byte[] tar = tar(mode, t -> file(t, path, "x", 0644));
      PackageContent content = StageReader.fromTar(
          new ByteArrayInputStream(tar),
          Plist.parse(path.substring("./usr/local/".length()), "/usr/local"),
          Map.of(),
          folder,
          StageLimits.DEFAULT);
      assertThat(content.entries().get(0).path()).isEqualTo(path.substring(1));
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../x", "./../x", "/etc/passwd", "./a/../b", "./a//b", "a/./b", "./a\nb", "././a"})
  void refusesNamesThatAreNotPlain(String name) {
    assertHostile(() -> read(tar(t -> file(t, name, "x", 0644)), "", Map.of()), "path");
  }

  @Test
  void refusesDuplicates() {
    assertHostile(
        () -> read(
            tar(t -> {
              file(t, "./a", "x", 0644);
              file(t, "a", "y", 0644);
            }),
            "",
            Map.of()),
        "/a is in the stage twice");
  }

  @ParameterizedTest
  @ValueSource(strings = {"../../etc/x", "/../etc", "../../../usr/local/bin/x"})
  void refusesLinksThatLeadOut(String target) {
    assertHostile(
        () -> read(tar(t -> link(t, TarConstants.LF_SYMLINK, "./usr/x", target)), "", Map.of()),
        "leads out");
  }

  @Test
  void refusesAFileBelowALink() {
    assertHostile(
        () -> read(
            tar(t -> {
              link(t, TarConstants.LF_SYMLINK, "./usr/x", "../etc");
              file(t, "./usr/x/passwd", "y", 0644);
            }),
            "",
            Map.of()),
        "/usr/x/passwd lies below /usr/x, which is no directory");
  }

  @Test
  void refusesAHardLinkToNothing() {
    assertHostile(
        () -> read(tar(t -> link(t, TarConstants.LF_LINK, "./b", "/etc/shadow")), "", Map.of()),
        "path");
    assertHostile(
        () -> read(tar(t -> link(t, TarConstants.LF_LINK, "./b", "./etc/shadow")), "", Map.of()),
        "no file before it");
  }

  @ParameterizedTest
  @ValueSource(bytes = {'3', '4', '6', 'S', 'V', 'Z'})
  void refusesOtherKinds(byte type) {
    assertHostile(
        () -> read(tar(t -> link(t, type, "./dev", "")), "", Map.of()), "only files, directories");
  }

  @Test
  void keepsItsLimits() {
    byte[] two = tar(t -> {
      file(t, "./a", "12345", 0644);
      file(t, "./b", "12345", 0644);
    });
    assertHostile(() -> read(two, new StageLimits(1, 100, 100)), "more than 1 entries");
    assertHostile(() -> read(two, new StageLimits(9, 9, 100)), "more than 9 bytes");
    byte[] deep = tar(t -> file(t, "./" + "a/".repeat(20) + "b", "", 0644));
    assertHostile(() -> read(deep, new StageLimits(9, 9, 20)), "longer than 20 bytes");
  }

  @Test
  void refusesALongNameThatWouldFillTheMemory() {
    byte[] tar = tar(t -> file(t, "./a", "x", 0644));
    tar[156] = 'L';
    // 8 GiB minus one as the size of the "name".
    System.arraycopy("77777777777".getBytes(StandardCharsets.US_ASCII), 0, tar, 124, 11);
    rechecksum(tar);
    assertHostile(() -> read(tar, StageLimits.DEFAULT), "at most 1048576 are taken");
  }

  @Test
  void refusesAMemberWithTwoNames() {
    byte[] one =
        tar(TarArchiveOutputStream.LONGFILE_POSIX, t -> file(t, "./" + "a".repeat(120), "x", 0644));
    // The pax header and its records are the first two blocks.
    byte[] many = new byte[1024 * 20 + one.length];
    for (int i = 0; i < 20; i++) {
      System.arraycopy(one, 0, many, i * 1024, 1024);
    }
    System.arraycopy(one, 0, many, 20 * 1024, one.length);
    assertHostile(() -> read(many, StageLimits.DEFAULT), "say its path twice");
  }

  @Test
  void refusesAnArchiveThatEndsTooEarlyAtEachPlace() {
    byte[] tar = tar(t -> file(t, "./a", "x".repeat(600), 0644));
    for (int length : new int[] {0, 1, 511, 512, 700, 1024, 1536, 1700}) {
      assertHostile(() -> read(Arrays.copyOf(tar, length), StageLimits.DEFAULT), "ends too early");
    }
  }

  @Test
  void refusesWhatIsNoTarOrGoesOnAfterItsEnd() {
    byte[] noise = new byte[1024];
    Arrays.fill(noise, (byte) 7);
    assertHostile(() -> read(noise, StageLimits.DEFAULT), "broken");
    byte[] tar = Arrays.copyOf(tar(t -> {}), 2048);
    tar[2000] = 1;
    assertHostile(() -> read(tar, StageLimits.DEFAULT), "goes on after its end");
  }

  @Test
  void refusesSparseMembers() {
    assertHostile(
        () -> read(
            tar(TarArchiveOutputStream.LONGFILE_POSIX, t -> {
              TarArchiveEntry entry = new TarArchiveEntry("./a");
              entry.addPaxHeader("GNU.sparse.major", "1");
              put(t, entry, "x");
            }),
            "",
            Map.of()),
        "--no-read-sparse");
  }

  @Test
  void tellsWhatThePlistNamesInVain() {
    byte[] tar = tar(t -> dir(t, "./usr/local/share/"));
    assertThatThrownBy(() -> read(tar, "bin/foo\nbin/bar\n", Map.of()))
        .isInstanceOf(PlistException.class)
        .hasMessage("the plist names 2 paths that are not in the stage: /usr/local/bin/bar,"
            + " /usr/local/bin/foo");
    assertThatThrownBy(() -> readAgain(tar, "share\n"))
        .isInstanceOf(PlistException.class)
        .hasMessageContaining("@dir /usr/local/share");
  }

  private PackageContent read(byte[] tar, StageLimits limits) throws Exception {
    return StageReader.fromTar(
        new ByteArrayInputStream(tar),
        Plist.parse("", "/usr/local"),
        Map.of(),
        Files.createTempDirectory(spool, "s"),
        limits);
  }

  private PackageContent readAgain(byte[] tar, String plist) throws Exception {
    return StageReader.fromTar(
        new ByteArrayInputStream(tar),
        Plist.parse(plist, "/usr/local"),
        Map.of(),
        Files.createTempDirectory(spool, "s"),
        StageLimits.DEFAULT);
  }

  private PackageContent read(byte[] tar, String plist, Map<String, String> scripts)
      throws Exception {
    return StageReader.fromTar(
        new ByteArrayInputStream(tar),
        Plist.parse(plist, "/usr/local"),
        scripts,
        spool,
        StageLimits.DEFAULT);
  }

  private static void assertHostile(ThrowableAssert.ThrowingCallable call, String message) {
    assertThatThrownBy(call)
        .isInstanceOf(HostileArchiveException.class)
        .hasMessageContaining(message);
  }

  private static byte[] tar(Consumer<TarArchiveOutputStream> members) {
    return tar(TarArchiveOutputStream.LONGFILE_GNU, members);
  }

  private static byte[] tar(int longFiles, Consumer<TarArchiveOutputStream> members) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(longFiles);
      members.accept(tar);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    return bytes.toByteArray();
  }

  private static void file(TarArchiveOutputStream tar, String name, String text, int mode) {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setMode(0100000 | mode);
    put(tar, entry, text);
  }

  private static void dir(TarArchiveOutputStream tar, String name) {
    put(tar, new TarArchiveEntry(name, TarConstants.LF_DIR), "");
  }

  private static void link(TarArchiveOutputStream tar, byte type, String name, String target) {
    TarArchiveEntry entry = new TarArchiveEntry(name, type);
    entry.setMode(0755);
    entry.setLinkName(target);
    put(tar, entry, "");
  }

  private static void put(TarArchiveOutputStream tar, TarArchiveEntry entry, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    entry.setSize(bytes.length);
    try {
      tar.putArchiveEntry(entry);
      OutputStream out = tar;
      out.write(bytes);
      tar.closeArchiveEntry();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static void rechecksum(byte[] header) {
    Arrays.fill(header, 148, 156, (byte) ' ');
    int sum = 0;
    for (int i = 0; i < 512; i++) {
      sum += header[i] & 0xff;
    }
    byte[] digits =
        String.format(java.util.Locale.ROOT, "%06o\0 ", sum).getBytes(StandardCharsets.US_ASCII);
    System.arraycopy(digits, 0, header, 148, 8);
  }
}
