package org.slipway.repository;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.slipway.packages.Digest;

/**
 * Where the files of a repository's folder lie: below it, but for the packages of a hashed snapshot,
 * which share one pool. Links that lead anywhere else lead nowhere.
 */
public final class SnapshotFiles {
  private static final String PACKAGE = ".pkg";

  private SnapshotFiles() {}

  /**
   * The file or folder that an address within the repository means, without links. A hashed
   * snapshot has a package's file {@code All/NAME-VERSION.pkg} too, though no such name is on disk.
   *
   * @param path names, none of them dots
   * @throws java.nio.file.FileSystemException where the names cannot be those of a file
   */
  public static Optional<Path> find(Path folder, List<String> path) throws IOException {
    Path top = folder.toRealPath();
    try {
      Path real = top.resolve(String.join("/", path)).toRealPath();
      return has(top, real) ? Optional.of(real) : Optional.empty();
    } catch (NoSuchFileException absent) {
      return isName(path) ? named(top, path.get(1)) : Optional.empty();
    }
  }

  /**
   * Whether a file is the repository's own.
   *
   * @param top without links, as {@code real}
   */
  static boolean has(Path top, Path real) throws IOException {
    if (real.startsWith(top)) {
      return true;
    }
    Optional<Path> pool = PackagePool.of(top);
    return pool.isPresent() && real.startsWith(pool.get());
  }

  private static boolean isName(List<String> path) {
    return path.size() == 2 && path.get(0).equals("All") && path.get(1).endsWith(PACKAGE);
  }

  private static Optional<Path> named(Path top, String file) throws IOException {
    Optional<Path> pool = PackagePool.of(top);
    if (pool.isEmpty()) {
      return Optional.empty();
    }
    String name = file.substring(0, file.length() - PACKAGE.length());
    return PackageList.find(top, name)
        .map(line -> pool.get().resolve("Hashed").resolve(line.hashed()))
        .filter(Files::isRegularFile);
  }

  /**
   * Where the packages of a hashed snapshot lie, by the addresses that each of them has,
   * {@code All/NAME-VERSION.pkg} and {@code All/Hashed/NAME-VERSION~SUM.pkg}. Empty where a
   * repository has them in its own folder.
   */
  public static Optional<SortedMap<String, Path>> pooled(Path folder) throws IOException {
    Path top = folder.toRealPath();
    Optional<Path> pool = PackagePool.of(top);
    if (pool.isEmpty()) {
      return Optional.empty();
    }
    SortedMap<String, Path> files = new TreeMap<>();
    Path hashed = pool.get().resolve("Hashed");
    for (PackageList.Line line : PackageList.read(top).orElse(List.of())) {
      Path file = hashed.resolve(line.hashed());
      files.put("All/" + line.name() + PACKAGE, file);
      files.put("All/Hashed/" + line.hashed(), file);
    }
    return Optional.of(Collections.unmodifiableSortedMap(files));
  }

  /**
   * Which of these packages a snapshot lists.
   *
   * @throws IOException also where it cannot be read: then nobody knows what it needs
   */
  public static Set<Digest> using(Path snapshot, Set<Digest> sums) throws IOException {
    Set<Digest> used = new HashSet<>();
    Optional<List<PackageList.Line>> list = PackageList.read(snapshot);
    if (list.isPresent()) {
      Map<String, Digest> byText = new TreeMap<>();
      sums.forEach(each -> byText.put(each.hex(), each));
      for (PackageList.Line line : list.get()) {
        Optional.ofNullable(byText.get(line.sum())).ifPresent(used::add);
      }
    } else {
      for (Snapshot.Listed listed : Snapshot.read(snapshot).packages()) {
        if (sums.contains(listed.sum())) {
          used.add(listed.sum());
        }
      }
    }
    return used;
  }

  /**
   * Removes the package files that no snapshot has any more. Safe beside snapshots that are
   * being written.
   *
   * @param snapshots a job's folder of snapshots
   * @return how many
   */
  public static int collect(Path snapshots) throws IOException {
    return new PackagePool(snapshots).collect();
  }
}
