package org.slipway.packages;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads a UCL text from its first character to its last. */
final class UclParser {
  /** Real metadata nests three deep; a hostile one must not exhaust the stack. */
  private static final int MAX_DEPTH = 64;

  private final String text;
  private final int maxValues;
  private int at;
  private int depth;
  private int values;

  /** @param maxValues lists, sections and scalars: each takes some hundred bytes, however short it is */
  UclParser(String text, int maxValues) {
    this.text = text.replace("\r\n", "\n");
    this.maxValues = maxValues;
  }

  Ucl.Value parse() throws MetadataException {
    skipBlank();
    Ucl.Value value;
    if (peek() == '[') {
      value = sequence();
    } else if (peek() == '{') {
      value = section();
    } else {
      value = pairs('\0');
    }
    skipBlank();
    if (at < text.length()) {
      throw expected("the end of the text");
    }
    return value;
  }

  private Ucl.Section section() throws MetadataException {
    enter();
    at++;
    Ucl.Section section = pairs('}');
    if (peek() != '}') {
      throw expected("}");
    }
    at++;
    depth--;
    return section;
  }

  private Ucl.Section pairs(char end) throws MetadataException {
    Map<String, List<Ucl.Value>> found = new LinkedHashMap<>();
    for (skipSeparators(); at < text.length() && peek() != end; skipSeparators()) {
      String key = peek() == '"' || peek() == '\'' ? quoted() : bareKey();
      found.computeIfAbsent(key, unused -> new ArrayList<>()).add(valueAfterKey());
    }
    Map<String, Ucl.Value> values = new LinkedHashMap<>();
    found.forEach((key, all) -> values.put(key, joined(all)));
    return new Ucl.Section(values);
  }

  private void count() throws MetadataException {
    if (++values > maxValues) {
      throw expected("at most " + maxValues + " values");
    }
  }

  private Ucl.Value valueAfterKey() throws MetadataException {
    count();
    skipSpaces();
    if (peek() == ':' || peek() == '=') {
      at++;
      skipSpaces();
      // A value may stand on the line below, further in than its key.
      if (peek() == '\n' && isBlank(peekAt(at + 1))) {
        skipBlank();
      }
    }
    char c = peek();
    if (c == '{') {
      return section();
    } else if (c == '[') {
      return sequence();
    } else if (c == '"' || c == '\'') {
      return new Ucl.Text(quoted());
    } else if (isHeredoc()) {
      return new Ucl.Text(heredoc());
    } else if (c == '\n' && firstAfterBlank() == '{') {
      skipBlank();
      return section();
    }
    return new Ucl.Text(bareWord(false));
  }

  private Ucl.Sequence sequence() throws MetadataException {
    enter();
    at++;
    List<Ucl.Value> values = new ArrayList<>();
    for (skipSeparators(); peek() != ']'; skipSeparators()) {
      count();
      char c = peek();
      if (at >= text.length()) {
        throw expected("]");
      } else if (c == '{') {
        values.add(section());
      } else if (c == '[') {
        values.add(sequence());
      } else if (c == '"' || c == '\'') {
        values.add(new Ucl.Text(quoted()));
      } else if (isHeredoc()) {
        values.add(new Ucl.Text(heredoc()));
      } else {
        values.add(new Ucl.Text(bareWord(true)));
      }
    }
    at++;
    depth--;
    return new Ucl.Sequence(values);
  }

  /** What a key that came more than once holds: all of its values, those of lists one by one. */
  private static Ucl.Value joined(List<Ucl.Value> found) {
    if (found.size() == 1) {
      return found.get(0);
    }
    List<Ucl.Value> all = new ArrayList<>();
    for (Ucl.Value value : found) {
      if (value instanceof Ucl.Sequence sequence) {
        all.addAll(sequence.values());
      } else {
        all.add(value);
      }
    }
    return new Ucl.Sequence(all);
  }

  private String bareKey() throws MetadataException {
    int from = at;
    while (at < text.length() && ":= \t\n{}[],;\"'".indexOf(peek()) < 0) {
      at++;
    }
    if (at == from) {
      throw expected("a key");
    }
    return text.substring(from, at);
  }

