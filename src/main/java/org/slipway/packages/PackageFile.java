package org.slipway.packages;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * A {@code .pkg} on disk, opened: its manifests at once, its payload as a stream when asked for.
 * The compression is found from the first bytes. The file may be hostile.
 */
public final class PackageFile {
  private final Path path;
  private final PackageLimits limits;
  private final Manifest manifest;
  private final Map<String, String> scripts;
  private final List<ListedPath> listed;
  private final List<ListedPath> directories;
  private final OptionalLong flatSizeBytes;

  private PackageFile(
      Path path,
      PackageLimits limits,
      Manifest manifest,
      Map<String, String> scripts,
      List<ListedPath> listed,
      List<ListedPath> directories,
      OptionalLong flatSizeBytes) {
    this.path = path;
    this.limits = limits;
    this.manifest = manifest;
    this.scripts = Collections.unmodifiableMap(scripts);
    this.listed = List.copyOf(listed);
    this.directories = List.copyOf(directories);
    this.flatSizeBytes = flatSizeBytes;
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
    return open(path, PackageLimits.DEFAULT);
  }

  /** The same with limits of the caller's own. */
  public static PackageFile open(Path path, PackageLimits limits)
      throws IOException, PackageException {
    try (PackedFile file = PackedFile.open(path, false);
        InputStream in = Compression.unpacked(file)) {
      PackageMembers members = members(path, in, limits);
      Ucl.Section full = MetadataReader.ucl(members.head().full(), PackageMembers.FULL);
      return new PackageFile(
          path,
          limits,
          new ManifestReader(full, PackageMembers.FULL).read(null),
          scripts(full),
          ListedPath.of(full, "files"),
          ListedPath.of(full, "directories"),
          flatSize(full));
    } catch (DamagedDataException | PackageException e) {
      throw unsound(path, e);
    }
  }

  /**
   * Compares every member with the manifests: sums, links, owners, modes, flags, the flat size, and
   * the manifests with each other. What is wrong comes back as findings, a hostile or damaged
   * archive too.
   */
  public static Verification verify(Path path, PackageLimits limits) throws IOException {
    try (PackedFile file = PackedFile.open(path, false);
        InputStream in = Compression.unpacked(file)) {
      return new PackageVerifier(members(path, in, limits)).verify();
    } catch (DamagedDataException e) {
      PackageFinding finding =
          new PackageFinding(PackageFinding.Kind.ARCHIVE, "", String.valueOf(e.getMessage()));
      return new Verification(Optional.empty(), 0, 0, List.of(finding));
    }
  }

  private static PackageMembers members(Path path, InputStream in, PackageLimits limits)
      throws IOException {
    return new PackageMembers(new TarReader(in), Files.size(path), limits);
  }

  /**
   * What a repository must know of a package, for the cost of one reading: the file's bytes are
   * summed as they come, and only the first member is unpacked. Nothing else is checked.
   *
   * @throws PackageException when it does not begin as a package does, with the file's name
   */
  public static ScannedPackage scan(Path path) throws IOException, PackageException {
    try (PackedFile file = PackedFile.open(path, true)) {
      String text = compact(file);
      file.drain();
      return new ScannedPackage(text, file.sum(), file.sizeBytes());
    } catch (DamagedDataException | PackageException e) {
      throw unsound(path, e);
    }
  }

  /**
   * Only the compact manifest, without blanks around it; cheaper than {@link #open} for large
   * packages.
   */
  public static String compactManifest(Path path) throws IOException, PackageException {
    try (PackedFile file = PackedFile.open(path, false)) {
      return compact(file);
    } catch (DamagedDataException | PackageException e) {
      throw unsound(path, e);
    }
  }

  private static String compact(PackedFile file) throws IOException, PackageException {
    try (InputStream in = Compression.unpacked(file)) {
      TarReader reader = new TarReader(in);
      TarEntry entry = reader.next();
      if (entry == null
          || !entry.name().equals(PackageMembers.COMPACT)
          || entry.type() != TarEntry.FILE) {
        throw new MetadataException("it does not begin with " + PackageMembers.COMPACT);
      }
      return new String(reader.readAll(PackageMembers.MAX_COMPACT_BYTES), StandardCharsets.UTF_8)
          .strip();
    }
  }

