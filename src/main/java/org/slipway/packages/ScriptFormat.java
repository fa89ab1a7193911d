package org.slipway.packages;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Replaces the percent signs of commands and of keyword files' scripts (pkg-keywords(5), "ESCAPE
 * SEQUENCE"): {@code %D} the current directory, {@code %F} the last plain line of the list,
 * {@code %B} and {@code %f} that file's folder and name, {@code %@} the keyword's line, {@code %1}
 * its words, {@code %#} their number, {@code %%} a percent sign. Any other stays as it is: shell
 * and Lua use it too.
 *
 * @param lastFile as it was listed; empty before the first
 * @param line of the keyword; empty for a plain command
 */
record ScriptFormat(
    String directory, String lastFile, Optional<String> line, List<String> arguments) {
  ScriptFormat {
    arguments = List.copyOf(arguments);
  }

  /**
   * The text with everything replaced.
   *
   * @throws PlistException without a line number, when something that is asked for is not there
   */
  String format(String text) throws PlistException {
    StringBuilder result = new StringBuilder(text.length() + 32);
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c != '%' || i + 1 == text.length()) {
        result.append(c);
        continue;
      }
      char what = text.charAt(++i);
      if (what >= '0' && what <= '9') {
        int end = i;
        while (end < text.length() && Character.digit(text.charAt(end), 10) >= 0) {
          end++;
        }
        result.append(argument(text.substring(i, end)));
        i = end - 1;
      } else {
        result.append(replaced(what));
      }
    }
    return result.toString();
  }

  private String replaced(char what) throws PlistException {
    return switch (what) {
      case 'D' -> directory;
      case 'F' -> file(what);
      case 'f' -> file(what).substring(file(what).lastIndexOf('/') + 1);
      case 'B' -> folder(what);
      case '%' -> "%";
      case '@' -> line.orElse(Integer.toString(arguments.size()));
      case '#' -> Integer.toString(arguments.size());
      default -> "%" + what;
    };
  }

  private String file(char what) throws PlistException {
    if (lastFile.isEmpty()) {
      throw new PlistException("%" + what + " needs a file before it");
    }
    return lastFile;
  }

  private String folder(char what) throws PlistException {
    String file = file(what);
    String whole = file.startsWith("/") ? file : directory + "/" + file;
    int slash = whole.lastIndexOf('/');
    return slash == 0 ? "/" : whole.substring(0, slash);
  }

  private String argument(String digits) throws PlistException {
    int number = digits.length() > 4 ? Integer.MAX_VALUE : Integer.parseInt(digits);
    if (number < 1 || number > arguments.size()) {
      throw new PlistException(
          "%" + digits + " is asked for, but the line has " + arguments.size() + " words");
    }
    return arguments.get(number - 1);
  }

  /** A line's words, at white space; what stands in quotes is one word. */
  static List<String> words(String line) {
    List<String> words = new ArrayList<>();
    int at = 0;
    while (at < line.length()) {
      char c = line.charAt(at);
      if (Character.isWhitespace(c)) {
        at++;
        continue;
      }
      boolean quoted = c == '"' || c == '\'';
      int from = quoted ? at + 1 : at;
      int end = from;
      while (end < line.length()
          && (quoted ? line.charAt(end) != c : !Character.isWhitespace(line.charAt(end)))) {
        end++;
      }
      words.add(line.substring(from, end));
      at = quoted ? end + 1 : end;
    }
    return words;
  }
}
