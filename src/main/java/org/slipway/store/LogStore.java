package org.slipway.store;

import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import org.slipway.packages.OriginSpec;

/**
 * Build logs in folders, HOME/logs/BUILD/CATEGORY/PORT@FLAVOR.log, plain while a build writes,
 * compressed after; beside each its index, {@code .log.idx}. A compressed log is a row of gzip
 * members (RFC 1952), one for each 256 KiB: any zcat reads it, and so does this store from its
 * middle. A log that a kill cut short stays plain, and is read as far as it goes. Safe for several
 * threads.
 */
public final class LogStore {
  private final Path folder;
  private final InstantSource clock;
  private final Map<Path, LogWriter> open = new ConcurrentHashMap<>();
  private final LogScan scan = new LogScan();

  /** By a log's path, so that compressing a long one holds up few others. */
  private final List<Object> locks = Stream.generate(Object::new).limit(64).toList();

  /** @param folder HOME/logs, made when absent */
  public LogStore(Path folder) throws IOException {
    this(folder, InstantSource.system());
  }

  /**
   * A store.
   *
   * @param folder HOME/logs, made when absent
   * @param clock for the times of lines
   */
  public LogStore(Path folder, InstantSource clock) throws IOException {
    this.folder = folder;
    this.clock = clock;
    Files.createDirectories(folder);
  }

  /**
   * A new log, in place of any before; each write can be read at once; closing it compresses it. An
   * older writer of the same log, that of an attempt which is no longer the current one, writes on
   * to nowhere. How long a log may get is the writer's matter.
   */
  public LogWriter write(BuildId build, OriginSpec spec) throws IOException {
    Path plain = plain(build, spec);
    Files.createDirectories(plain.getParent());
    synchronized (lock(plain)) {
      Files.deleteIfExists(compressed(plain));
      // Other files under the same names: what still writes to the old ones does not reach them.
      Files.deleteIfExists(plain);
      Files.deleteIfExists(indexOf(plain));
      LogWriter log = new LogWriter(plain, indexOf(plain), clock, this::closed);
      open.put(plain, log);
      return log;
    }
  }

  private void closed(LogWriter log) throws IOException {
    Path plain = log.plain();
    synchronized (lock(plain)) {
      if (open.get(plain) == log) {
        try {
          LogIndex index = log.index();
          // After a fault half a write may stand there.
          PackedLog.make(
              plain,
              compressed(plain),
              indexOf(plain),
              index.bytes() == Files.size(plain) ? index : scan.plain(plain, indexOf(plain)));
        } finally {
          open.remove(plain, log);
        }
      }
    }
  }

  /** The log from its start as far as it is written, decompressed. */
  public Optional<InputStream> read(BuildId build, OriginSpec spec) throws IOException {
    Path plain = plain(build, spec);
    try {
      return Optional.of(new FileInputStream(plain.toFile()));
    } catch (FileNotFoundException e) {
      requireAbsent(plain, e);
    }
    // In this order: closing a log makes the compressed one before it removes the plain one.
    try {
      return Optional.of(
          new GZIPInputStream(new FileInputStream(compressed(plain).toFile()), 1 << 16));
    } catch (FileNotFoundException e) {
      requireAbsent(compressed(plain), e);
      return Optional.empty();
    }
  }

  /**
   * The log with its index, to be read from anywhere and then closed. Of a log that has none, one
   * that was cut short or an older farm's, the index is made by reading it once through.
   */
  public Optional<StoredLog> open(BuildId build, OriginSpec spec) throws IOException {
    Path plain = plain(build, spec);
    RandomAccessFile file;
    try {
      file = new RandomAccessFile(plain.toFile(), "r");
    } catch (FileNotFoundException e) {
      requireAbsent(plain, e);
      return openCompressed(plain);
    }
    try {
      LogWriter writer = open.get(plain);
      LogIndex index = writer == null ? scan.plain(plain, indexOf(plain)) : writer.index();
      return Optional.of(new StoredLog(file, index, false));
    } catch (IOException | RuntimeException e) {
      file.close();
      // It was finished between two looks.
      Optional<StoredLog> finished = Files.exists(plain) ? Optional.empty() : openCompressed(plain);
      if (finished.isEmpty()) {
        throw e;
      }
      return finished;
    }
  }

  /** The builds of which a log of this package is kept, newest first. */
  public List<BuildId> builds(OriginSpec spec) throws IOException {
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .map(each -> each.getFileName().toString())
          .filter(each -> each.matches("[1-9][0-9]{0,17}"))
          .map(each -> new BuildId(Long.parseLong(each)))
          .filter(each ->
              Files.exists(plain(each, spec)) || Files.exists(compressed(plain(each, spec))))
          .sorted(Comparator.comparing(BuildId::number).reversed())
          .toList();
    }
  }

  /** The builds of which any log is kept. */
  public List<BuildId> builds() throws IOException {
    try (Stream<Path> folders = Files.list(folder)) {
      return folders
          .map(each -> each.getFileName().toString())
          .filter(each -> each.matches("[1-9][0-9]{0,17}"))
          .map(each -> new BuildId(Long.parseLong(each)))
          .toList();
    }
  }

  /** When a log of a build was last begun. */
  public Instant lastChanged(BuildId build) throws IOException {
    return Files.getLastModifiedTime(folder.resolve(build.toString())).toInstant();
  }

  /** Removes all logs of a build, which must have ended; who reads one reads it to its end. */
  public void remove(BuildId build) throws IOException {
    Path logs = folder.resolve(build.toString());
    if (open.keySet().stream().anyMatch(each -> each.startsWith(logs))) {
      throw new IllegalArgumentException("a log of build " + build + " is being written");
    }
    List<Path> all;
    try (Stream<Path> walk = Files.walk(logs)) {
      all = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.deleteIfExists(each);
    }
  }

  private Optional<StoredLog> openCompressed(Path plain) throws IOException {
    Path path = compressed(plain);
    RandomAccessFile file;
    try {
      file = new RandomAccessFile(path.toFile(), "r");
    } catch (FileNotFoundException e) {
      requireAbsent(path, e);
      return Optional.empty();
    }
    try {
      long length = file.length();
      Optional<LogIndex> index = LogIndexFile.read(indexOf(plain))
          .filter(each -> each.fileBytes() == length)
          .flatMap(LogIndexFile.Content::index);
      return Optional.of(
          new StoredLog(file, index.isPresent() ? index.get() : scan.compressed(path), true));
    } catch (IOException | RuntimeException e) {
      file.close();
      throw e;
    }
  }

  private static void requireAbsent(Path file, FileNotFoundException cause)
      throws FileNotFoundException {
    if (Files.exists(file)) {
      throw cause;
    }
  }

  /**
   * A folder for the category: joined by any character, two specs could share one name. Origin and
   * flavor bound the length of both.
   */
  private Path plain(BuildId build, OriginSpec spec) {
    String name = spec.origin().name() + spec.flavor().map(each -> "@" + each).orElse("");
    return folder
        .resolve(build.toString())
        .resolve(spec.origin().category())
        .resolve(name + ".log");
  }

  private Object lock(Path plain) {
    return locks.get(Math.floorMod(plain.hashCode(), locks.size()));
  }

  private static Path compressed(Path plain) {
    return plain.resolveSibling(plain.getFileName() + ".gz");
  }

  private static Path indexOf(Path plain) {
    return plain.resolveSibling(plain.getFileName() + ".idx");
  }
}
