package org.slipway.packages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Small packages for tests of this room and of the ones after it. */
public final class SamplePackages {
  /** What Debian 12 calls itself to pkg. */
  public static final Abi ABI = Abi.parse("Linux:3.2:x86_64");

  private SamplePackages() {}

  /** A package with one script, written to {@code folder/NAME-VERSION.pkg}. */
  public static BuiltPackage script(Path folder, String name, String version, String text)
      throws IOException {
    Manifest manifest = Manifest.of(
        new PackageName(name, version), new Origin("misc", name), "Sample " + name, ABI);
    PackageContent.RegularFile file =
        file(folder, "/usr/local/bin/" + name, 0755, text.getBytes(StandardCharsets.UTF_8));
    PackageContent content = new PackageContent(List.of(file), List.of(), List.of(), Map.of());
    return new PackageWriter()
        .write(manifest, content, folder.resolve(name + "-" + version + ".pkg"));
  }

  /** A regular file whose bytes lie in a new file of {@code folder}. */
  public static PackageContent.RegularFile file(Path folder, String path, int mode, byte[] bytes)
      throws IOException {
    Path spool = Files.createTempFile(folder, "spool-", "");
    Files.write(spool, bytes);
    return new PackageContent.RegularFile(
        path, PackageContent.Attributes.ofRoot(mode), spool, bytes.length, ContentSum.of(bytes));
  }
}
