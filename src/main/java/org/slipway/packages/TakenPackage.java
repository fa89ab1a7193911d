package org.slipway.packages;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * Takes over a package that another tool made, as {@code pkg create} does in a jail on FreeBSD: all
 * of it is compared with its manifests first, and then told as if it had been packed here. The
 * archive stays as it is. It may be hostile.
 */
public final class TakenPackage {
  private TakenPackage() {}

  /**
   * Reads the whole package.
   *
   * @param spool an existing empty folder that only the farm writes; the caller removes it
   * @param libraries how shared libraries are told
   * @throws PackageException when it is no sound package, with what is wrong first
   */
  public static BuiltPackage of(
      Path archive, Path spool, LibraryRules libraries, StageLimits limits)
      throws IOException, PackageException {
    PackageLimits most = new PackageLimits(
        PackageLimits.DEFAULT.manifestBytes(),
        PackageLimits.DEFAULT.manifestMarks(),
        limits.entries(),
        limits.totalBytes(),
        PackageLimits.DEFAULT.ratio());
    Verification verification = PackageFile.verify(archive, most);
    if (!verification.sound()) {
      throw new HostileArchiveException("the package is not what its manifest says: "
          + verification.findings().get(0));
    }
    MetadataReader.Metadata metadata = metadata(archive, most);
    Path tar = spool.resolve("package.tar");
    try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(tar))) {
      PackageFile.open(archive, most).writeTar(out);
    }
    PackageContent content;
    try (InputStream in = Files.newInputStream(tar)) {
      Plist plist = metadata.plist("", Keywords.NONE, name -> Optional.empty());
      content = StageReader.fromTar(
          in, plist, Map.of(), Files.createDirectory(spool.resolve("content")), limits);
    } finally {
      Files.deleteIfExists(tar);
    }
    return told(archive, metadata.manifest(), content, libraries);
  }

  private static BuiltPackage told(
      Path archive, Manifest manifest, PackageContent content, LibraryRules libraries)
      throws IOException {
    return new BuiltPackage(
        manifest.name(),
        manifest.origin(),
        manifest.abi(),
        Digest.of(archive),
        Payload.digest(manifest, content),
        Files.size(archive),
        content.flatSizeBytes(),
        manifest.shlibsProvided(),
        Binaries.of(content, manifest, libraries).foreign());
  }

  private static MetadataReader.Metadata metadata(Path archive, PackageLimits limits)
      throws IOException, PackageException {
    try (PackedFile file = PackedFile.open(archive, false);
        InputStream in = Compression.unpacked(file)) {
      PackageMembers.Head head =
          new PackageMembers(new TarReader(in), Files.size(archive), limits).head();
      byte[] full = head.full().getBytes(StandardCharsets.UTF_8);
      return MetadataReader.read(
          Map.of(PackageMembers.FULL, full), null, PackageLimits.DEFAULT.manifestMarks());
    } catch (DamagedDataException e) {
      throw new HostileArchiveException(archive + " is no sound package: " + e.getMessage());
    }
  }
}
