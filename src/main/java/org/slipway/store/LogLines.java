package org.slipway.store;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * A log's lines as plain text: escape sequences of terminals (ECMA-48: CSI, OSC and their like) are
 * taken out, control characters too, a carriage return begins the line anew as it does on a screen,
 * and bytes that are no UTF-8 show as U+FFFD. A line longer than {@link #LONGEST} comes in pieces.
 */
public final class LogLines implements AutoCloseable {
  public static final int LONGEST = 16_384;

  private enum Within {
    TEXT,
    ESCAPE,
    /** ESC [ up to a byte from @ to ~. */
    CONTROL_SEQUENCE,
    /** ESC ] P X ^ _ up to BEL or ESC \. */
    STRING,
    STRING_ESCAPE,
    /** ESC ( and others that take one byte more. */
    ONE_MORE
  }

  private final BufferedReader in;
  private final StringBuilder line = new StringBuilder();
  private Within within = Within.TEXT;
  private boolean restart;
  private boolean goesOn;

  /** @param in closed with this */
  public LogLines(InputStream in) {
    this.in = new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8), 1 << 16);
  }

  /** The next line without its end, or a piece of one; null after the last. */
  @Nullable
  public String next() throws IOException {
    line.setLength(0);
    restart = false;
    goesOn = false;
    boolean any = false;
    for (int next = in.read(); next >= 0; next = in.read()) {
      any = true;
      if (next == '\n') {
        // An unfinished sequence never swallows the lines after it.
        within = Within.TEXT;
        return line.toString();
      }
      take((char) next);
      if (line.length() >= LONGEST && !Character.isHighSurrogate((char) next)) {
        goesOn = true;
        return line.toString();
      }
    }
    return any ? line.toString() : null;
  }

  /** Whether the last piece was not the end of its line. */
  public boolean goesOn() {
    return goesOn;
  }

  private void take(char c) {
    switch (within) {
      case TEXT -> text(c);
      case ESCAPE -> within = afterEscape(c);
      case CONTROL_SEQUENCE -> within = c >= 0x40 && c <= 0x7e ? Within.TEXT : within;
      case STRING -> within = c == 0x07 ? Within.TEXT : c == 0x1b ? Within.STRING_ESCAPE : within;
      case STRING_ESCAPE -> within = c == '\\' ? Within.TEXT : Within.STRING;
      case ONE_MORE -> within = Within.TEXT;
    }
  }

  private static Within afterEscape(char c) {
    return switch (c) {
      case '[' -> Within.CONTROL_SEQUENCE;
      case ']', 'P', 'X', '^', '_' -> Within.STRING;
      case '(', ')', '*', '+', '#', '%', ' ' -> Within.ONE_MORE;
      default -> Within.TEXT;
    };
  }

  private void text(char c) {
    if (c == 0x1b) {
      within = Within.ESCAPE;
    } else if (c == 0x9b) {
      within = Within.CONTROL_SEQUENCE;
    } else if (c == '\r') {
      restart = true;
    } else if (c == '\b') {
      line.setLength(Math.max(0, line.length() - 1));
    } else if (Character.isSurrogate(c) || readable(c)) {
      if (restart) {
        line.setLength(0);
        restart = false;
      }
      line.append(c);
    }
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Whether a character shows as itself: no control, and nothing that turns what follows. */
  public static boolean readable(int point) {
    if (point == '\n' || point == '\t') {
      return true;
    }
    boolean turns = (point >= 0x202A && point <= 0x202E)
        || (point >= 0x2066 && point <= 0x2069)
        || point == 0x200E
        || point == 0x200F
        || point == 0x061C;
    return !turns
        && !Character.isISOControl(point)
        && Character.getType(point) != Character.SURROGATE;
  }
}
