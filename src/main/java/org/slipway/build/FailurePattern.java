package org.slipway.build;

import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What a line of a log looks like that tells why a build failed.
 *
 * @param name for a person who looks for it in the file
 * @param failure empty where the phase says what kind of failure it is
 * @param phases where it is looked for
 * @param weight of two lines that tell, the heavier one counts; of two as heavy, the first
 * @param texts of which a line must have one before the expression is tried
 * @param find the expression, where texts alone are not enough
 * @param says the sentence, in which $0 is the line and $1 to $9 are groups of the expression
 */
record FailurePattern(
    String name,
    Optional<FailureClass> failure,
    Set<Phase> phases,
    int weight,
    List<String> texts,
    Optional<Pattern> find,
    String says) {
  FailurePattern {
    phases = Set.copyOf(phases);
    texts = List.copyOf(texts);
    if (texts.isEmpty() || texts.stream().anyMatch(each -> each.length() < 3)) {
      throw new IllegalArgumentException(
          "a pattern needs a text of three or more characters, as in: has \"error:\"");
    }
    if (weight < 1 || weight > 99) {
      throw new IllegalArgumentException("a weight is from 1 to 99");
    }
    find.ifPresent(FailurePattern::requireQuick);
    int groups = find.map(each -> each.matcher("").groupCount()).orElse(0);
    if (Pattern.compile("\\$(\\d)")
        .matcher(says)
        .results()
        .anyMatch(each -> Integer.parseInt(each.group(1)) > groups)) {
      throw new IllegalArgumentException(
          "the sentence names a group that the expression does not have");
    }
  }

  /** All phases. */
  static Set<Phase> everywhere() {
    return EnumSet.allOf(Phase.class);
  }

  /** The sentence, where the line, which has one of the texts, is such a line. */
  Optional<String> sentence(CharSequence line) {
    if (find.isEmpty()) {
      return Optional.of(says.replace("$0", line));
    }
    Matcher matcher = find.get().matcher(line);
    return matcher.find() ? Optional.of(filled(line, matcher)) : Optional.empty();
  }

  private String filled(CharSequence line, Matcher matcher) {
    StringBuilder filled = new StringBuilder();
    for (int at = 0; at < says.length(); at++) {
      char c = says.charAt(at);
      int group = c == '$' && at + 1 < says.length() ? says.charAt(at + 1) - '0' : -1;
      if (group < 0 || group > 9) {
        filled.append(c);
      } else {
        String part = group == 0 ? line.toString() : matcher.group(group);
        filled.append(part == null ? "" : part);
        at++;
      }
    }
    return filled.toString();
  }

  /**
   * Ports choose the lines, so an expression must not take long on any: at most one repetition
   * without an upper bound, two behind a {@code ^}, none within another, and no references back.
   */
  static void requireQuick(Pattern pattern) {
    String text = pattern.pattern();
    int free = 0;
    int depth = 0;
    boolean[] freeWithin = new boolean[32];
    boolean group = false;
    for (int at = 0; at < text.length(); at++) {
      char c = text.charAt(at);
      boolean repeats = c == '*' || c == '+' || (c == '{' && openEnded(text, at));
      if (repeats && group && freeWithin[depth + 1]) {
        throw new IllegalArgumentException("a repetition within a repetition may take for ever");
      }
      group = false;
      switch (c) {
        case '\\' -> {
          at++;
          if (at < text.length() && Character.isDigit(text.charAt(at))) {
            throw new IllegalArgumentException("a reference back to a group may take for ever");
          }
        }
        case '[' -> at = endOfSet(text, at);
        case '(' -> {
          depth++;
          if (depth > 30) {
            throw new IllegalArgumentException("groups are nested too deep");
          }
          freeWithin[depth] = false;
        }
        case ')' -> {
          depth--;
          freeWithin[depth] |= freeWithin[depth + 1];
          group = true;
        }
        default -> {
          if (repeats) {
            free++;
            freeWithin[depth] = true;
          }
          if (repeats || c == '{' || c == '?') {
            at = endOfRepetition(text, at);
          }
        }
      }
    }
    if (free > (text.startsWith("^") ? 2 : 1)) {
      throw new IllegalArgumentException(
          "too many repetitions without an upper bound; write {0,200} in place of *");
    }
  }

  private static boolean openEnded(String text, int at) {
    int end = text.indexOf('}', at);
    return end > 0 && text.charAt(end - 1) == ',';
  }

  /** With its possessive or reluctant sign, which is no repetition. */
  private static int endOfRepetition(String text, int at) {
    int end = text.charAt(at) == '{' ? Math.max(at, text.indexOf('}', at)) : at;
    boolean sign = end + 1 < text.length() && "+?".indexOf(text.charAt(end + 1)) >= 0;
    return sign ? end + 1 : end;
  }

  private static int endOfSet(String text, int at) {
    int end = at + 1;
    while (end < text.length() && (text.charAt(end) != ']' || end == at + 1)) {
      end += text.charAt(end) == '\\' ? 2 : 1;
    }
    return end;
  }
}
