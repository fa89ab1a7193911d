package org.slipway.store;

import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slipway.packages.Digest;

/**
 * Package archives by content: HOME/packages/ab/abcd….pkg, never changed once there. Safe for
 * several threads.
 *
 * <p>Who was told that an archive is there, by {@link #has} or {@link #take}, may rely on it for
 * the age of {@link #collect} from that moment on, and for longer by being named among its users
 * before that time is over.
 */
public final class PackageStore {
  private static final String ARRIVING = "arriving";

  private final Path folder;
  private final Path arriving;

  /** When somebody was last told that an archive is there, by {@link System#nanoTime}. */
  private final Map<Digest, Long> promised = new ConcurrentHashMap<>();

  /**
   * Sweeps what a killed farm was still bringing in.
   *
   * @param folder HOME/packages, made when absent; one farm's at a time
   */
  public PackageStore(Path folder) throws IOException {
    this.folder = folder;
    this.arriving = folder.resolve(ARRIVING);
    Files.createDirectories(arriving);
    try (DirectoryStream<Path> left = Files.newDirectoryStream(arriving)) {
      for (Path each : left) {
        Files.delete(each);
      }
    }
  }

  /**
   * Moves a finished archive in; there already, the given file is removed. On disk when this
   * returns, readable by all and writable by none.
   *
   * @param file an ordinary file; on another file system it is copied and then removed
   * @throws IOException also where the file has another digest: then it stays where it is
   */
  public Path take(Path file, Digest sum) throws IOException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      throw new IOException("the archive " + file + " is not an ordinary file; it is not taken");
    }
    requireDigest(file, Digest.of(file), sum);
    Path place = path(sum);
    if (has(sum)) {
      Files.delete(file);
      return place;
    }
    promise(sum);
    Path shelf = shelf(sum);
    makeFolder(shelf);
    try {
      Disk.readOnly(file);
      Disk.sync(file);
      Files.move(file, place, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      copy(file, sum, place);
      Files.delete(file);
    }
    Disk.syncFolder(shelf);
    promise(sum);
    return place;
  }

  /** Where an archive is, or would be. */
  public Path path(Digest sum) {
    return shelf(sum).resolve(sum.hex() + ".pkg");
  }

  private Path shelf(Digest sum) {
    return folder.resolve(sum.hex().substring(0, 2));
  }

  /** Whether an archive is there; where it is, it stays for a while, see above. */
  public boolean has(Digest sum) {
    Long promise = promise(sum);
    boolean there = Files.isRegularFile(path(sum), LinkOption.NOFOLLOW_LINKS);
    if (!there) {
      promised.remove(sum, promise);
    }
    return there;
  }

  /**
   * To be made before the archive is looked for: a collection either sees the promise and leaves
   * the archive, or has removed it before it is looked for.
   */
  private Long promise(Digest sum) {
    Long now = System.nanoTime();
    promised.put(sum, now);
    return now;
  }

  /** Says which of some archives are in use. */
  @FunctionalInterface
  public interface Users {
    Set<Digest> using(Set<Digest> sums) throws IOException;
  }

  /** What a collection removed. */
  public record Collected(int archives, long bytes) {}

  /**
   * Removes archives that nobody uses. Safe beside builds that begin, take archives in, write
   * snapshots and end meanwhile, if a build that is going on is among {@code builds} from less than
   * {@code age} after it was told that an archive is there until its snapshot is.
   *
   * @param snapshots which archives snapshots have; all snapshots of all jobs
   * @param builds which archives unfinished builds have or are going to reuse; asked before the
   *     snapshots, since a use goes over from a build to a snapshot and not the other way, and
   *     again after them
   * @param age archives that came in, or that somebody was told are there, less than this ago stay
   * @throws IOException where a user cannot be asked, and then nothing is removed, or the disk fails
   */
  public Collected collect(Users snapshots, Users builds, Duration age) throws IOException {
    Set<Digest> candidates = olderThan(age);
    candidates.removeAll(List.copyOf(builds.using(Set.copyOf(candidates))));
    candidates.removeAll(List.copyOf(snapshots.using(Set.copyOf(candidates))));
    candidates.removeAll(List.copyOf(builds.using(Set.copyOf(candidates))));
    int archives = 0;
    long bytes = 0;
    for (Digest each : candidates) {
      long size = remove(each, age);
      archives += size < 0 ? 0 : 1;
      bytes += Math.max(0, size);
    }
    promised.values().removeIf(when -> !young(when, age));
    return new Collected(archives, bytes);
  }

  private Set<Digest> olderThan(Duration age) throws IOException {
    FileTime limit = FileTime.from(Instant.now().minus(age));
    Set<Digest> old = new HashSet<>();
    try (DirectoryStream<Path> shelves = Files.newDirectoryStream(folder, "[0-9a-f][0-9a-f]")) {
      for (Path shelf : shelves) {
        try (DirectoryStream<Path> archives = Files.newDirectoryStream(shelf, "*.pkg")) {
          for (Path archive : archives) {
            String name = String.valueOf(archive.getFileName()).replaceFirst("\\.pkg$", "");
            if (name.matches("[0-9a-f]{64}")
                && Files.isRegularFile(archive, LinkOption.NOFOLLOW_LINKS)
                && Files.getLastModifiedTime(archive).compareTo(limit) <= 0) {
              old.add(new Digest(name));
            }
          }
        }
      }
    }
    return old;
  }

  /** Its size, or -1 where it stays or is gone already. */
  private long remove(Digest sum, Duration age) throws IOException {
    long[] size = {-1};
    try {
      // One archive's promises wait while it is looked at and removed.
      promised.compute(sum, (key, when) -> {
        if (when != null && young(when, age)) {
          return when;
        }
        size[0] = delete(path(sum));
        return null;
      });
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    return size[0];
  }

  private static long delete(Path archive) {
    try {
      long size = Files.size(archive);
      Files.delete(archive);
      return size;
    } catch (NoSuchFileException gone) {
      return -1;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean young(long when, Duration age) {
    return System.nanoTime() - when < age.toNanos();
  }

  /** Through a file of this file system, so that the last step is one rename here too. */
  void copy(Path file, Digest sum, Path place) throws IOException {
    Path arrival = Files.createTempFile(arriving, sum.hex().substring(0, 16), ".pkg");
    try {
      MessageDigest digest = Digest.sha256();
      try (InputStream in = new FileInputStream(file.toFile());
          OutputStream out =
              new DigestOutputStream(new FileOutputStream(arrival.toFile()), digest)) {
        in.transferTo(out);
      }
      // Again, for the copy is what is kept.
      requireDigest(file, new Digest(HexFormat.of().formatHex(digest.digest())), sum);
      Disk.readOnly(arrival);
      Disk.sync(arrival);
      Files.move(arrival, place, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(arrival);
    }
  }

  private void makeFolder(Path of) throws IOException {
    if (!Files.isDirectory(of)) {
      Files.createDirectories(of);
      Disk.syncFolder(folder);
    }
  }

  private static void requireDigest(Path file, Digest is, Digest wanted) throws IOException {
    if (!is.equals(wanted)) {
      throw new IOException("the archive " + file + " has the digest " + is + " and not " + wanted
          + " as its build said; it is not taken, build the package again");
    }
  }
}
