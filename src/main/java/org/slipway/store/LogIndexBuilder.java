package org.slipway.store;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.slipway.build.Phase;
import org.slipway.build.PhaseHeading;

/**
 * Makes a log's index from its bytes as they come. What it learns it also gives as lines of text,
 * so that a farm that is killed leaves its index up to there. Not safe for several threads.
 */
final class LogIndexBuilder {
  private static final int SECTIONS = 64;
  private static final int HEADING = 200;

  private final LogTimes times = new LogTimes();
  private final List<LogIndex.Section> marked = new ArrayList<>();
  private final List<LogIndex.Section> headings = new ArrayList<>();
  private final StringBuilder news = new StringBuilder();

  private long bytes;
  private long ended;
  private long[] blocks = new long[16];
  private int blockCount = 1;
  private boolean atStart = true;
  private Optional<Phase> coming = Optional.empty();

  /** The start of a line that may be a heading, where it begins like one. */
  private final byte[] head = new byte[HEADING];

  private int headSize = -1;
  private long headOffset;

  /** A phase begins with the next line that is begun. */
  void phase(Phase phase) {
    coming = Optional.of(phase);
  }

  /**
   * More of the log.
   *
   * @param atMillis when it came, negative where nobody knows
   */
  void take(byte[] more, int offset, int length, long atMillis) {
    for (int at = offset; at < offset + length; at++) {
      if (bytes > 0 && bytes % LogIndex.BLOCK_BYTES == 0) {
        block();
      }
      if (atStart) {
        beginLine(more[at], atMillis);
      }
      byte octet = more[at];
      bytes++;
      atStart = octet == '\n';
      if (headSize >= 0) {
        heading(octet, atMillis);
      }
      if (atStart) {
        ended++;
      }
    }
  }

  private void block() {
    if (blockCount == blocks.length) {
      blocks = Arrays.copyOf(blocks, blockCount * 2);
    }
    blocks[blockCount++] = ended;
    news.append("block ").append(ended).append('\n');
  }

  private void beginLine(byte first, long atMillis) {
    if (atMillis >= 0 && times.add(ended + 1, atMillis)) {
      news.append("time ").append(ended + 1).append(' ').append(atMillis).append('\n');
    }
    if (coming.isPresent()) {
      LogIndex.Section section = section(coming.get(), bytes, atMillis);
      coming = Optional.empty();
      if (marked.size() < SECTIONS) {
        marked.add(section);
        news.append(line(section));
      }
    }
    if (first == '=') {
      headSize = 0;
      headOffset = bytes;
    }
  }

  /** Of a log whose phases nobody marks they are read from what it says. */
  private void heading(byte octet, long atMillis) {
    if (octet == '\n') {
      String text = new String(head, 0, headSize, StandardCharsets.UTF_8);
      headSize = -1;
      if (marked.isEmpty() && headings.size() < SECTIONS) {
        PhaseHeading.read(text)
            .ifPresent(phase -> headings.add(section(phase, headOffset, atMillis)));
      }
    } else if (headSize == HEADING) {
      headSize = -1;
    } else {
      head[headSize++] = octet;
    }
  }

  private LogIndex.Section section(Phase phase, long offset, long atMillis) {
    return new LogIndex.Section(
        phase,
        ended + 1,
        offset,
        atMillis < 0 ? Optional.empty() : Optional.of(Instant.ofEpochMilli(atMillis)));
  }

  long bytes() {
    return bytes;
  }

  /** What was learned since it was last asked; empty mostly. */
  String news() {
    if (news.isEmpty()) {
      return "";
    }
    String text = news.toString();
    news.setLength(0);
    return text;
  }

  /** Nobody wants to know what was learned so far. */
  void forget() {
    news.setLength(0);
  }

  /** The index of what came so far, of a plain file. */
  LogIndex index() {
    return index(times.copy(), marked);
  }

  /** The same with times and marked phases that are known from elsewhere. */
  LogIndex index(LogTimes moments, List<LogIndex.Section> phases) {
    List<LogIndex.Section> sections = phases;
    if (phases.isEmpty()) {
      sections = headings.stream()
          .map(each -> new LogIndex.Section(
              each.phase(),
              each.line(),
              each.offset(),
              each.started().or(() -> moments.of(each.line()))))
          .toList();
    }
    return new LogIndex(
        ended + (atStart ? 0 : 1),
        bytes,
        sections,
        moments,
        Arrays.copyOf(blocks, blockCount),
        new long[0]);
  }

  /** {@code phase build 12 3456 1700000000000}. */
  static String line(LogIndex.Section section) {
    return "phase " + section.phase().word() + " " + section.line() + " " + section.offset() + " "
        + section.started().map(Instant::toEpochMilli).orElse(-1L) + "\n";
  }
}
