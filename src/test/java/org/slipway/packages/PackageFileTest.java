package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PackageFileTest {
  private static final String MANIFEST =
      "{name:foo,origin:misc/foo,version:1.0,comment:c,abi:\"FreeBSD:14:*\",flatsize:0}";

  @TempDir
  private Path folder;

  @Test
  void scansAPackageInOneReading() throws Exception {
    BuiltPackage built = SamplePackages.script(folder, "foo", "1.0", "echo\n".repeat(50_000));
    Path file = folder.resolve("foo-1.0.pkg");
    ScannedPackage scanned = PackageFile.scan(file);
    assertThat(scanned.sum()).isEqualTo(Digest.of(file)).isEqualTo(built.sum());
    assertThat(scanned.sizeBytes()).isEqualTo(Files.size(file));
    assertThat(scanned.compactManifest())
        .startsWith("{\"name\":\"foo\"")
        .endsWith("}")
        .isEqualTo(PackageFile.compactManifest(file));
  }

  @Test
  void scansNothingButPackages() throws Exception {
    Path text = Files.writeString(folder.resolve("text.pkg"), "no package");
    Path empty = Files.createFile(folder.resolve("empty.pkg"));
    assertThatThrownBy(() -> PackageFile.scan(text))
        .isInstanceOf(PackageException.class)
        .hasMessageStartingWith(text + " is no sound package: ");
    assertThatThrownBy(() -> PackageFile.scan(empty)).isInstanceOf(PackageException.class);
    assertThatThrownBy(() -> PackageFile.scan(folder))
        .hasMessage(folder + " is a folder; give a package file");
  }

  /** Made by {@code pkg create} 2.8.99.1: objects, BLAKE2b sums, a pax header, both links. */
  @Test
  void readsWhatPkgMade() throws Exception {
    Path file = real();
    PackageFile archive = PackageFile.open(file);
    assertThat(archive.manifest().name()).hasToString("sample-1.0_1,1");
    assertThat(archive.flatSizeBytes()).hasValue(200_045);
    assertThat(archive.listed()).hasSize(8);
    ListedPath link = archive.listed().get(2);
    assertThat(link.path()).isEqualTo("/usr/local/bin/hia");
    assertThat(link.linkTarget()).contains("/usr/local/bin/hi");
    assertThat(link.sum()).startsWith("2$");
    assertThat(archive.listed().get(5))
        .satisfies(listed -> assertThat(listed.mode()).hasValue(04711))
        .satisfies(listed -> assertThat(listed.owner()).contains("root"));
    assertThat(archive.directories())
        .extracting(ListedPath::path)
        .containsExactly("/usr/local/emptydir");
    assertThat(archive.scripts()).containsEntry("post-install", "echo hi é");
    Verification found = PackageFile.verify(file, PackageLimits.DEFAULT);
    assertThat(found.findings()).isEmpty();
    assertThat(found.files()).isEqualTo(8);
    assertThat(found.bytes()).isEqualTo(200_026);
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "xz", "bzip2", "gz", "none"})
  void readsEveryCompression(String kind) throws Exception {
    Path file = Files.write(folder.resolve("a.txz"), Packed.as(kind, Packed.unpacked(real())));
    assertThat(PackageFile.verify(file, PackageLimits.DEFAULT).sound()).isTrue();
    assertThat(PackageFile.scan(file).sum()).isEqualTo(Digest.of(file));
    assertThat(PackageFile.scan(file).compactManifest())
        .isEqualTo(PackageFile.compactManifest(real()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"zstd", "xz", "bzip2", "gz", "none"})
  void refusesWhatComesAfterThePackage(String kind) throws Exception {
    byte[] packed = Packed.as(kind, Packed.unpacked(real()));
    byte[] more = Arrays.copyOf(packed, packed.length + 600);
    Arrays.fill(more, packed.length, more.length, (byte) 'x');
    Path file = Files.write(folder.resolve("a.pkg"), more);
    assertThat(PackageFile.verify(file, PackageLimits.DEFAULT).findings())
        .extracting(PackageFinding::kind)
        .containsExactly(PackageFinding.Kind.ARCHIVE);
  }

  @Test
  void verifiesAPackageWithoutFiles() throws Exception {
    Path file = Files.write(folder.resolve("a.pkg"), RawTar.packageWith().end());
    assertThat(PackageFile.verify(file, PackageLimits.DEFAULT).findings()).isEmpty();
  }

  @Test
  void findsWhatDiffersFromTheManifest() throws Exception {
    String sum = TypedSum.Kind.SHA256_HEX.of("x").toString();
    byte[] tar = RawTar.packageListing("\"/a\":{\"sum\":\"" + sum
            + "\",\"uname\":\"www\",\"perm\":\"0755\",\"fflags\":\"schg\"},\"/b\":\"" + sum
            + "\",\"/c\":\"-\",\"/d\":{\"sum\":\"-\",\"symlink_target\":\"a\"},\"/e\":\"" + sum
            + "\",\"/f\":\"" + sum + "\"")
        .file("/a", "x")
        .file("/b", "y")
        .file("/c", "x")
        .link('2', "/d", "b")
        .link('1', "/e", "/b")
        .directory("/g/")
        .end();
    Path file = Files.write(folder.resolve("a.pkg"), tar);
    assertThat(PackageFile.verify(file, PackageLimits.DEFAULT).findings())
        .extracting(PackageFinding::toString)
        .containsExactly(
            "/a has owner \"root\", listed is \"www\"",
            "/a has mode \"644\", listed is \"755\"",
            "/a has flags \"\", listed is \"schg\"",
            "/b has bytes that are not those that the manifest sums",
            "/c has no sum in the manifest",
            "/d links to \"b\", listed is \"a\"",
            "/e has bytes that are not those that the manifest sums",
            "/g is in the archive, not in the manifest",
            "/f is in the manifest, not in the archive",
            "its flatsize is 0; its files have 3 bytes");
  }

  @Test
  void findsManifestsThatDisagree() throws Exception {
    byte[] tar = new RawTar()
        .file("+COMPACT_MANIFEST", MANIFEST.replace("1.0", "1.1").replace("}", ",vital:true}"))
        .file("+MANIFEST", MANIFEST)
        .end();
    Path file = Files.write(folder.resolve("a.pkg"), tar);
    assertThat(PackageFile.verify(file, PackageLimits.DEFAULT).findings())
        .extracting(PackageFinding::text)
        .containsExactly(
            "its two manifests disagree about \"version\"",
            "its two manifests disagree about \"vital\"");
    Files.write(file, new RawTar().file("+MANIFEST", MANIFEST).end());
    assertThat(PackageFile.verify(file, PackageLimits.DEFAULT).findings())
        .extracting(PackageFinding::text)
        .containsExactly("it has no +COMPACT_MANIFEST");
  }

  @Test
  void takesFlagsFromThePaxHeader() throws Exception {
    byte[] tar = RawTar.packageListing(
            "\"/ü\":{\"sum\":\"-\",\"fflags\":\"uarch,schg\"}".replace("ü", "%c3%bc"))
        .pax('x', "hdrcharset", "BINARY", "path", "/ü", "SCHILY.fflags", "schg,uarch")
        .file("/a", "")
        .end();
    Path file = Files.write(folder.resolve("a.pkg"), tar);
    assertThat(PackageFile.verify(file, PackageLimits.DEFAULT).findings())
        .extracting(PackageFinding::toString)
        .containsExactly("/ü has no sum in the manifest");
  }

  private static Path real() throws Exception {
    return Path.of(Objects.requireNonNull(PackageFileTest.class.getResource("made-by-pkg-2.8.pkg"))
        .toURI());
  }
}
