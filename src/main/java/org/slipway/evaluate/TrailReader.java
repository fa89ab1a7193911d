package org.slipway.evaluate;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what make wrote down of one run: with {@code -d d} each name that it searches for, which
 * includes every {@code exists()}; with {@code -d p} each file that it parses too; and the kit's
 * shell adds the commands. All other lines, and what a later make may call otherwise, are passed
 * over (make(1), {@code -d}; dir.c and parse.c of NetBSD's make).
 */
final class TrailReader {
  private static final byte[] SEARCHING = "Searching for ".getBytes(StandardCharsets.US_ASCII);
  private static final String SEARCHING_END = " ...";
  private static final Pattern PARSING =
      Pattern.compile("\\$\\{\\.PARSEDIR\\} = `(.*)' \\$\\{\\.PARSEFILE\\} = `(.*)'");
  private static final char COMMAND = '\1';

  private final Set<String> searched = new LinkedHashSet<>();
  private final Set<String> read = new LinkedHashSet<>();
  private final List<Reply.Ran> commands = new ArrayList<>();
  private final StringBuilder command = new StringBuilder();
  private boolean any;
  private boolean cut;

  /** Takes a line of some bytes; most say how a search went and count for nothing. */
  void take(byte[] text, int from, int length) {
    any = true;
    if (command.length() > 0 || (length > 0 && text[from] == COMMAND)) {
      command(string(text, from, length));
    } else if (length > 0 && text[from] != ' ') {
      told(text, from, length);
    }
  }

  private void told(byte[] text, int from, int length) {
    int start = SEARCHING.length;
    if (length >= start && Arrays.equals(text, from, from + start, SEARCHING, 0, start)) {
      String name = string(text, from + start, length - start);
      int end = name.lastIndexOf(SEARCHING_END);
      searched.add(end < 0 ? name : name.substring(0, end));
      return;
    }
    String line = string(text, from, length);
    if (line.contains("PARSEFILE")) {
      Matcher matcher = PARSING.matcher(line);
      if (matcher.find()) {
        read.add(matcher.group(1) + "/" + matcher.group(2));
      }
    }
  }

  private static String string(byte[] text, int from, int length) {
    return new String(text, from, length, StandardCharsets.UTF_8);
  }

  /** A record that is too long is none. */
  void cut() {
    cut = true;
  }

  private void command(String line) {
    command.append(line);
    int first = command.indexOf(String.valueOf(COMMAND), 1);
    if (first > 0
        && command.length() > first + 1
        && command.charAt(command.length() - 1) == COMMAND) {
      commands.add(new Reply.Ran(
          command.substring(1, first), command.substring(first + 1, command.length() - 1)));
      command.setLength(0);
    } else {
      command.append('\n');
    }
  }

  /** No make reads a port without looking for one file. */
  Reply.Trail trail() {
    boolean whole = any && !cut && command.length() == 0 && !searched.isEmpty();
    return new Reply.Trail(whole, List.copyOf(searched), List.copyOf(read), commands);
  }
}
