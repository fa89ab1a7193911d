package org.slipway.evaluate;

import java.nio.charset.StandardCharsets;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A makefile's text without what no answer hangs on, line for line: make looks at each byte that it
 * reads, for each port anew, and in a loop's body once a round.
 *
 * <p>What goes, and why nothing changes (make(1); parse.c of NetBSD's make): comments, also behind
 * other text; white space at a line's end, before a directive's name, around an assignment's
 * operator and at the start of a line that goes on from another, all of which make skips; the
 * commands of targets, which nobody runs here, but for a {@code :} that keeps
 * {@code commands(TARGET)} true. A line that goes on in others is joined as make joins it, one space
 * for each line end and what white space follows. Empty lines stand before it, as make counts to a
 * statement's last line. In a loop's body, where make counts otherwise, lines that go on stay apart.
 * At last {@link TurnedBranches} has its turn.
 *
 * <p>make takes a line that begins with a tab for a command wherever it stands, and a line whose
 * last character is a backslash that none escapes goes on in the next.
 */
final class BriefText {
  private static final Pattern DIRECTIVE = Pattern.compile(
      "\\.[ \t]+((?:el)?ifn?(?:def|make)?|else|endif|for|endfor|include|undef|error|warning)\\b");

  private static final Pattern ASSIGNMENT =
      Pattern.compile("((?:[A-Za-z0-9_]|\\$\\{[A-Za-z0-9_]+\\})+)[ \t]*([?+:!]?=)[ \t]*");

  private final String text;
  private final StringBuilder out;
  private int loops;
  private boolean afterCommand;

  private BriefText(String text) {
    this.text = text;
    this.out = new StringBuilder(text.length());
  }

  /** Of any bytes; those that hold a NUL, which make warns of, stay as they are. */
  static byte[] of(byte[] makefile) {
    String text = new String(makefile, StandardCharsets.ISO_8859_1);
    if (text.indexOf('\0') >= 0) {
      return makefile;
    }
    BriefText brief = new BriefText(text);
    int start = 0;
    while (start < text.length()) {
      start = brief.statement(start);
    }
    return TurnedBranches.of(brief.out.toString()).getBytes(StandardCharsets.ISO_8859_1);
  }

  /** Writes what is left of one statement, and gives where the next begins. */
  private int statement(int start) {
    int end = start;
    int lines = 0;
    boolean goesOn = true;
    while (goesOn && end < text.length()) {
      int line = end;
      int stop = text.indexOf('\n', line);
      end = stop < 0 ? text.length() : stop;
      goesOn = stop >= 0 && endsInBackslash(line, end);
      if (stop >= 0) {
        lines++;
        end++;
      }
    }
    boolean ended = text.charAt(end - 1) == '\n';
    String statement = text.substring(start, ended ? end - 1 : end);
    char first = first(statement);
    if (first == '\0' || (first == '#' && !statement.startsWith("\t"))) {
      // These part no commands from each other.
      out.append("\n".repeat(lines));
    } else if (statement.startsWith("\t")) {
      if (first == '#') {
        // Whether that is a command hangs on what stands before.
        out.append(statement).append(ended ? "\n" : "");
        afterCommand = false;
      } else {
        out.append(afterCommand ? "" : "\t:").append("\n".repeat(lines));
        afterCommand = true;
      }
    } else {
      afterCommand = false;
      write(statement, lines, ended);
    }
    return end;
  }

  /** That is no white space to isspace(3); NUL where there is none. */
  private static char first(String statement) {
    for (int at = 0; at < statement.length(); at++) {
      char each = statement.charAt(at);
      if (each != ' ' && (each < '\t' || each > '\r')) {
        return each;
      }
    }
    return '\0';
  }

  private boolean endsInBackslash(int start, int end) {
    int slashes = 0;
    while (end - 1 - slashes >= start && text.charAt(end - 1 - slashes) == '\\') {
      slashes++;
    }
    return slashes % 2 == 1;
  }

  private void write(String statement, int lines, boolean ended) {
    String body = statement;
    if (body.startsWith(".")) {
      Matcher directive = DIRECTIVE.matcher(body);
      if (directive.lookingAt()) {
        body = "." + body.substring(directive.start(1));
      }
    }
    if (body.startsWith(".endfor")) {
      loops = Math.max(0, loops - 1);
    }
    String told = trimmed(body, loops == 0);
    if (body.startsWith(".for")) {
      loops++;
    }
    if (told.indexOf('=') > 0) {
      Matcher assignment = ASSIGNMENT.matcher(told);
      if (assignment.lookingAt()) {
        told = assignment.group(1) + assignment.group(2) + told.substring(assignment.end());
      }
    }
    int inside = 0;
    for (int at = told.indexOf('\n'); at >= 0; at = told.indexOf('\n', at + 1)) {
      inside++;
    }
    out.append("\n".repeat(lines - inside - (ended ? 1 : 0))).append(told);
    out.append(ended ? "\n" : "");
  }

  /** Without comment and without white space that make skips. */
  private static String trimmed(String statement, boolean join) {
    if (statement.indexOf('\\') < 0 && statement.indexOf('#') < 0) {
      int last = statement.length();
      while (last > 0 && isBlank(statement.charAt(last - 1))) {
        last--;
      }
      return statement.substring(0, last);
    }
    StringBuilder told = new StringBuilder(statement.length());
    // White space up to here is escaped, or make's own way to part words.
    int kept = 0;
    int at = 0;
    while (at < statement.length()) {
      char each = statement.charAt(at);
      if (each == '\\' && at + 1 < statement.length()) {
        char next = statement.charAt(at + 1);
        at += 2;
        if (next == '\n') {
          told.append(join ? " " : "\\\n");
          while (at < statement.length() && isBlank(statement.charAt(at))) {
            at++;
          }
        } else {
          told.append(each).append(next);
        }
        kept = next == '\n' && join ? kept : told.length();
      } else if (each == '#' && (at == 0 || statement.charAt(at - 1) != '[')) {
        break;
      } else {
        told.append(each);
        at++;
      }
    }
    int end = told.length();
    while (end > kept && isBlank(told.charAt(end - 1))) {
      end--;
    }
    told.setLength(end);
    return told.toString();
  }

  private static boolean isBlank(char each) {
    return each == ' ' || each == '\t';
  }
}
