package org.slipway.build;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * What is remembered of a phase's output to explain a failure: the line that tells most, by the
 * farm's {@link FailurePatterns}, and the last lines. Bounded however much a port says; escape
 * sequences of terminals (ECMA-48) are passed over, for a compiler's colours stand between the
 * words. Not safe for several threads.
 */
final class Notes {
  /** Of a line that is looked at; what is longer is no message. */
  private static final int LONGEST_LINE = 2048;

  private static final int LAST_LINES = 64;
  private static final int LAST_LINE_BYTES = 1024;

  /** What tells of a consequence only, or of anything at all, is no reason to look no further. */
  private static final Pattern TALK = Pattern.compile("\\s*|\\*\\*\\* .*|.{0,200}: \\*\\*\\* .*|"
      + "Stop\\.|===> .*|(bmake|make|gmake)(\\[\\d+\\])?: (stopped in|Entering|Leaving) .*");

  /** A line that tells why, what it tells and where it stands. */
  record Told(FailurePattern pattern, String sentence, String line, long number) {
    Optional<BuildResult.Quote> quote() {
      return number == 0 ? Optional.empty() : Optional.of(new BuildResult.Quote(number, line));
    }
  }

  private enum Within {
    TEXT,
    ESCAPE,
    /** ESC [ up to a byte from @ to ~. */
    CONTROL_SEQUENCE,
    /** ESC ] up to BEL or ESC \. */
    STRING,
    STRING_ESCAPE
  }

  private final Phase phase;
  private final List<FailurePattern> patterns;
  private final LiteralScan scan;

  private final byte[] line = new byte[LONGEST_LINE];
  private int size;
  private Within within = Within.TEXT;
  private int state;
  private final boolean[] hit;
  private boolean anyHit;
  private boolean kept = true;
  private long number;

  private final byte[][] last = new byte[LAST_LINES][LAST_LINE_BYTES];
  private final int[] lastSize = new int[LAST_LINES];
  private final long[] lastNumber = new long[LAST_LINES];
  private long lines;

  private Optional<Told> told = Optional.empty();

  /** For a phase whose first line is the log's first. */
  Notes(Phase phase) {
    this(phase, FailurePatterns.shipped(), 1);
  }

  /** @param firstLine the number in the log of the line that comes next */
  Notes(Phase phase, FailurePatterns known, long firstLine) {
    this.phase = phase;
    this.patterns = known.all();
    this.scan = known.scan();
    this.hit = new boolean[patterns.size()];
    this.number = firstLine;
  }

  /** Bytes that stand in the log. */
  void take(byte[] bytes, int offset, int length) {
    read(bytes, offset, length);
  }

  /** Bytes that the log had no room for: a line of these has no number. */
  void takeLost(byte[] bytes, int offset, int length) {
    if (length > 0) {
      kept = false;
      read(bytes, offset, length);
    }
  }

  private void read(byte[] bytes, int offset, int length) {
    for (int at = offset; at < offset + length; at++) {
      byte octet = bytes[at];
      if (octet == '\n') {
        end();
        // An unfinished sequence never swallows the lines after it.
        within = Within.TEXT;
        number++;
      } else if (within != Within.TEXT) {
        within = onward(octet);
      } else if (octet == 0x1b) {
        within = Within.ESCAPE;
      } else if (octet == '\r') {
        end();
      } else if (size < LONGEST_LINE) {
        line[size++] = octet;
        state = scan.next(state, octet);
        for (int each : scan.found(state)) {
          hit[each] = true;
          anyHit = true;
        }
      }
    }
  }

  private Within onward(byte octet) {
    return switch (within) {
      case ESCAPE ->
        octet == '[' ? Within.CONTROL_SEQUENCE : octet == ']' ? Within.STRING : Within.TEXT;
      case CONTROL_SEQUENCE ->
        octet >= 0x40 && octet <= 0x7e ? Within.TEXT : Within.CONTROL_SEQUENCE;
      case STRING ->
        octet == 0x07 ? Within.TEXT : octet == 0x1b ? Within.STRING_ESCAPE : Within.STRING;
      case STRING_ESCAPE -> octet == '\\' ? Within.TEXT : Within.STRING;
      case TEXT -> Within.TEXT;
    };
  }

  private void end() {
    if (size > 0) {
      if (anyHit) {
        look();
      }
      int slot = (int) (lines % LAST_LINES);
      lastSize[slot] = Math.min(size, LAST_LINE_BYTES);
      System.arraycopy(line, 0, last[slot], 0, lastSize[slot]);
      lastNumber[slot] = kept ? number : 0;
      lines++;
    }
    size = 0;
    state = 0;
  }

  /** The line has texts of patterns: whether it is what they look for. */
  private void look() {
    String text = new String(line, 0, size, StandardCharsets.UTF_8);
    for (int i = 0; i < hit.length; i++) {
      FailurePattern pattern = patterns.get(i);
      boolean counts = hit[i]
          && pattern.phases().contains(phase)
          && told.map(before -> before.pattern().weight() < pattern.weight()).orElse(true);
      hit[i] = false;
      if (counts) {
        pattern
            .sentence(text)
            .ifPresent(sentence -> told = Optional.of(
                new Told(pattern, OneLine.of(sentence), OneLine.of(text), kept ? number : 0)));
      }
    }
    anyHit = false;
  }

  /** The line that tells most, where one does. */
  Optional<Told> told() {
    end();
    return told;
  }

  /** The last line that is not make's own talk, or the very last; empty after silence. */
  Optional<BuildResult.Quote> lastWords() {
    end();
    Optional<BuildResult.Quote> talk = Optional.empty();
    for (long at = lines - 1; at >= Math.max(0, lines - LAST_LINES); at--) {
      int slot = (int) (at % LAST_LINES);
      String text = OneLine.of(new String(last[slot], 0, lastSize[slot], StandardCharsets.UTF_8));
      BuildResult.Quote quote = new BuildResult.Quote(lastNumber[slot], text);
      if (!TALK.matcher(text).matches()) {
        return Optional.of(quote);
      } else if (talk.isEmpty() && !text.isEmpty()) {
        talk = Optional.of(quote);
      }
    }
    return talk;
  }
}
