package org.slipway.packages;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Walks a package's members in their order: first its manifests, then the payload. What a tool
 * could be led astray by is refused where it comes up: paths that are not absolute and plain, a
 * member that comes twice or lies below a link, hard links to anything but an earlier file, and
 * more than the limits allow.
 */
final class PackageMembers {
  static final String COMPACT = "+COMPACT_MANIFEST";
  static final String FULL = "+MANIFEST";

  /** The compact manifest has no files in it. */
  static final int MAX_COMPACT_BYTES = 16 << 20;

  /** Room for what a tool may put beside the two; pkg skips what it does not know. */
  private static final int MAX_HEAD_MEMBERS = 16;

  private final TarReader tar;
  private final PackageLimits limits;
  private final long packedBytes;
  private final Map<String, Character> types = new HashMap<>();
  private final Set<String> parents = new HashSet<>();
  private @Nullable TarEntry next;
  private boolean headRead;
  private boolean given;
  private long unpackedBytes;

  PackageMembers(TarReader tar, long packedBytes, PackageLimits limits) {
    this.tar = tar;
    this.packedBytes = packedBytes;
    this.limits = limits;
  }

  /**
   * Its manifests' texts.
   *
   * @param compact null in a package that has only the full one
   */
  record Head(@Nullable String compact, String full) {}

  /** Reads to the payload; once, and before {@link #next}. */
  Head head() throws IOException, PackageException {
    headRead = true;
    Map<String, String> texts = new HashMap<>();
    int count = 0;
    for (next = tar.next(); next != null && next.name().startsWith("+"); next = tar.next()) {
      if (++count > MAX_HEAD_MEMBERS) {
        throw new HostileArchiveException("it has too many members before its payload");
      }
      boolean full = next.name().equals(FULL);
      requireRoom(PathRules.shown(next.name()), next.sizeBytes());
      if (!full && !next.name().equals(COMPACT)) {
        continue;
      }
      if (next.type() != TarEntry.FILE) {
        throw new HostileArchiveException(next.name() + " is no file");
      }
      byte[] bytes = tar.readAll(full ? limits.manifestBytes() : MAX_COMPACT_BYTES);
      requireFewMarks(next.name(), bytes);
      if (texts.put(next.name(), new String(bytes, StandardCharsets.UTF_8)) != null) {
        throw new HostileArchiveException("it has " + next.name() + " twice");
      }
    }
    String text = texts.get(FULL);
    if (text == null) {
      throw new MetadataException("it has no " + FULL + " at its start");
    }
    return new Head(texts.get(COMPACT), text);
  }

  /**
   * The next file, link or directory, its name absolute and without a directory's slash; null after
   * the last one, when the archive was read to its end and is whole.
   */
  @Nullable
  TarEntry next() throws IOException, PackageException {
    if (!headRead) {
      throw new IllegalStateException("the head comes first");
    }
    // The head was read up to the payload's first member, or to the archive's end.
    if (given && next != null) {
      next = tar.next();
    }
    given = true;
    return next == null ? null : checked(next);
  }

  /** The member that {@link #next} gave last, for its bytes. */
  TarReader tar() {
    return tar;
  }

  /** Short of words, a manifest of many empty values would take thirty times its bytes. */
  private void requireFewMarks(String name, byte[] text) throws HostileArchiveException {
    int halves = 0;
    for (byte b : text) {
      halves += switch (b) {
        case ',', ';', '\n', '{', '}', '[', ']' -> 2;
        case '"', '\'' -> 1;
        default -> 0;
      };
    }
    if (halves / 2 > limits.manifestMarks()) {
      throw new HostileArchiveException(
          name + " has more than " + limits.manifestMarks() + " commas and brackets");
    }
  }

  private TarEntry checked(TarEntry entry) throws HostileArchiveException {
    boolean directory = entry.type() == TarEntry.DIRECTORY;
    String path = directory && entry.name().endsWith("/")
        ? entry.name().substring(0, entry.name().length() - 1)
        : entry.name();
    requireSound(path);
    if (entry.type() == TarEntry.HARD_LINK) {
      requireTarget(path, entry.linkName());
    } else if (entry.type() == TarEntry.SYMLINK) {
      requireText(path, entry.linkName());
    } else if (entry.type() != TarEntry.FILE && !directory) {
      throw new HostileArchiveException(path + " is neither file, directory nor link");
    }
    requirePlace(path, directory);
    if (types.put(path, entry.type()) != null) {
      throw new HostileArchiveException(path + " is in it twice");
    }
    requireRoom(path, entry.sizeBytes());
    return new TarEntry(
        entry.type(),
        path,
        entry.linkName(),
        entry.mode(),
        entry.owner(),
        entry.group(),
        entry.sizeBytes(),
        entry.mtimeSeconds());
  }

  private static void requireSound(String path) throws HostileArchiveException {
    String fault = PathRules.fault(path).orElse("");
    if (!fault.isEmpty()) {
      throw new HostileArchiveException("the path \"" + PathRules.shown(path) + "\" " + fault);
    }
  }

  private void requireTarget(String path, String target) throws HostileArchiveException {
    char type = types.getOrDefault(target, ' ');
    if (type != TarEntry.FILE && type != TarEntry.HARD_LINK) {
      throw new HostileArchiveException(path + " is a hard link to \"" + PathRules.shown(target)
          + "\", which is no file before it");
    }
  }

  private static void requireText(String path, String target) throws HostileArchiveException {
    if (target.isEmpty()
        || target.getBytes(StandardCharsets.UTF_8).length > PathRules.MAX_BYTES
        || !PathRules.isPlainText(target)) {
      throw new HostileArchiveException(path + " is a symbolic link with an unusable target");
    }
  }

  /** Whoever unpacks in order must never write through a link, nor replace a folder by a file. */
  private void requirePlace(String path, boolean directory) throws HostileArchiveException {
    if (!directory && parents.contains(path)) {
      throw new HostileArchiveException(path + " is no directory, and members lie below it");
    }
    for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
      String parent = path.substring(0, slash);
      if (types.getOrDefault(parent, TarEntry.DIRECTORY) != TarEntry.DIRECTORY) {
        throw new HostileArchiveException(
            path + " lies below " + parent + ", which is no directory");
      }
      if (!parents.add(parent)) {
        return;
      }
    }
  }

  private void requireRoom(String path, long sizeBytes) throws HostileArchiveException {
    if (types.size() > limits.members()) {
      throw new HostileArchiveException("it has more than " + limits.members() + " members");
    }
    if (sizeBytes > limits.unpackedBytes() - unpackedBytes) {
      throw new HostileArchiveException(
          "it unpacks to more than " + limits.unpackedBytes() + " bytes; " + path + " is too much");
    }
    unpackedBytes += sizeBytes;
    if (unpackedBytes > PackageLimits.SMALL_BYTES && unpackedBytes / limits.ratio() > packedBytes) {
      throw new HostileArchiveException("it is an archive bomb: " + packedBytes
          + " bytes that unpack to " + unpackedBytes + " and more");
    }
  }
}
