package org.slipway.evaluate;

import java.util.ArrayList;
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
  private static final String SEARCHING = "Searching for ";
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

  void take(String line) {
    any = true;
    if (command.length() > 0 || (!line.isEmpty() && line.charAt(0) == COMMAND)) {
      command(line);
    } else if (line.startsWith(SEARCHING)) {
      int end = line.lastIndexOf(SEARCHING_END);
      searched.add(line.substring(SEARCHING.length(), end < 0 ? line.length() : end));
    } else if (line.contains("PARSEFILE")) {
      Matcher matcher = PARSING.matcher(line);
      if (matcher.find()) {
        read.add(matcher.group(1) + "/" + matcher.group(2));
      }
    }
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
