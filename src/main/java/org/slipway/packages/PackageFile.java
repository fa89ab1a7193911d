package org.slipway.packages;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A {@code .pkg} on disk, opened: its manifests at once, its payload as a stream when asked for.
 * The compression is found from the first bytes. The file may be hostile.
 */
public final class PackageFile {
  private static final int MAX_MANIFEST_BYTES = 256 << 20;
  private static final String COMPACT = "+COMPACT_MANIFEST";
  private static final String FULL = "+MANIFEST";

  private final Path path;
  private final Ucl.Section full;
  private final Manifest manifest;

  private PackageFile(Path path, Ucl.Section full, Manifest manifest) {
    this.path = path;
    this.full = full;
    this.manifest = manifest;
  }

  /**
   * A file of the package as its manifest lists it.
   *
   * @param sum as written, such as {@code 1$} and SHA-256 in hexadecimal
   */
  public record FileSum(String path, String sum) {}

  /**
   * Reads a package's manifests.
   *
   * @throws PackageException when it is no package, with the file's name
   */
  public static PackageFile open(Path path) throws IOException, PackageException {
    try (InputStream in = decompressed(path)) {
      TarReader reader = new TarReader(in);
      Map<String, String> texts = new HashMap<>();
      while (!texts.containsKey(FULL) || !texts.containsKey(COMPACT)) {
        TarEntry entry = reader.next();
        if (entry == null || (!entry.name().equals(FULL) && !entry.name().equals(COMPACT))) {
          throw new MetadataException("it has no +MANIFEST and +COMPACT_MANIFEST at its start");
        }
        byte[] bytes = reader.readAll(MAX_MANIFEST_BYTES);
        texts.put(entry.name(), new String(bytes, StandardCharsets.UTF_8));
      }
      Ucl.Section full = MetadataReader.ucl(texts.getOrDefault(FULL, ""), FULL);
      Manifest manifest = new ManifestReader(full, FULL).read(null);
      return new PackageFile(path, full, manifest);
    } catch (HostileArchiveException e) {
      throw new HostileArchiveException(path + " is no sound package: " + e.getMessage());
    } catch (MetadataException e) {
      throw new MetadataException(path + " is no sound package: " + e.getMessage());
    }
  }

  /**
   * Only the compact manifest, the archive's first member, byte for byte; cheaper than
   * {@link #open} for large packages.
   */
  public static String compactManifest(Path path) throws IOException, PackageException {
    try (InputStream in = decompressed(path)) {
      TarReader reader = new TarReader(in);
      TarEntry entry = reader.next();
      if (entry == null || !entry.name().equals(COMPACT)) {
        throw new MetadataException(path + " does not begin with " + COMPACT);
      }
      return new String(reader.readAll(MAX_MANIFEST_BYTES), StandardCharsets.UTF_8).strip();
    }
  }

  public Manifest manifest() {
    return manifest;
  }

  /** Files and links with their sums, by path. */
  public List<FileSum> files() {
    List<FileSum> files = new ArrayList<>();
    full.section("files")
        .values()
        .forEach((path, value) -> files.add(new FileSum(Percent.decode(path), sum(value))));
    files.sort((a, b) -> a.path().compareTo(b.path()));
    return files;
  }

  /** Scripts by phase. */
  public Map<String, String> scripts() {
    Map<String, String> scripts = new TreeMap<>();
    full.section("scripts").values().forEach((phase, value) -> {
      if (value instanceof Ucl.Text text) {
        scripts.put(phase, Percent.decode(text.text()));
      }
    });
    return scripts;
  }

  /**
   * Writes the payload as an uncompressed tar with names relative to the root, for
   * {@code tar -C / -xpf -} inside a jail. Files whose bytes are not what the manifest says end it
   * with an exception; the jail is then to be thrown away.
   */
  public void writeTar(OutputStream out) throws IOException, PackageException {
    Map<String, String> sums = new HashMap<>();
    files().forEach(file -> sums.put(file.path(), file.sum()));
    try (InputStream in = decompressed(path)) {
      TarReader reader = new TarReader(in);
      TarWriter writer = new TarWriter(out);
      for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
        if (!entry.name().startsWith("+")) {
          copy(entry, reader, writer, sums);
        }
      }
      writer.finish();
    }
  }

  private void copy(TarEntry entry, TarReader reader, TarWriter writer, Map<String, String> sums)
      throws IOException, PackageException {
    boolean directory = entry.type() == TarEntry.DIRECTORY;
    String name = sound(directory ? withoutSlash(entry.name()) : entry.name());
    if (!directory && !sums.containsKey(name)) {
      throw new HostileArchiveException(path + ": " + name + " is not in the manifest");
    }
    switch (entry.type()) {
      case TarEntry.FILE -> {
        MessageDigest digest = Digest.sha256();
        writer.add(
            named(entry, name.substring(1), ""),
            new DigestInputStream(reader.memberStream(), digest));
        requireSum(name, sums.getOrDefault(name, "-"), digest);
      }
      case TarEntry.SYMLINK -> writer.add(named(entry, name.substring(1), entry.linkName()));
      case TarEntry.HARD_LINK ->
        writer.add(named(entry, name.substring(1), sound(entry.linkName()).substring(1)));
      case TarEntry.DIRECTORY -> writer.add(named(entry, name.substring(1) + "/", ""));
      default ->
        throw new HostileArchiveException(
            path + ": " + name + " is neither file, directory nor link");
    }
  }

  private String sound(String name) throws HostileArchiveException {
    String fault = PathRules.fault(name).orElse("");
    if (!fault.isEmpty()) {
      throw new HostileArchiveException(
          path + ": the path \"" + PathRules.shown(name) + "\" " + fault);
    }
    return name;
  }

  /** Sums of other kinds than SHA-256 in hexadecimal are left to pkg. */
  private void requireSum(String name, String sum, MessageDigest digest)
      throws HostileArchiveException {
    String hex = sum.startsWith("1$") ? sum.substring(2) : sum;
    if (hex.matches("[0-9a-f]{64}") && !hex.equals(HexFormat.of().formatHex(digest.digest()))) {
      throw new HostileArchiveException(
          path + ": the bytes of " + name + " are not those that the manifest sums");
    }
  }

  private static TarEntry named(TarEntry entry, String name, String link) {
    return new TarEntry(
        entry.type(),
        name,
        link,
        entry.mode(),
        entry.owner(),
        entry.group(),
        entry.sizeBytes(),
        entry.mtimeSeconds());
  }

  private static String withoutSlash(String name) {
    return name.endsWith("/") ? name.substring(0, name.length() - 1) : name;
  }

  private static String sum(Ucl.Value value) {
    if (value instanceof Ucl.Section section) {
      return section.text("sum").orElse("-");
    }
    return value instanceof Ucl.Text text ? text.text() : "-";
  }

  private static InputStream decompressed(Path path) throws IOException {
    InputStream file = Files.newInputStream(path);
    try {
      return Compression.decompressed(new BufferedInputStream(file, 1 << 16));
    } catch (IOException e) {
      file.close();
      throw new IOException(path + ": " + e.getMessage(), e);
    }
  }
}