  private static PackageException unsound(Path path, Exception fault) {
    String message = path + " is no sound package: " + fault.getMessage();
    return fault instanceof MetadataException
        ? new MetadataException(message)
        : new HostileArchiveException(message);
  }

  public Manifest manifest() {
    return manifest;
  }

  /** Files and links with their sums, by path. */
  public List<FileSum> files() {
    return listed.stream().map(file -> new FileSum(file.path(), file.sum())).toList();
  }

  /** Files and links with all that the manifest says of them, by path. */
  public List<ListedPath> listed() {
    return listed;
  }

  /** Directories that are the package's own, by path. */
  public List<ListedPath> directories() {
    return directories;
  }

  /** What the manifest says its files take when they are installed. */
  public OptionalLong flatSizeBytes() {
    return flatSizeBytes;
  }

  private static OptionalLong flatSize(Ucl.Section full) {
    String digits = full.text("flatsize").orElse("");
    return digits.matches("[0-9]{1,18}")
        ? OptionalLong.of(Long.parseLong(digits))
        : OptionalLong.empty();
  }

  /** Scripts by phase. */
  public Map<String, String> scripts() {
    return scripts;
  }

  private static Map<String, String> scripts(Ucl.Section full) {
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
    writeTar(out, Collections.emptySortedMap());
  }

  /**
   * The same, and after the payload a few files more.
   *
   * @param more bytes by path relative to the root; root's, and everybody's to read
   */
  public void writeTar(OutputStream out, SortedMap<String, byte[]> more)
      throws IOException, PackageException {
    Map<String, ListedPath> left = new HashMap<>();
    listed.forEach(file -> left.put(file.path(), file));
    try (PackedFile file = PackedFile.open(path, false);
        InputStream in = Compression.unpacked(file)) {
      PackageMembers members = members(path, in, limits);
      members.head();
      TarWriter writer = new TarWriter(out);
      for (TarEntry entry = members.next(); entry != null; entry = members.next()) {
        copy(entry, members.tar(), writer, left);
      }
      if (!left.isEmpty()) {
        throw new HostileArchiveException(
            left.keySet().iterator().next() + " is in the manifest, not in the archive");
      }
      for (Map.Entry<String, byte[]> each : more.entrySet()) {
        byte[] bytes = each.getValue();
        writer.add(
            new TarEntry(TarEntry.FILE, each.getKey(), "", 0644, "root", "wheel", bytes.length, 0),
            bytes);
      }
      writer.finish();
    } catch (DamagedDataException | PackageException e) {
      throw unsound(path, e);
    }
  }

  private static void copy(
      TarEntry entry, TarReader reader, TarWriter writer, Map<String, ListedPath> left)
      throws IOException, PackageException {
    String name = entry.name().substring(1);
    if (entry.type() == TarEntry.DIRECTORY) {
      writer.add(named(entry, name + "/", ""));
      return;
    }
    ListedPath file = left.remove(entry.name());
    if (file == null) {
      throw new HostileArchiveException(entry.name() + " is not in the manifest");
    }
    switch (entry.type()) {
      case TarEntry.SYMLINK -> writer.add(named(entry, name, entry.linkName()));
      case TarEntry.HARD_LINK -> writer.add(named(entry, name, entry.linkName().substring(1)));
      default -> {
        Optional<TypedSum> expected = TypedSum.parse(file.sum());
        SummedStream bytes = new SummedStream(
            reader.memberStream(),
            expected.map(TypedSum::kind).orElse(TypedSum.Kind.SHA256_HEX).begin());
        writer.add(named(entry, name, ""), bytes);
        if (expected.isPresent() && !expected.get().equals(bytes.sum())) {
          throw new HostileArchiveException(
              "the bytes of " + file.path() + " are not those that the manifest sums");
        }
      }
    }
  }

  /** A member's bytes, summed while they are copied. */
  private static final class SummedStream extends FilterInputStream {
    private final TypedSum.Running running;

    SummedStream(InputStream in, TypedSum.Running running) {
      super(in);
      this.running = running;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int at, int length) throws IOException {
      int count = super.read(buffer, at, length);
      if (count > 0) {
        running.update(buffer, at, count);
      }
      return count;
    }

    TypedSum sum() {
      return running.end();
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
}
