package org.slipway.publish;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.slipway.repository.SnapshotFiles;
import org.slipway.repository.SnapshotId;

/**
 * Lays a channel out as a plain folder, for another web server, rsync or an object store. Packages
 * come first and the catalogue after them, each file by one rename; packages that the catalogue no
 * longer has go some time later. So clients may fetch from the folder meanwhile, and what a killed
 * export left half done the next one finishes. What is there already is not written again.
 */
public final class Export {
  private static final String HIDDEN = ".slipway";
  private static final String LIST = "files";
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Publisher publisher;
  private final ChannelName channel;
  private final InstantSource clock;
  private final Duration grace;

  /**
   * An export.
   *
   * @param grace how long a package stays after an export whose catalogue has it no more
   */
  public Export(Publisher publisher, ChannelName channel, InstantSource clock, Duration grace) {
    this.publisher = publisher;
    this.channel = channel;
    this.clock = clock;
    this.grace = grace;
  }

  /**
   * What an export did.
   *
   * @param written files that were linked or copied, those of the catalogue among them
   * @param copiedBytes of those that could not be linked
   * @param same files that were there already
   * @param leaving files that stay for clients with an earlier catalogue
   */
  public record Result(
      SnapshotId snapshot,
      Instant at,
      int written,
      long copiedBytes,
      int same,
      int leaving,
      int removed) {}

  /** A file of the snapshot and its place. */
  private record Item(String path, Path file, boolean catalogue) {}

  /**
   * Exports to a folder.
   *
   * @param out made when absent; else empty, or an earlier export of the same channel
   * @throws ChannelException when the folder holds something else, or nothing has been published
   */
  public Result to(Path out) throws IOException {
    Path folder = out.toAbsolutePath().normalize();
    Publication now = publisher
        .current(channel)
        .orElseThrow(() -> new ChannelException(
            "channel " + channel + " cannot be exported: nothing has been published to it"));
    Path hidden = folder.resolve(HIDDEN);
    requireOurs(folder, hidden);
    Files.createDirectories(hidden);
    MoveLock lock = MoveLock.take(hidden.resolve("lock"), PATIENCE, "the export to " + folder);
    try {
      return new Run(folder, now).run();
    } catch (NoSuchFileException e) {
      if (Files.exists(publisher.directory(now.snapshot()))) {
        throw e;
      }
      throw new ChannelException("the snapshot " + now.snapshot()
          + " was removed while it was being exported; export again");
    } finally {
      lock.close();
    }
  }

  /** A folder in which files would be replaced and removed is one that we made. */
  private void requireOurs(Path folder, Path hidden) throws IOException {
    Optional<ExportList> list = ExportList.read(hidden.resolve(LIST));
    if (list.isPresent() && !list.get().title().equals(title())) {
      throw new ChannelException(
          folder + " is an export of something else; choose another folder for " + title());
    }
    if (list.isEmpty() && Files.exists(folder)) {
      List<Path> there = Snapshots.children(folder);
      if (there.stream().anyMatch(each -> !each.equals(hidden))) {
        throw new ChannelException(
            folder + " holds files that no export put there; choose an empty folder");
      }
    }
  }

  private String title() {
    return publisher.job() + " " + channel;
  }

  /** A file that is there under another name. */
  private record Staged(Path file, Path place) {}

  /** One export under way. */
  private final class Run {
    private final Path folder;
    private final Path hidden;
    private final Publication now;
    private final Map<String, Optional<Instant>> listed = new TreeMap<>();
    private int written;
    private int same;
    private long copiedBytes;
    private int temporaries;

    Run(Path folder, Publication now) throws IOException {
      this.folder = folder;
      this.hidden = folder.resolve(HIDDEN);
      this.now = now;
      ExportList.read(hidden.resolve(LIST)).ifPresent(list -> listed.putAll(list.files()));
    }

    private void writeList() throws IOException {
      new ExportList(title(), listed).write(hidden.resolve(LIST));
    }

    Result run() throws IOException {
      for (Path left : Snapshots.children(hidden)) {
        if (String.valueOf(left.getFileName()).startsWith("new-")) {
          Files.delete(left);
        }
      }
      List<Item> items = items();
      // Before they are there: what a kill leaves behind must be known to be ours.
      items.forEach(item -> listed.put(item.path(), Optional.empty()));
      writeList();
      List<Staged> replacing = new ArrayList<>();
      for (Item item : items) {
        put(item, replacing);
      }
      // Files of one name and other bytes, the catalogue's own last, in the shortest of times.
      for (Staged each : replacing) {
        Files.move(
            each.file(),
            each.place(),
            StandardCopyOption.ATOMIC_MOVE,
            StandardCopyOption.REPLACE_EXISTING);
      }
      int removed = removeOld(items);
      writeList();
      int leaving = (int) listed.values().stream().filter(Optional::isPresent).count();
      return new Result(now.snapshot(), now.at(), written, copiedBytes, same, leaving, removed);
    }

