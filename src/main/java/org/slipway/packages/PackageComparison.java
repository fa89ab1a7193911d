package org.slipway.packages;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Holds two packages of one port against each other, file by file. Both may be hostile. Of files
 * whose contents differ the first are read a second time to find out where and, as far as that can
 * be told, why.
 */
public final class PackageComparison {
  /** How many differing files are looked into; the others are named only. */
  private static final int LOOKED_INTO = 40;

  /** The largest file that is looked into. */
  private static final int FILE_BYTES = 32 << 20;

  /** Keys that follow from the files. */
  private static final Set<String> FOLLOWING = Set.of("files", "directories", "flatsize");

  private final Path first;
  private final Path second;
  private final PackageLimits limits;
  private final List<PackageDifference> differences = new ArrayList<>();

  /** Both sizes of each file whose contents differ. */
  private final Map<String, String> contents = new TreeMap<>();

  private PackageComparison(Path first, Path second, PackageLimits limits) {
    this.first = first;
    this.second = second;
    this.limits = limits;
  }

  /**
   * All differences, those of the manifest first, then by path; none where the packages are the same
   * to whoever installs them. Archives can differ beyond that, by their compression.
   *
   * @throws PackageException where one of them is no package, with the file's name
   */
  public static List<PackageDifference> of(Path first, Path second)
      throws IOException, PackageException {
    return new PackageComparison(first, second, PackageLimits.DEFAULT).compare();
  }

  /** A member with the sum of its bytes. */
  private record Member(TarEntry entry, String sum) {}

  /** A package as far as it is compared. */
  private record Contents(Ucl.Section manifest, Map<String, Member> members) {}

  private List<PackageDifference> compare() throws IOException, PackageException {
    Contents one = read(first);
    Contents other = read(second);
    manifests(one.manifest(), other.manifest());
    Set<String> paths = new TreeSet<>(one.members().keySet());
    paths.addAll(other.members().keySet());
    for (String path : paths) {
      compare(path, one.members().get(path), other.members().get(path));
    }
    Map<String, byte[]> before = bytes(first);
    Map<String, byte[]> after = bytes(second);
    contents.forEach((path, sizes) -> {
      byte[] a = before.get(path);
      byte[] b = after.get(path);
      List<String> hints = a == null || b == null ? List.of() : DifferenceHints.of(path, a, b);
      find(PackageDifference.Kind.CONTENT, path, sizes, hints);
    });
    return List.copyOf(differences);
  }

  private void find(PackageDifference.Kind kind, String path, String what, List<String> hints) {
    differences.add(new PackageDifference(kind, PathRules.shown(path), what, hints));
  }

  private void manifests(Ucl.Section one, Ucl.Section other) {
    Set<String> keys = new TreeSet<>(one.values().keySet());
    keys.addAll(other.values().keySet());
    keys.removeAll(FOLLOWING);
    for (String key : keys) {
      String a = text(one.values().get(key));
      String b = text(other.values().get(key));
      if (!a.equals(b)) {
        find(PackageDifference.Kind.MANIFEST, key, "", DifferenceHints.texts(a, b));
      }
    }
  }

  /** A value as lines, so that a difference can be shown by lines. */
  private static String text(Ucl.@Nullable Value value) {
    if (value instanceof Ucl.Text text) {
      return text.text();
    }
    StringBuilder lines = new StringBuilder();
    if (value instanceof Ucl.Sequence sequence) {
      sequence.values().forEach(each -> lines.append(text(each)).append('\n'));
    } else if (value instanceof Ucl.Section section) {
      section
          .values()
          .forEach(
              (key, each) -> lines.append(key).append(": ").append(text(each)).append('\n'));
    }
    return lines.toString();
  }

