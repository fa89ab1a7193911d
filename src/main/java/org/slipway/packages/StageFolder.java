package org.slipway.packages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * Reads a stage that lies in a folder of this host, and only the part of it that a plist names. The
 * files' bytes stay where they are, so nobody may change them until the package is written. Where a
 * folder of the path is a link, it must stay below the root.
 */
public final class StageFolder {
  private static final int MAX_THREADS = 8;

  private final Path root;
  private final Map<Path, Boolean> checked = new HashMap<>();
  private final Map<Object, Integer> numbers = new HashMap<>();

  private StageFolder(Path root) {
    this.root = root;
  }

  /** A file whose sum is still to be taken. */
  private record Found(String path, int number, int mode, long sizeBytes, Path bytes) {}

  /**
   * The content that the plist picks from a folder.
   *
   * @throws PlistException when the plist names what the folder does not have
   */
  public static PackageContent read(Path root, Plist plist) throws IOException, PlistException {
    return plist.select(new StageFolder(root.toRealPath()).stage(plist), Map.of());
  }

  private Stage stage(Plist plist) throws IOException, PlistException {
    Map<String, Stage.Item> items = new TreeMap<>();
    List<Found> files = new ArrayList<>();
    for (Plist.Item item : plist.items()) {
      look(item.staged(), items, files);
    }
    sums(files).forEach(items::put);
    return new Stage(items);
  }

  private void look(String path, Map<String, Stage.Item> items, List<Found> files)
      throws IOException, PlistException {
    Path place = root.resolve(path.substring(1));
    Map<String, Object> found;
    try {
      requireInside(place, path);
      found = Files.readAttributes(place, "unix:*", LinkOption.NOFOLLOW_LINKS);
    } catch (NoSuchFileException e) {
      // The plist's own check names everything that is missing, at once.
      return;
    }
    int mode = number(found, "mode").intValue() & 07777;
    if (Boolean.TRUE.equals(found.get("isSymbolicLink"))) {
      items.put(path, new Stage.StagedLink(mode, target(place, path)));
    } else if (Boolean.TRUE.equals(found.get("isDirectory"))) {
      items.put(path, new Stage.StagedDirectory(mode));
    } else if (Boolean.TRUE.equals(found.get("isRegularFile"))) {
      // Two names are one file where device and i-node are the same.
      Object key = number(found, "nlink").intValue() > 1
          ? List.of(number(found, "dev"), number(found, "ino"))
          : path;
      int number = numbers.computeIfAbsent(key, unused -> numbers.size());
      files.add(new Found(path, number, mode, number(found, "size").longValue(), place));
    } else {
      throw new PlistException(
          path + " is a device, FIFO or socket; only files, directories and links can be packed");
    }
  }

  private static Number number(Map<String, Object> attributes, String name) throws IOException {
    if (attributes.get(name) instanceof Number number) {
      return number;
    }
    throw new IOException("this file system does not tell a file's " + name);
  }

  private static String target(Path place, String path) throws IOException, PlistException {
    String target = Files.readSymbolicLink(place).toString();
    if (!PathRules.isPlainText(target)) {
      throw new PlistException(path + " is a link with an unusable target");
    }
    return target;
  }

  private void requireInside(Path place, String path) throws IOException, PlistException {
    Path parent = Optional.ofNullable(place.getParent()).orElse(root);
    Boolean inside = checked.get(parent);
    if (inside == null) {
      inside = parent.toRealPath().startsWith(root);
      checked.put(parent, inside);
    }
    if (!inside) {
      throw new PlistException(path + " lies behind a link that leads out of " + root);
    }
  }

  /** Each file is read once, whatever number of names it has, several files at a time. */
  private static Map<String, Stage.Item> sums(List<Found> files) throws IOException {
    int threads = Math.min(MAX_THREADS, Runtime.getRuntime().availableProcessors());
    ExecutorService pool = Executors.newFixedThreadPool(threads, work -> {
      Thread thread = new Thread(work, "stage-sums");
      thread.setDaemon(true);
      return thread;
    });
    try {
      Map<Integer, CompletableFuture<Stage.StagedFile>> sums = new HashMap<>();
      for (Found file : files) {
        sums.computeIfAbsent(
            file.number(), unused -> CompletableFuture.supplyAsync(() -> staged(file), pool));
      }
      Map<String, Stage.Item> items = new HashMap<>();
      for (Found file : files) {
        items.put(file.path(), Objects.requireNonNull(sums.get(file.number())).join());
      }
      return items;
    } catch (CompletionException e) {
      if (e.getCause() instanceof UncheckedIOException fault) {
        throw fault.getCause();
      }
      throw e;
    } finally {
      pool.shutdownNow();
    }
  }

  private static Stage.StagedFile staged(Found file) {
    try {
      ContentSum sum = ContentSum.of(file.bytes());
      return new Stage.StagedFile(file.number(), file.mode(), file.bytes(), file.sizeBytes(), sum);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
