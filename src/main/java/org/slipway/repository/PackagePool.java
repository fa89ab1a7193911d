package org.slipway.repository;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;

/**
 * The package files of all hashed snapshots of one job, {@code snapshots/.pool/Hashed/}: hard links
 * to the package store, each once, whatever many snapshots have the package. Each of these has a
 * link {@code All} to {@code ../.pool} and a {@link PackageList}; what no list names is collected. A
 * name in the pool never means other bytes. Safe for several threads of one process: a farm has its
 * folder for itself.
 */
final class PackagePool {
  /** What a snapshot's {@code All} says. */
  static final Path LINK = Path.of("..", ".pool");

  private static final Map<Path, ReentrantLock> LOCKS = new ConcurrentHashMap<>();

  private final Path snapshots;
  private final Path hashed;

  /** @param snapshots the job's folder of snapshots */
  PackagePool(Path snapshots) {
    this.snapshots = snapshots;
    this.hashed = folder(snapshots).resolve("Hashed");
  }

  static Path folder(Path snapshots) {
    return snapshots.resolve(".pool");
  }

  /** Where a snapshot's packages are; empty where they are in its own folder. */
  static Optional<Path> of(Path snapshot) throws IOException {
    Path all = snapshot.resolve("All");
    return Files.isSymbolicLink(all) && Files.readSymbolicLink(all).equals(LINK)
        ? Optional.of(folder(snapshot.resolveSibling("")))
        : Optional.empty();
  }

  /**
   * Sees to it that the pool has these packages, and says so in the snapshot's list, so that they
   * stay as long as its folder does.
   *
   * @param unfinished the snapshot's folder
   * @param before the newest snapshot, whose packages need not be looked at
   * @throws RepositoryException where the pool has other bytes under the name of one
   */
  void supply(Path unfinished, List<RepositoryEntry> sorted, Path before) throws IOException {
    Map<String, String> known = sums(before);
    Disk.makeFolder(folder(snapshots));
    Disk.makeFolder(hashed);
    locked(() -> {
      // First the list: a collection that comes after a kill goes by it.
      PackageList.write(unfinished, sorted);
      Set<String> there = names();
      boolean added = false;
      for (RepositoryEntry entry : sorted) {
        BuiltPackage built = entry.built();
        String name = Layout.hashed(built.name().toString(), built.sum().hex());
        if (!there.contains(name)) {
          if (Thread.currentThread().isInterrupted()) {
            throw new InterruptedIOException("the snapshot is given up");
          }
          Disk.link(entry, hashed.resolve(name));
          added = true;
        } else if (!built.sum().hex().equals(known.get(built.name().toString()))) {
          requireSame(hashed.resolve(name), entry);
        }
      }
      if (added) {
        Disk.syncFolder(hashed);
      }
      return added;
    });
    Files.createSymbolicLink(unfinished.resolve("All"), LINK);
  }

  private static Map<String, String> sums(Path snapshot) throws IOException {
    Map<String, String> sums = new HashMap<>();
    for (PackageList.Line line : PackageList.read(snapshot).orElse(List.of())) {
      sums.put(line.name(), line.sum());
    }
    return sums;
  }

  /** Two sums that begin alike can be found on purpose: ten characters are forty bits. */
  private static void requireSame(Path file, RepositoryEntry entry) throws IOException {
    boolean linked = Files.exists(entry.file()) && Files.isSameFile(file, entry.file());
    if (!linked && !Digest.of(file).equals(entry.built().sum())) {
      throw new RepositoryException(
          file + " has other bytes than " + entry.built().name()
              + ", whose name and sum begin alike; build that package again with another PORTREVISION");
    }
  }

  /** What no snapshot has goes; how many files that were. */
  int collect() throws IOException {
    if (!Files.isDirectory(hashed, LinkOption.NOFOLLOW_LINKS)) {
      return 0;
    }
    return locked(() -> {
      Set<String> unused = names();
      for (Path each : Disk.children(snapshots)) {
        if (unused.isEmpty()) {
          break;
        }
        // Unfinished ones count too; nobody comes back to those that were taken away.
        if (!each.getFileName().toString().startsWith(".old-")) {
          PackageList.read(each).orElse(List.of()).forEach(line -> unused.remove(line.hashed()));
        }
      }
      for (String each : unused) {
        Files.deleteIfExists(hashed.resolve(each));
      }
      return unused.size();
    });
  }

  private Set<String> names() throws IOException {
    String[] names = hashed.toFile().list();
    if (names == null) {
      throw new IOException(hashed + " cannot be read");
    }
    return new HashSet<>(List.of(names));
  }

  private interface Task<T> {
    T run() throws IOException;
  }

  private <T> T locked(Task<T> task) throws IOException {
    ReentrantLock lock = LOCKS.computeIfAbsent(snapshots.toRealPath(), any -> new ReentrantLock());
    lock.lock();
    try {
      return task.run();
    } finally {
      lock.unlock();
    }
  }
}
