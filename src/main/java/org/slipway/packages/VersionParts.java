package org.slipway.packages;

import java.util.List;
import java.util.Locale;

/** The walk over the dotted middle of two versions, without revision and epoch. */
final class VersionParts {
  /** Words that begin a part of their own and sort by themselves, "pl" before all. */
  private static final List<String> STAGES = List.of("pl", "snap", "alpha", "beta", "pre", "rc");

  /** The letter a is 2, so that "pl" at 0 and none at 0 stay below it. */
  private static final int FIRST_LETTER = 2;

  private final String text;
  private int at;

  private VersionParts(String text) {
    this.text = text;
  }

  /** A number, a letter and a patch number; all zero where a version has ended. */
  private record Part(long number, int letter, long patch) {
    static final Part NONE = new Part(0, 0, 0);
  }

  static int compare(String left, String right) {
    if (left.equalsIgnoreCase(right)) {
      return 0;
    }
    VersionParts a = new VersionParts(left);
    VersionParts b = new VersionParts(right);
    while (a.hasMore() || b.hasMore()) {
      boolean aRests = a.rests();
      boolean bRests = b.rests();
      if (aRests && bRests) {
        a.at += a.hasMore() ? 1 : 0;
        b.at += b.hasMore() ? 1 : 0;
        continue;
      }
      int order = order(aRests ? Part.NONE : a.next(), bRests ? Part.NONE : b.next());
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int order(Part a, Part b) {
    int order = Long.compare(a.number(), b.number());
    if (order == 0) {
      order = Integer.compare(a.letter(), b.letter());
    }
    return order == 0 ? Long.compare(a.patch(), b.patch()) : order;
  }

  private boolean hasMore() {
    return at < text.length();
  }

  /** At its end, or before a plus, which starts the next block for both. */
  private boolean rests() {
    return !hasMore() || text.charAt(at) == '+';
  }

  private Part next() {
    long number;
    boolean numberless = false;
    if (isDigit(peek(0))) {
      number = number();
    } else if (peek(0) == '*') {
      number = -2;
      do {
        at++;
      } while (hasMore() && peek(0) != '+');
    } else {
      number = -1;
      numberless = true;
    }
    int letter = 0;
    long patch = 0;
    if (isLetter(peek(0))) {
      String stage = stageHere();
      if (stage.isEmpty()) {
        letter = FIRST_LETTER + Character.toLowerCase(peek(0)) - 'a';
        while (isLetter(peek(0))) {
          at++;
        }
        patch = patch();
      } else if (numberless) {
        letter = stage.equals("pl") ? 0 : FIRST_LETTER + stage.charAt(0) - 'a';
        at += stage.length();
        patch = patch();
      }
      // A stage after a number: the number is a part by itself, and the stage begins the next one.
    }
    while (hasMore() && !isDigit(peek(0)) && !isLetter(peek(0)) && "+*".indexOf(peek(0)) < 0) {
      at++;
    }
    return new Part(number, letter, patch);
  }

  private long patch() {
    return isDigit(peek(0)) ? number() : -1;
  }

  /** Digits as C's long has them: a number too large is the largest. */
  private long number() {
    long value = 0;
    for (; isDigit(peek(0)); at++) {
      int digit = peek(0) - '0';
      value = value > (Long.MAX_VALUE - digit) / 10 ? Long.MAX_VALUE : value * 10 + digit;
    }
    return value;
  }

  private String stageHere() {
    if (!isLetter(peek(1))) {
      return "";
    }
    for (String stage : STAGES) {
      int end = at + stage.length();
      if (end <= text.length()
          && text.substring(at, end).toLowerCase(Locale.ROOT).equals(stage)
          && !isLetter(peek(stage.length()))) {
        return stage;
      }
    }
    return "";
  }

  private char peek(int ahead) {
    return at + ahead < text.length() ? text.charAt(at + ahead) : '\0';
  }

  static boolean isDigit(char c) {
    return c >= '0' && c <= '9';
  }

  private static boolean isLetter(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
  }
}