  /**
   * A word without quotes goes to the line's end or to a mark; a {@code /} or {@code #} inside a
   * word belongs to it.
   */
  private String bareWord(boolean inSequence) throws MetadataException {
    int from = at;
    while (at < text.length()) {
      char c = peek();
      boolean comment = c == '#' && at > from && Character.isWhitespace(peekAt(at - 1));
      if (c == '\n' || c == ',' || c == ';' || c == '}' || comment || (inSequence && c == ']')) {
        break;
      }
      if (c == '{' || c == '[') {
        throw expected("a word; write it in quotes when it has brackets");
      }
      at++;
    }
    String word = text.substring(from, at).strip();
    if (word.isEmpty() && inSequence) {
      throw expected("a value");
    }
    return word;
  }

  private boolean isHeredoc() {
    return text.startsWith("<<", at) && Character.isUpperCase(peekAt(at + 2));
  }

  private String heredoc() throws MetadataException {
    int eol = text.indexOf('\n', at);
    String mark = eol < 0 ? "" : text.substring(at + 2, eol);
    if (!mark.matches("[A-Z]+")) {
      throw expected("a heredoc's mark in upper-case letters, alone to the line's end");
    }
    int from = eol + 1;
    for (int start = from; start <= text.length(); ) {
      int end = text.indexOf('\n', start);
      String line = text.substring(start, end < 0 ? text.length() : end);
      if (line.equals(mark) || line.equals(mark + ";") || line.equals(mark + ",")) {
        at = start + mark.length();
        return start == from ? "" : text.substring(from, start - 1);
      }
      if (end < 0) {
        break;
      }
      start = end + 1;
    }
    throw expected("the heredoc's end, a line with " + mark + " alone");
  }

  private String quoted() throws MetadataException {
    char quote = peek();
    StringBuilder value = new StringBuilder();
    for (at++; at < text.length() && peek() != quote; at++) {
      char c = peek();
      if (c != '\\') {
        value.append(c);
      } else if (quote == '\'') {
        // Within single quotes only the quote itself can be escaped.
        boolean escape = peekAt(at + 1) == '\'';
        value.append(escape ? '\'' : '\\');
        at += escape ? 1 : 0;
      } else {
        at++;
        value.append(escaped());
      }
    }
    if (at >= text.length()) {
      throw expected("the closing " + quote);
    }
    at++;
    return value.toString();
  }

  private String escaped() throws MetadataException {
    char c = peek();
    return switch (c) {
      case 'n' -> "\n";
      case 't' -> "\t";
      case 'r' -> "\r";
      case 'b' -> "\b";
      case 'f' -> "\f";
      case '"', '\\', '/', '\'' -> String.valueOf(c);
      case 'u' -> unicode();
      default -> throw expected("an escape of JSON");
    };
  }

  private String unicode() throws MetadataException {
    String digits = at + 5 <= text.length() ? text.substring(at + 1, at + 5) : "";
    if (!digits.matches("[0-9A-Fa-f]{4}")) {
      throw expected("four hexadecimal digits");
    }
    at += 4;
    return String.valueOf((char) Integer.parseInt(digits, 16));
  }

  private void enter() throws MetadataException {
    if (++depth > MAX_DEPTH) {
      throw expected("at most " + MAX_DEPTH + " levels");
    }
  }

  private static boolean isBlank(char c) {
    return c == ' ' || c == '\t';
  }

  private char firstAfterBlank() throws MetadataException {
    int mark = at;
    skipBlank();
    char first = peek();
    at = mark;
    return first;
  }

  private void skipSpaces() {
    while (peek() == ' ' || peek() == '\t') {
      at++;
    }
  }

  private void skipSeparators() throws MetadataException {
    skipBlank();
    while (peek() == ',' || peek() == ';') {
      at++;
      skipBlank();
    }
  }

  /** White space and comments. */
  private void skipBlank() throws MetadataException {
    while (at < text.length()) {
      if (Character.isWhitespace(peek())) {
        at++;
      } else if (peek() == '#') {
        int end = text.indexOf('\n', at);
        at = end < 0 ? text.length() : end;
      } else if (text.startsWith("/*", at)) {
        int end = text.indexOf("*/", at + 2);
        if (end < 0) {
          throw expected("the comment's end, */");
        }
        at = end + 2;
      } else {
        return;
      }
    }
  }

  private char peek() {
    return peekAt(at);
  }

  private char peekAt(int index) {
    return index < text.length() ? text.charAt(index) : '\0';
  }

  private MetadataException expected(String what) {
    long line = 1
        + text.substring(0, Math.min(at, text.length()))
            .chars()
            .filter(c -> c == '\n')
            .count();
    return new MetadataException("line " + line + ": expected " + what);
  }
}
