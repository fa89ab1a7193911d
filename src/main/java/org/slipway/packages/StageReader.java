package org.slipway.packages;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Takes in a stage that a build made, as the tar stream of {@code tar -C STAGEDIR -cf - .} from
 * inside its jail, and picks from it what the plist names. The stream is hostile: names never
 * become names on the farm's own file system (bytes go to files named by number), and whatever
 * could be read in two ways is refused.
 */
public final class StageReader {
  private final InputStream tar;
  private final Path spool;
  private final StageLimits limits;
  private final Map<String, Stage.Item> items = new HashMap<>();
  private long totalBytes;
  private int count;

  private StageReader(InputStream tar, Path spool, StageLimits limits) {
    this.tar = tar;
    this.spool = spool;
    this.limits = limits;
  }

  /**
   * Reads the whole stream.
   *
   * @param scripts the port's own, by phase; what the plist adds comes after them
   * @param spool an existing folder that only the farm writes; the content's bytes stay there, and
   *     the caller removes it
   * @throws HostileArchiveException when the stream is none that an honest tar of an honest stage
   * would be
   * @throws PlistException when the plist names what the stage does not have
   */
  public static PackageContent fromTar(
      InputStream tar, Plist plist, Map<String, String> scripts, Path spool, StageLimits limits)
      throws IOException, PackageException {
    return select(tar, plist, scripts, spool, limits).content();
  }

  /**
   * What of a stage is packed, and what is not.
   *
   * @param unlisted files and links that the plist does not name, by path
   */
  public record Selected(PackageContent content, List<String> unlisted) {
    public Selected {
      unlisted = List.copyOf(unlisted);
    }
  }

  /** The same, telling what is left out too. */
  public static Selected select(
      InputStream tar, Plist plist, Map<String, String> scripts, Path spool, StageLimits limits)
      throws IOException, PackageException {
    Stage stage = new StageReader(tar, spool, limits).read();
    Set<String> listed = new HashSet<>();
    plist.items().forEach(item -> listed.add(item.staged()));
    List<String> unlisted = stage.items().entrySet().stream()
        .filter(item -> !(item.getValue() instanceof Stage.StagedDirectory))
        .map(Map.Entry::getKey)
        .filter(path -> !listed.contains(path))
        .sorted()
        .toList();
    return new Selected(plist.select(stage, scripts), unlisted);
  }

  private Stage read() throws IOException, PackageException {
    TarReader reader = new TarReader(tar);
    for (TarEntry entry = reader.next(); entry != null; entry = reader.next()) {
      if (++count > limits.entries()) {
        throw new HostileArchiveException(
            "the stage has more than " + limits.entries() + " entries");
      }
      take(entry, reader);
    }
    requireRealParents();
    return new Stage(items);
  }

  private void take(TarEntry entry, TarReader reader) throws IOException, PackageException {
    String path = absolute(entry.name(), entry.type());
    if (path.equals("/")) {
      return;
    }
    Stage.Item item = switch (entry.type()) {
      case TarEntry.FILE -> file(path, entry, reader);
      case TarEntry.DIRECTORY -> new Stage.StagedDirectory(entry.mode());
      case TarEntry.SYMLINK -> symlink(path, entry);
      case TarEntry.HARD_LINK -> hardLink(path, entry);
      default ->
        throw new HostileArchiveException(PathRules.shown(path)
            + " is a device, FIFO, socket or unknown kind; only files, directories and"
            + " links can be packed");
    };
    if (items.put(path, item) != null) {
      throw new HostileArchiveException(PathRules.shown(path) + " is in the stage twice");
    }
  }

  private Stage.Item file(String path, TarEntry entry, TarReader reader)
      throws IOException, HostileArchiveException {
    totalBytes += entry.sizeBytes();
    if (totalBytes < 0 || totalBytes > limits.totalBytes()) {
      throw new HostileArchiveException(
          "the stage has more than " + limits.totalBytes() + " bytes; " + path + " is too much");
    }
    Path target = spool.resolve(Integer.toString(count));
    ContentSum.Running sum = new ContentSum.Running();
    byte[] buffer = new byte[1 << 16];
    try (OutputStream out =
        Files.newOutputStream(target, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      for (int n = reader.read(buffer); n >= 0; n = reader.read(buffer)) {
        sum.update(buffer, 0, n);
        out.write(buffer, 0, n);
      }
    }
    return new Stage.StagedFile(count, entry.mode(), target, entry.sizeBytes(), sum.end());
  }

  private static Stage.Item symlink(String path, TarEntry entry) throws HostileArchiveException {
    String target = entry.linkName();
    if (target.isEmpty()
        || target.length() > PathRules.MAX_BYTES
        || !PathRules.isPlainText(target)) {
      throw new HostileArchiveException(path + " is a link with an unusable target");
    }
    if (PathRules.leadsOut(path, target)) {
      throw new HostileArchiveException(
          path + " links to " + target + ", which leads out of the stage");
    }
    return new Stage.StagedLink(entry.mode(), target);
  }

  private Stage.Item hardLink(String path, TarEntry entry) throws HostileArchiveException {
    String target = absolute(entry.linkName(), TarEntry.FILE);
    if (items.get(target) instanceof Stage.StagedFile file) {
      return file;
    }
    throw new HostileArchiveException(path
        + " is a hard link to "
        + PathRules.shown(target)
        + ", which is no file before it in the archive");
  }

  /** {@code ./usr/x} and {@code usr/x} become {@code /usr/x}; anything else is refused. */
  private String absolute(String name, char type) throws HostileArchiveException {
    String rest = name.startsWith("./") ? name.substring(2) : name;
    if (type == TarEntry.DIRECTORY && rest.endsWith("/")) {
      rest = rest.substring(0, rest.length() - 1);
    }
    if (type == TarEntry.DIRECTORY && (rest.isEmpty() || rest.equals("."))) {
      return "/";
    }
    String fault = PathRules.relativeFault(rest).orElse("");
    if (fault.isEmpty() && rest.getBytes(StandardCharsets.UTF_8).length > limits.pathBytes()) {
      fault = "is longer than " + limits.pathBytes() + " bytes";
    }
    if (!fault.isEmpty()) {
      throw new HostileArchiveException(
          "the stage's path \"" + PathRules.shown(name) + "\" " + fault);
    }
    return "/" + rest;
  }

  /** A file below a link would be written through it at installation. */
  private void requireRealParents() throws HostileArchiveException {
    for (String path : items.keySet()) {
      for (int slash = path.lastIndexOf('/'); slash > 0; slash = path.lastIndexOf('/', slash - 1)) {
        Stage.Item parent = items.get(path.substring(0, slash));
        if (parent != null && !(parent instanceof Stage.StagedDirectory)) {
          throw new HostileArchiveException(
              path + " lies below " + path.substring(0, slash) + ", which is no directory");
        }
      }
    }
  }
}
