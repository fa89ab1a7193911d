package org.slipway.evaluate;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A shell command taken apart as far as one must to see what it may read: its words, without
 * quotes, and those that stand where a program does.
 */
final class CommandText {
  private static final Set<String> BEFORE_PROGRAM =
      Set.of("if", "then", "else", "elif", "while", "until", "do", "!");
  /** After these, a program comes; which of the words it is hangs on their options. */
  private static final Pattern STARTER =
      Pattern.compile("(?:.*/)?(?:exec|command|env|time|nice|xargs|eval|timeout|sudo|su|find)");

  private static final Pattern MAKE = Pattern.compile("(?:.*/)?[bg]?make");
  private static final Pattern INTERPRETER = Pattern.compile(
      "(?:.*/)?(?:[a-z]*sh|\\.|perl[0-9.]*|python[0-9.]*|ruby[0-9.]*|lua[0-9.]*|tclsh[0-9.]*"
          + "|php[0-9.]*|node)");
  private static final Pattern ASSIGNMENT = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*=.*");

  private final List<String> words = new ArrayList<>();
  private final List<String> programs = new ArrayList<>();
  private final StringBuilder word = new StringBuilder();
  private boolean programNext = true;
  private boolean started;
  private boolean begun;

  CommandText(String command) {
    char quote = 0;
    for (int at = 0; at < command.length(); at++) {
      char letter = command.charAt(at);
      if (quote != 0) {
        if (letter == quote) {
          quote = 0;
        } else {
          word.append(letter);
        }
      } else if (letter == '\'' || letter == '"') {
        quote = letter;
        begun = true;
      } else if (letter == '\\' && at + 1 < command.length()) {
        at++;
        word.append(command.charAt(at));
        begun = true;
      } else if (Character.isWhitespace(letter) && letter != '\n') {
        end();
      } else if (";|&()`\n{}".indexOf(letter) >= 0) {
        end();
        programNext = true;
        started = false;
      } else if ("<>=,:".indexOf(letter) >= 0) {
        // A file's name may follow these without a space.
        split(letter);
      } else {
        word.append(letter);
        begun = true;
      }
    }
    end();
  }

  /** All of them, and the parts of those that hold a name behind an equals sign or a colon. */
  List<String> words() {
    return List.copyOf(words);
  }

  List<String> programs() {
    return List.copyOf(programs);
  }

  static boolean isMake(String program) {
    return MAKE.matcher(program).matches();
  }

  /** Whether it does what a file says that it is given. */
  static boolean isInterpreter(String program) {
    return INTERPRETER.matcher(program).matches();
  }

  private void split(char letter) {
    if (word.length() > 0) {
      words.add(word.substring(Math.max(0, lastMark() + 1)));
    }
    word.append(letter);
    begun = true;
  }

  private int lastMark() {
    int last = -1;
    for (int at = 0; at < word.length(); at++) {
      if ("<>=,:".indexOf(word.charAt(at)) >= 0) {
        last = at;
      }
    }
    return last;
  }

  private void end() {
    if (!begun) {
      return;
    }
    String whole = word.toString();
    words.add(whole);
    int mark = lastMark();
    if (mark >= 0) {
      words.add(whole.substring(mark + 1));
    }
    // A flag with its file in one word, such as -f/path.
    if (whole.startsWith("-") && whole.indexOf('/') > 0) {
      words.add(whole.substring(whole.indexOf('/')));
    }
    if ((programNext || started) && !ASSIGNMENT.matcher(whole).matches()) {
      if (!BEFORE_PROGRAM.contains(whole)) {
        programs.add(whole);
        started |= STARTER.matcher(whole).matches();
        programNext = false;
      }
    }
    word.setLength(0);
    begun = false;
  }
}
