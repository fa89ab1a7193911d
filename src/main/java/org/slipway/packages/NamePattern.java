package org.slipway.packages;

/**
 * A shell pattern for package names and versions, as {@code pkg version -T} matches it (fnmatch(3)
 * without flags): {@code *}, {@code ?}, {@code [a-z]}, {@code [!a-z]}, {@code [[:digit:]]}, and a
 * backslash before a character that stands for itself. The whole name must fit.
 */
public record NamePattern(String text) {
  /** Whether a name such as {@code libfoo-1.2_1} fits. Takes time in text times pattern at most. */
  public boolean fits(String name) {
    int at = 0;
    int in = 0;
    int star = -1;
    int retry = 0;
    while (in < name.length()) {
      if (at < text.length() && text.charAt(at) == '*') {
        star = at++;
        retry = in;
        continue;
      }
      int next = at < text.length() ? one(at, name.charAt(in)) : -1;
      if (next > 0) {
        at = next;
        in++;
      } else if (star >= 0) {
        // The last star takes one character more; earlier ones need never take more than they have.
        at = star + 1;
        in = ++retry;
      } else {
        return false;
      }
    }
    while (at < text.length() && text.charAt(at) == '*') {
      at++;
    }
    return at == text.length();
  }

  /** Where the pattern goes on when its one element at this place takes the character, else -1. */
  private int one(int at, char c) {
    char p = text.charAt(at);
    if (p == '?') {
      return at + 1;
    } else if (p == '\\' && at + 1 < text.length()) {
      return text.charAt(at + 1) == c ? at + 2 : -1;
    } else if (p == '[') {
      int end = bracketEnd(at);
      if (end > 0) {
        return inBracket(at + 1, end, c) ? end + 1 : -1;
      }
    }
    return p == c ? at + 1 : -1;
  }

  /** The place of the bracket that closes; -1 when none does and the opening one is a character. */
  private int bracketEnd(int at) {
    int i = at + 1;
    if (i < text.length() && (text.charAt(i) == '!' || text.charAt(i) == '^')) {
      i++;
    }
    for (int first = i; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == ']' && i > first) {
        return i;
      } else if (c == '\\') {
        i++;
      } else if (text.startsWith("[:", i)) {
        int close = text.indexOf(":]", i + 2);
        i = close < 0 ? i : close + 1;
      }
    }
    return -1;
  }

  private boolean inBracket(int from, int end, char c) {
    boolean negated = text.charAt(from) == '!' || text.charAt(from) == '^';
    boolean found = false;
    for (int i = negated ? from + 1 : from; i < end; i++) {
      int close = text.startsWith("[:", i) ? text.indexOf(":]", i + 2) : -1;
      if (close > 0 && close < end) {
        found |= isA(text.substring(i + 2, close), c);
        i = close + 1;
        continue;
      }
      i = text.charAt(i) == '\\' ? i + 1 : i;
      char low = text.charAt(i);
      char high = low;
      if (i + 2 < end && text.charAt(i + 1) == '-') {
        i += text.charAt(i + 2) == '\\' && i + 3 < end ? 3 : 2;
        high = text.charAt(i);
      }
      found |= c >= low && c <= high;
    }
    return found != negated;
  }

  private static boolean isA(String kind, char c) {
    return switch (kind) {
      case "digit" -> c >= '0' && c <= '9';
      case "lower" -> c >= 'a' && c <= 'z';
      case "upper" -> c >= 'A' && c <= 'Z';
      case "alpha" -> isA("lower", c) || isA("upper", c);
      case "alnum" -> isA("alpha", c) || isA("digit", c);
      case "xdigit" -> isA("digit", c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
      case "punct" -> c > ' ' && c < 127 && !isA("alnum", c);
      case "space" -> c == ' ' || (c >= '\t' && c <= '\r');
      default -> false;
    };
  }

  @Override
  public String toString() {
    return text;
  }
}