  private void compare(String path, @Nullable Member one, @Nullable Member other) {
    if (one == null || other == null) {
      find(
          one == null ? PackageDifference.Kind.ADDED : PackageDifference.Kind.REMOVED,
          path,
          one == null ? "only the second build has it" : "only the first build has it",
          List.of());
      return;
    }
    TarEntry a = one.entry();
    TarEntry b = other.entry();
    if (a.type() != b.type()) {
      find(PackageDifference.Kind.TYPE, path, type(a) + " / " + type(b), List.of());
      return;
    }
    differ(
        PackageDifference.Kind.MODE,
        path,
        "mode " + Integer.toOctalString(a.mode()),
        "" + Integer.toOctalString(b.mode()),
        a.mode() != b.mode());
    String owner = a.owner() + ":" + a.group();
    String otherOwner = b.owner() + ":" + b.group();
    differ(PackageDifference.Kind.OWNER, path, owner, otherOwner, !owner.equals(otherOwner));
    differ(
        PackageDifference.Kind.LINK,
        path,
        "to " + a.linkName(),
        b.linkName(),
        !a.linkName().equals(b.linkName()));
    differ(
        PackageDifference.Kind.TIME,
        path,
        java.time.Instant.ofEpochSecond(a.mtimeSeconds()).toString(),
        java.time.Instant.ofEpochSecond(b.mtimeSeconds()).toString(),
        a.mtimeSeconds() != b.mtimeSeconds());
    if (!one.sum().equals(other.sum())) {
      contents.put(path, a.sizeBytes() + " / " + b.sizeBytes() + " bytes");
    }
  }

  private void differ(
      PackageDifference.Kind kind, String path, String one, String other, boolean differs) {
    if (differs) {
      find(kind, path, PathRules.shown(one) + " / " + PathRules.shown(other), List.of());
    }
  }

  private static String type(TarEntry entry) {
    return switch (entry.type()) {
      case TarEntry.DIRECTORY -> "directory";
      case TarEntry.SYMLINK -> "symbolic link";
      case TarEntry.HARD_LINK -> "hard link";
      default -> "file";
    };
  }

  /** Takes members as they come. */
  private interface Taker {
    void take(TarEntry entry, TarReader tar) throws IOException, PackageException;
  }

  private Contents read(Path path) throws IOException, PackageException {
    Map<String, Member> members = new TreeMap<>();
    byte[] buffer = new byte[1 << 16];
    Ucl.Section manifest = walk(path, (entry, tar) -> {
      MessageDigest digest = Digest.sha256();
      if (entry.type() == TarEntry.FILE) {
        for (int count = tar.read(buffer); count >= 0; count = tar.read(buffer)) {
          digest.update(buffer, 0, count);
        }
      }
      members.put(entry.name(), new Member(entry, HexFormat.of().formatHex(digest.digest())));
    });
    return new Contents(manifest, members);
  }

  /** The bytes of files that differ, of a bounded number of bounded ones. */
  private Map<String, byte[]> bytes(Path path) throws IOException, PackageException {
    Map<String, byte[]> found = new HashMap<>();
    Set<String> wanted =
        new TreeSet<>(contents.keySet().stream().limit(LOOKED_INTO).toList());
    if (wanted.isEmpty()) {
      return found;
    }
    walk(path, (entry, tar) -> {
      if (wanted.contains(entry.name()) && entry.sizeBytes() <= FILE_BYTES) {
        try (InputStream in = tar.memberStream()) {
          found.put(entry.name(), in.readAllBytes());
        }
      }
    });
    return found;
  }

  private Ucl.Section walk(Path path, Taker taker) throws IOException, PackageException {
    try (PackedFile file = PackedFile.open(path, false);
        InputStream in = Compression.unpacked(file)) {
      PackageMembers members =
          new PackageMembers(new TarReader(in), java.nio.file.Files.size(path), limits);
      Ucl.Section manifest = MetadataReader.ucl(members.head().full(), PackageMembers.FULL);
      for (TarEntry entry = members.next(); entry != null; entry = members.next()) {
        taker.take(entry, members.tar());
      }
      return manifest;
    } catch (DamagedDataException | PackageException e) {
      throw new MetadataException(path + " is no sound package: " + e.getMessage());
    }
  }
}
