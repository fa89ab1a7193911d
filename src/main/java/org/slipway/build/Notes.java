package org.slipway.build;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;

/**
 * What is remembered of a phase's output to explain a failure: the first line that looks like the
 * cause, the last line that is not make's own talk, and whether a disk was full. A few lines,
 * however much a port says.
 */
final class Notes {
  private static final int LONGEST_LINE = 4096;

  /**
   * {@code make: stopped in}, {@code *** Error code 1}, the farm's and the framework's headings,
   * empty lines.
   */
  private static final Pattern TALK = Pattern.compile("\\s*|.*\\*\\*\\* .*|Stop\\.|===> .*"
      + "|(bmake|make|gmake)(\\[\\d+\\])?: (stopped in|Entering|Leaving) .*");

  private static final String COMPILER =
      ": (fatal )?error: |\\berror\\[E\\d+\\]|: undefined reference"
          + "|ld: error: |: cannot find -l|: not found$|: command not found|^Error: "
          + "|exec\\(.*\\) failed|[Dd]on't know how to make |No rule to make target ";

  private final Pattern cause;
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();
  private String first = "";
  private String last = "";
  private String lastTalk = "";
  private boolean diskFull;

  Notes(Phase phase) {
    cause = Pattern.compile(
        switch (phase) {
          case FETCH -> "Could not fetch|Couldn't fetch|curl: |fetch: ";
          case CHECKSUM -> "[Mm]ismatch|No SHA256|not in /distfiles|No checksum";
          case EXTRACT -> "tar: .*(Error|rror:|Cannot|not )|: not found$";
          case PATCH ->
            "FAILED|[Pp]atch .*(fail|does not apply)|can't find file to patch" + "|malformed patch";
          case CONFIGURE -> "configure: error: |CMake Error|ERROR: |" + COMPILER;
          case CHECK_PLIST -> "^Error: |^=> Error";
          // The framework's own words about a port stand in its headings.
          case CHECK_SANITY -> "^===>\\s+(?!NOTICE)";
          default -> COMPILER;
        });
  }

  void take(byte[] bytes, int offset, int length) {
    for (int at = offset; at < offset + length; at++) {
      if (bytes[at] == '\n' || bytes[at] == '\r') {
        end();
      } else if (line.size() < LONGEST_LINE) {
        line.write(bytes[at]);
      }
    }
  }

  boolean diskFull() {
    end();
    return diskFull;
  }

  /** The line that tells most, made fit for a table; empty after silence. */
  String cause() {
    end();
    if (!first.isEmpty()) {
      return first;
    }
    return last.isEmpty() ? lastTalk : last;
  }

  private void end() {
    if (line.size() == 0) {
      return;
    }
    String text = OneLine.of(line.toString(StandardCharsets.UTF_8));
    line.reset();
    diskFull |= text.contains("No space left on device");
    if (first.isEmpty() && cause.matcher(text).find()) {
      first = text;
    }
    if (TALK.matcher(text).matches()) {
      lastTalk = text.isBlank() ? lastTalk : text;
    } else {
      last = text;
    }
  }
}
