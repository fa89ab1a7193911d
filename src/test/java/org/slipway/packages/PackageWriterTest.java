package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PackageWriterTest {
  private static final Manifest MANIFEST = Manifest.of(
      PackageName.parse("foo-1.0_1,1"),
      Origin.parse("misc/foo"),
      "A déjà vu at 100%",
      SamplePackages.ABI);

  @TempDir
  Path folder;

  @Test
  void writesWhatItReadsBack() throws Exception {
    Manifest manifest = MANIFEST.with(
        Map.of("bar", new Manifest.Dependency(Origin.parse("misc/bar"), "2.0")),
        MANIFEST.annotations());
    BuiltPackage built = new PackageWriter().write(manifest, content("hi\n"), target("a.pkg"));
    PackageFile file = PackageFile.open(target("a.pkg"));
    assertThat(file.manifest())
        .isEqualTo(manifest.withBinaries(MANIFEST.abi().anyArch(), List.of(), List.of()));
    assertThat(file.scripts()).containsEntry("post-install", "echo 100% é");
    assertThat(file.files())
        .extracting(PackageFile.FileSum::path)
        .containsExactly(
            "/usr/local/bin/foo",
            "/usr/local/bin/foo2",
            "/usr/local/bin/fool",
            "/usr/local/share/ü%");
    assertThat(built.sum()).isEqualTo(Digest.of(target("a.pkg")));
    assertThat(built.sizeBytes()).isEqualTo(Files.size(target("a.pkg")));
    // "hi\n", "x" and the symbolic link's "/usr/local/bin/foo".
    assertThat(built.flatSizeBytes()).isEqualTo(3 + 1 + 18);
    assertThat(built.fileName()).isEqualTo("foo-1.0_1,1.pkg");
  }

  @Test
  void givesEqualBytesForEqualInputs() throws Exception {
    PackageWriter writer = new PackageWriter();
    BuiltPackage first = writer.write(MANIFEST, content("hi\n"), target("a.pkg"));
    BuiltPackage second = writer.write(MANIFEST, content("hi\n"), target("b.pkg"));
    assertThat(second).isEqualTo(first);
    assertThat(target("b.pkg")).hasSameBinaryContentAs(target("a.pkg"));
  }

  @Test
  void keepsThePayloadDigestOverANewVersionAndChangesItWithTheFiles() throws Exception {
    PackageWriter writer = new PackageWriter();
    BuiltPackage old = writer.write(MANIFEST, content("hi\n"), target("a.pkg"));
    Manifest next = Manifest.of(
        PackageName.parse("foo-1.1"), MANIFEST.origin(), "Another text", SamplePackages.ABI);
    BuiltPackage same = writer.write(next, content("hi\n"), target("b.pkg"));
    BuiltPackage changed = writer.write(next, content("ho\n"), target("c.pkg"));
    assertThat(same.payload()).isEqualTo(old.payload());
    assertThat(same.sum()).isNotEqualTo(old.sum());
    assertThat(changed.payload()).isNotEqualTo(old.payload());
  }

  @Test
  void givesARelativeTarForAJail() throws Exception {
    new PackageWriter().write(MANIFEST, content("hi\n"), target("a.pkg"));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PackageFile.open(target("a.pkg")).writeTar(bytes);
    List<String> seen = new ArrayList<>();
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(bytes.toByteArray()), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        seen.add(entry.getName()
            + " "
            + Integer.toOctalString(entry.getMode() & 07777)
            + " "
            + entry.getUserName()
            + (entry.getLinkName().isEmpty() ? "" : " " + entry.getLinkName()));
      }
    }
    assertThat(seen)
        .containsExactly(
            "usr/local/bin/foo 755 root",
            "usr/local/bin/foo2 755 root usr/local/bin/foo",
            "usr/local/bin/fool 777 root /usr/local/bin/foo",
            "usr/local/share/ü% 644 www",
            "var/foo/ 750 root");
  }

  @Test
  void refusesAFileThatChangedSinceItWasTakenIn() throws Exception {
    PackageContent content = content("hi\n");
    Path bytes = ((PackageContent.RegularFile) content.entries().get(0)).bytes();
    Files.writeString(bytes, "ho\n");
    assertThatThrownBy(() -> new PackageWriter().write(MANIFEST, content, target("a.pkg")))
        .isInstanceOf(IOException.class)
        .hasMessage("/usr/local/bin/foo changed while it was packed");
    assertThat(target("a.pkg")).doesNotExist();
    try (var left = Files.list(folder)) {
      assertThat(left.filter(path -> path.getFileName().toString().startsWith(".new")))
          .isEmpty();
    }
  }

  @Test
  void readsLibrariesFromRealBinaries() throws Exception {
    byte[] shell = Files.readAllBytes(Path.of("/bin/sh"));
    PackageContent content = new PackageContent(
        List.of(SamplePackages.file(folder, "/usr/local/bin/sh", 0755, shell)),
        List.of(),
        List.of(),
        Map.of());
    Abi host = HostAbi.detect(Path.of("/bin/sh"));
    Manifest manifest = Manifest.of(MANIFEST.name(), MANIFEST.origin(), MANIFEST.comment(), host);
    BuiltPackage built = new PackageWriter().write(manifest, content, target("sh.pkg"));
    assertThat(built.abi()).isEqualTo(host);
    assertThat(PackageFile.open(target("sh.pkg")).manifest().shlibsRequired())
        .anyMatch(name -> name.startsWith("libc.so"));
  }

  @Test
  void refusesADamagedPackage() throws Exception {
    new PackageWriter().write(MANIFEST, content("hi\n"), target("a.pkg"));
    byte[] bytes = Files.readAllBytes(target("a.pkg"));
    Files.write(target("short.pkg"), java.util.Arrays.copyOf(bytes, bytes.length / 2));
    Files.writeString(target("text.pkg"), "no package");
    assertThatThrownBy(
            () -> PackageFile.open(target("short.pkg")).writeTar(new ByteArrayOutputStream()))
        .isInstanceOf(PackageException.class);
    assertThatThrownBy(() -> PackageFile.open(target("text.pkg")))
        .isInstanceOf(PackageException.class)
        .hasMessageContaining("text.pkg is no sound package");
  }

  @Test
  void writesNamesTooLongForUstar() throws Exception {
    String split = "/usr/local/" + "a".repeat(80) + "/" + "b".repeat(80);
    String pax = "/usr/local/" + "ç".repeat(80) + "/d";
    PackageContent content = new PackageContent(
        List.of(
            SamplePackages.file(folder, split, 0644, bytes("1")),
            SamplePackages.file(folder, pax, 0644, bytes("2"))),
        List.of(),
        List.of(),
        Map.of());
    new PackageWriter().write(MANIFEST, content, target("a.pkg"));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    PackageFile.open(target("a.pkg")).writeTar(out);
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ByteArrayInputStream(out.toByteArray()), "UTF-8")) {
      assertThat(tar.getNextEntry().getName()).isEqualTo(split.substring(1));
      assertThat(tar.getNextEntry().getName()).isEqualTo(pax.substring(1));
    }
  }

  private PackageContent content(String text) throws IOException {
    return new PackageContent(
        List.of(
            new PackageContent.Symlink(
                "/usr/local/bin/fool",
                PackageContent.Attributes.ofRoot(0777),
                "/usr/local/bin/foo"),
            new PackageContent.HardLink("/usr/local/bin/foo2", "/usr/local/bin/foo"),
            SamplePackages.file(folder, "/usr/local/bin/foo", 0755, bytes(text)),
            new PackageContent.RegularFile(
                "/usr/local/share/ü%",
                new PackageContent.Attributes(0644, "www", "www"),
                Files.write(Files.createTempFile(folder, "x", ""), bytes("x")),
                1,
                ContentSum.of(bytes("x")))),
        List.of(new PackageContent.Directory(
            "/var/foo", new PackageContent.Attributes(0750, "root", "wheel"))),
        List.of("/usr/local/share/ü%"),
        Map.of("post-install", "echo 100% é\n"));
  }

  private Path target(String name) {
    return folder.resolve(name);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