    /** Packages by name, then the catalogue, what clients ask for first at the very end. */
    private List<Item> items() throws IOException {
      Path root = publisher.directory(now.snapshot()).toRealPath();
      List<Item> items = new ArrayList<>();
      Optional<SortedMap<String, Path>> pooled = SnapshotFiles.pooled(root);
      pooled.ifPresent(all -> all.forEach((path, file) -> items.add(new Item(path, file, false))));
      try (Stream<Path> all = Files.walk(root)) {
        for (Path each : all.sorted().toList()) {
          boolean pool = pooled.isPresent() && each.equals(root.resolve("All"));
          if (!pool && !Files.isDirectory(each, LinkOption.NOFOLLOW_LINKS)) {
            item(root, each).ifPresent(items::add);
          }
        }
      }
      items.sort(Comparator.comparing(Item::catalogue)
          .thenComparing(item -> item.path().startsWith("data."))
          .thenComparing(Item::path));
      return items;
    }

    /** Links within the snapshot become files; hidden files are the farm's own. */
    private Optional<Item> item(Path root, Path file) throws IOException {
      String path = root.relativize(file).toString();
      if (!ExportList.plain(path)) {
        return Optional.empty();
      }
      Path real = file.toRealPath();
      if (!real.startsWith(root) || !Files.isRegularFile(real)) {
        throw new ChannelException(
            "the snapshot " + root + " holds " + path + ", which is no file of a repository");
      }
      return Optional.of(new Item(path, real, path.indexOf('/') < 0));
    }

    private void put(Item item, List<Staged> replacing) throws IOException {
      Path place = folder.resolve(item.path());
      makeFolders(item.path());
      boolean there = Files.exists(place, LinkOption.NOFOLLOW_LINKS);
      if (there && (item.catalogue() ? sameCatalogue(item, place) : samePackage(item, place))) {
        same++;
        return;
      }
      written++;
      if (!there && !item.catalogue() && link(item.file(), place)) {
        return;
      }
      Path temporary = hidden.resolve("new-" + temporaries++);
      if (item.catalogue()) {
        // Never a link: its date is the channel's and not the snapshot's.
        copy(item.file(), temporary, FileTime.from(now.at()));
      } else if (!link(item.file(), temporary)) {
        copy(item.file(), temporary, Files.getLastModifiedTime(item.file()));
      }
      if (there || item.catalogue()) {
        replacing.add(new Staged(temporary, place));
      } else {
        Files.move(temporary, place, StandardCopyOption.ATOMIC_MOVE);
      }
    }

    /** Folders of the folder's own, never a link to somewhere else. */
    private void makeFolders(String path) throws IOException {
      for (int slash = path.indexOf('/'); slash >= 0; slash = path.indexOf('/', slash + 1)) {
        Path parent = folder.resolve(path.substring(0, slash));
        if (!Files.isDirectory(parent, LinkOption.NOFOLLOW_LINKS)) {
          Files.createDirectory(parent);
        }
      }
    }

    private boolean sameCatalogue(Item item, Path place) throws IOException {
      return Files.getLastModifiedTime(place).equals(FileTime.from(now.at()))
          && Files.mismatch(item.file(), place) < 0;
    }

    /** A copy has its original's date, as rsync looks at it. */
    private boolean samePackage(Item item, Path place) throws IOException {
      return Files.isSameFile(item.file(), place)
          || (Files.size(item.file()) == Files.size(place)
              && Files.getLastModifiedTime(item.file()).equals(Files.getLastModifiedTime(place)));
    }

    /** False on another file system, or where a file has as many links as it can have. */
    private boolean link(Path from, Path to) throws IOException {
      try {
        Files.createLink(to, from);
        return true;
      } catch (NoSuchFileException e) {
        throw e;
      } catch (FileSystemException | UnsupportedOperationException e) {
        return false;
      }
    }

    private void copy(Path from, Path to, FileTime date) throws IOException {
      Files.copy(from, to);
      Files.setLastModifiedTime(to, date);
      copiedBytes += Files.size(to);
    }

    private int removeOld(List<Item> items) throws IOException {
      Instant moment = clock.instant().truncatedTo(ChronoUnit.SECONDS);
      Set<String> current = new HashSet<>();
      items.forEach(item -> current.add(item.path()));
      int removed = 0;
      for (String path : List.copyOf(listed.keySet())) {
        if (!current.contains(path)) {
          Instant left = listed.getOrDefault(path, Optional.empty()).orElse(moment);
          if (left.plus(grace).isAfter(moment)) {
            listed.put(path, Optional.of(left));
          } else {
            makeFolders(path);
            Files.deleteIfExists(folder.resolve(path));
            listed.remove(path);
            removed++;
          }
        }
      }
      return removed;
    }
  }
}
