package org.slipway.store;

import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes the index of a log that has none by reading it, and remembers the last few: a log that
 * another process writes is read on from where it was read to before. Safe for several threads.
 */
final class LogScan {
  private static final Logger LOG = LoggerFactory.getLogger(LogScan.class);
  private static final int REMEMBERED = 16;

  /** How far a file was read. */
  private static final class Reading {
    private final @Nullable Object file;
    private final Optional<Instant> began;
    private final long size;
    private final LogIndexBuilder builder = new LogIndexBuilder();

    /** @param began when the log's first line was written, where that is known */
    Reading(BasicFileAttributes attributes, Optional<Instant> began) {
      this.file = attributes.fileKey();
      this.began = began;
      this.size = attributes.size();
    }

    /**
     * Whether the file is still the one that was read, and has not become shorter. A file system
     * gives the number of a removed file to the next, so the log must have begun at the same moment.
     */
    boolean goesOn(BasicFileAttributes now, Optional<Instant> beganNow) {
      boolean grows = began.isPresent() && now.size() >= builder.bytes();
      return file != null
          && file.equals(now.fileKey())
          && began.equals(beganNow)
          && (grows || now.size() == size);
    }

    void read(InputStream in) throws IOException {
      byte[] buffer = new byte[1 << 16];
      for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
        builder.take(buffer, 0, read, -1);
        builder.forget();
      }
    }
  }

  private final Map<Path, Reading> readings = new LinkedHashMap<>(16, 0.75f, true) {
    private static final long serialVersionUID = 1L;

    @Override
    protected boolean removeEldestEntry(Map.Entry<Path, Reading> eldest) {
      return size() > REMEMBERED;
    }
  };

  /**
   * Of a plain log that this farm does not write: what its writer left beside it says the times and
   * the phases.
   */
  LogIndex plain(Path file, Path journal) throws IOException {
    Optional<LogIndexFile.Content> left = LogIndexFile.read(journal);
    Reading reading = reading(file, left.flatMap(each -> each.times().began()));
    synchronized (reading) {
      try (InputStream in = new FileInputStream(file.toFile())) {
        in.skipNBytes(reading.builder.bytes());
        reading.read(in);
      }
      long bytes = reading.builder.bytes();
      return reading.builder.index(
          left.map(LogIndexFile.Content::times).orElseGet(LogTimes::new),
          left.map(LogIndexFile.Content::sections).orElse(List.of()).stream()
              .filter(each -> each.offset() < bytes)
              .toList());
    }
  }

  /** Of a compressed log; one that is damaged has an index up to there. */
  LogIndex compressed(Path file) throws IOException {
    Reading reading = reading(file, Optional.empty());
    synchronized (reading) {
      if (reading.builder.bytes() == 0) {
        try (InputStream in = new GZIPInputStream(new FileInputStream(file.toFile()), 1 << 16)) {
          reading.read(in);
        } catch (ZipException | EOFException e) {
          LOG.warn("{} is damaged: {}; it is shown up to there", file, e.getMessage());
        }
      }
      return reading.builder.index();
    }
  }

  private Reading reading(Path file, Optional<Instant> began) throws IOException {
    BasicFileAttributes now = Files.readAttributes(file, BasicFileAttributes.class);
    synchronized (readings) {
      Reading before = readings.get(file);
      if (before != null && before.goesOn(now, began)) {
        return before;
      }
      Reading fresh = new Reading(now, began);
      readings.put(file, fresh);
      return fresh;
    }
  }
}
