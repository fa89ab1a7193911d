package org.slipway.store;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slipway.build.Phase;

/**
 * What is where in a log. Lines end with a line feed and are counted from 1; bytes are the log's as
 * a build wrote it, not those of its compressed file.
 */
public final class LogIndex {
  /** How much of a log stands between two places from which it can be read. */
  static final int BLOCK_BYTES = 1 << 18;

  private final long lines;
  private final long bytes;
  private final List<Section> sections;
  private final LogTimes times;

  /** By block: how many lines end before it. */
  private final long[] ended;

  /** By block: where it begins in the file; empty where that is where it begins in the log. */
  private final long[] places;

  LogIndex(
      long lines, long bytes, List<Section> sections, LogTimes times, long[] ended, long[] places) {
    this.lines = lines;
    this.bytes = bytes;
    this.sections = List.copyOf(sections);
    this.times = times;
    this.ended = ended;
    this.places = places;
  }

  /**
   * Where a phase begins.
   *
   * @param line its heading's
   * @param offset of that line in bytes
   * @param started where that is known
   */
  public record Section(Phase phase, long line, long offset, Optional<Instant> started) {}

  /** How many lines there are, an unfinished last one included. */
  public long lines() {
    return lines;
  }

  public long bytes() {
    return bytes;
  }

  /** In the log's order, at most 64; a phase that is run twice stands there twice. */
  public List<Section> sections() {
    return sections;
  }

  /**
   * About when a line was written: the moment that is known of it or of the nearest line before, a
   * second or so away in a short log, further in one that went on for hours. Empty where no times
   * were kept.
   */
  public Optional<Instant> time(long line) {
    return times.of(line);
  }

  /** When the first line was written, where times were kept. */
  public Optional<Instant> began() {
    return times.began();
  }

  LogTimes times() {
    return times;
  }

  long[] ended() {
    return ended;
  }

  long[] places() {
    return places;
  }

  /** The same of a file that has its blocks at these places. */
  LogIndex at(long[] filePlaces) {
    return new LogIndex(lines, bytes, sections, times, ended, filePlaces);
  }

  /** The last block from which the line's start is still ahead. */
  int blockBefore(long line) {
    // Where a block begins within or at the start of line n, n - 1 lines end before it.
    int found = Arrays.binarySearch(ended, line - 1);
    int at = found >= 0 ? found : -found - 1;
    while (at > 0 && (at >= ended.length || ended[at] >= line - 1)) {
      at--;
    }
    return at;
  }

  /** Which line a block begins in. */
  long lineAt(int block) {
    return block == 0 || ended.length == 0 ? 1 : ended[block] + 1;
  }

  /** Where a block begins in the file. */
  long place(int block) {
    if (block == 0) {
      return 0;
    }
    return places.length == 0 ? (long) block * BLOCK_BYTES : places[block];
  }

  /** The block that holds a byte of the log. */
  int blockOf(long offset) {
    return (int) Math.max(0, Math.min(offset / BLOCK_BYTES, ended.length - 1));
  }
}
