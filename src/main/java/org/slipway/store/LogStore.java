package org.slipway.store;

import java.io.BufferedOutputStream;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;
import org.slipway.packages.OriginSpec;

/**
 * Build logs in folders, HOME/logs/BUILD/CATEGORY/PORT@FLAVOR.log, plain while a build writes,
 * compressed after. A log that a kill cut short stays plain, and is read as far as it goes. Safe
 * for several threads.
 */
public final class LogStore {
  private final Path folder;
  private final Map<Path, Log> open = new ConcurrentHashMap<>();

  /** By a log's path, so that compressing a long one holds up few others. */
  private final List<Object> locks = Stream.generate(Object::new).limit(64).toList();

  /** @param folder HOME/logs, made when absent */
  public LogStore(Path folder) throws IOException {
    this.folder = folder;
    Files.createDirectories(folder);
  }

  /**
   * A new log, in place of any before; each write can be read at once; closing it compresses it. An
   * older writer of the same log, that of an attempt which is no longer the current one, writes on
   * to nowhere.
   */
  public OutputStream write(BuildId build, OriginSpec spec) throws IOException {
    Path plain = plain(build, spec);
    Files.createDirectories(plain.getParent());
    synchronized (lock(plain)) {
      Files.deleteIfExists(compressed(plain));
      // Another file under the same name: what still writes to the old one does not reach it.
      Files.deleteIfExists(plain);
      Log log = new Log(plain);
      open.put(plain, log);
      return log;
    }
  }

  /** The log from its start as far as it is written, decompressed. */
  public Optional<InputStream> read(BuildId build, OriginSpec spec) throws IOException {
    Path plain = plain(build, spec);
    Optional<InputStream> log = open(plain);
    // In this order: closing a log makes the compressed one before it removes the plain one.
    if (log.isEmpty()) {
      log = open(compressed(plain));
      if (log.isPresent()) {
        return Optional.of(new GZIPInputStream(log.get(), 1 << 16));
      }
    }
    return log;
  }

  private static Optional<InputStream> open(Path file) throws IOException {
    try {
      return Optional.of(new FileInputStream(file.toFile()));
    } catch (FileNotFoundException e) {
      if (Files.exists(file)) {
        throw e;
      }
      return Optional.empty();
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

  private static void compress(Path plain) throws IOException {
    Path target = compressed(plain);
    Path part = plain.resolveSibling(plain.getFileName() + ".gz.part");
    try {
      try (InputStream in = new FileInputStream(plain.toFile());
          OutputStream out =
              new GZIPOutputStream(new BufferedOutputStream(new FileOutputStream(part.toFile())))) {
        in.transferTo(out);
      }
      Disk.sync(part);
      Files.move(part, target, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
    Files.delete(plain);
  }

  /** One that is written: a plain file, not a channel, which an interrupted slot would close. */
  private final class Log extends OutputStream {
    private final Path plain;
    private final FileOutputStream out;

    Log(Path plain) throws IOException {
      this.plain = plain;
      this.out = new FileOutputStream(plain.toFile());
    }

    @Override
    public void write(int octet) throws IOException {
      out.write(octet);
    }

    @Override
    public void write(byte[] octets, int offset, int length) throws IOException {
      out.write(octets, offset, length);
    }

    @Override
    public void close() throws IOException {
      out.close();
      synchronized (lock(plain)) {
        if (open.remove(plain, this)) {
          compress(plain);
        }
      }
    }
  }
}
