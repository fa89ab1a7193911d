package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TakenPackageTest {
  private static final StageLimits LIMITS = new StageLimits(100, 1 << 20, 1023);

  private static final Map<String, byte[]> METADATA =
      Map.of("+MANIFEST", """
      name: hello
      version: "1.0"
      origin: misc/hello
      comment: Something small
      desc: Something small
      www: https://example.org/
      maintainer: porter@example.org
      prefix: /usr/local
      """.getBytes(StandardCharsets.UTF_8));

  @TempDir
  Path folder;

  private BuiltPackage packed(String script, Path target) throws Exception {
    ByteArrayOutputStream stage = new ByteArrayOutputStream();
    try (TarWriter tar = new TarWriter(stage)) {
      byte[] bytes = script.getBytes(StandardCharsets.UTF_8);
      tar.add(
          new TarEntry(TarEntry.FILE, "./usr/local/bin/hello", "", 0555, "x", "x", bytes.length, 9),
          bytes);
      tar.add(new TarEntry(TarEntry.SYMLINK, "./usr/local/bin/hi", "hello", 0777, "x", "x", 0, 9));
      tar.finish();
    }
    MetadataReader.Metadata metadata = MetadataReader.read(METADATA, Abi.parse("FreeBSD:14:amd64"));
    Plist plist =
        metadata.plist("bin/hello\nbin/hi\n", Keywords.NONE, name -> java.util.Optional.empty());
    try (InputStream in = new ByteArrayInputStream(stage.toByteArray())) {
      PackageContent content = StageReader.fromTar(
          in, plist, Map.of(), Files.createTempDirectory(folder, "stage"), LIMITS);
      return new PackageWriter().write(metadata.manifest(plist), content, target);
    }
  }

  private BuiltPackage taken(Path archive, StageLimits limits) throws Exception {
    return TakenPackage.of(
        archive, Files.createTempDirectory(folder, "spool"), LibraryRules.DEFAULT, limits);
  }

  @Test
  void aPackageOfAnotherToolIsToldAsIfItHadBeenPackedHere() throws Exception {
    Path archive = folder.resolve("hello.pkg");
    BuiltPackage packed = packed("#!/bin/sh\necho hello\n", archive);
    assertThat(taken(archive, LIMITS)).isEqualTo(packed);
  }

  @Test
  void anotherFileIsAnotherPayload() throws Exception {
    Path archive = folder.resolve("hello.pkg");
    packed("#!/bin/sh\necho hello\n", archive);
    Path other = folder.resolve("other.pkg");
    packed("#!/bin/sh\necho other\n", other);
    assertThat(taken(other, LIMITS).payload())
        .isNotEqualTo(taken(archive, LIMITS).payload());
  }

  @Test
  void whatIsNoSoundPackageIsRefused() throws Exception {
    Path archive = folder.resolve("hello.pkg");
    packed("#!/bin/sh\necho hello\n", archive);
    byte[] bytes = Files.readAllBytes(archive);
    Path cut = Files.write(folder.resolve("cut.pkg"), java.util.Arrays.copyOf(bytes, 200));
    assertThatThrownBy(() -> taken(cut, LIMITS))
        .isInstanceOf(HostileArchiveException.class)
        .hasMessageStartingWith("the package is not what its manifest says: ");
    assertThatThrownBy(() -> taken(archive, new StageLimits(100, 10, 1023)))
        .isInstanceOf(HostileArchiveException.class);
  }
}
