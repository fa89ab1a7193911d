package org.slipway.packages;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a packing list line by line: unrolls {@code @for}, takes in {@code @include}, replaces what
 * {@code @var} set, and hands the lines that remain to the {@link PlistFollower}. What cannot be
 * followed is refused with its line.
 */
final class PlistParser {
  /** The largest real list has some 200,000 lines; loops in loops must not become endless. */
  private static final int MAX_LINES = 2_000_000;

  private final PlistRules rules;
  private final PlistFollower follower;
  private final Map<String, String> variables = new LinkedHashMap<>();
  private String where = "plist";
  private int followed;

  PlistParser(PlistRules rules) {
    this.rules = rules;
    this.follower = new PlistFollower(rules);
  }

  private record Line(int number, String text) {
    boolean is(String word) {
      return text.startsWith("@" + word)
          && (text.length() == word.length() + 1
              || Character.isWhitespace(text.charAt(word.length() + 1)));
    }

    String rest(String word) {
      return text.substring(word.length() + 1).strip();
    }
  }

  Plist parse(String text) throws IOException, PlistException {
    lines(split(text));
    return follower.plist();
  }

  private static List<Line> split(String text) {
    List<Line> lines = new ArrayList<>();
    int number = 0;
    for (String line : text.split("\n", -1)) {
      lines.add(
          new Line(++number, line.endsWith("\r") ? line.substring(0, line.length() - 1) : line));
    }
    return lines;
  }

  private void lines(List<Line> lines) throws IOException, PlistException {
    for (int i = 0; i < lines.size(); i++) {
      Line line = lines.get(i);
      if (++followed > MAX_LINES) {
        throw refused(line, "the list unrolls to more than " + MAX_LINES + " lines");
      } else if (line.is("for")) {
        int end = endOf(lines, i);
        loop(line, lines.subList(i + 1, end));
        i = end;
      } else if (line.is("end")) {
        throw refused(line, "@end stands without its @for");
      } else {
        follow(new Line(line.number(), replaced(line.text(), variables)));
      }
    }
  }

  private void follow(Line line) throws IOException, PlistException {
    if (line.is("var")) {
      String[] parts = line.rest("var").split("\\s+", 2);
      if (parts[0].isEmpty()) {
        throw refused(line, "@var takes a name and a value");
      }
      variables.put(parts[0], parts.length == 2 ? parts[1] : "");
    } else if (line.is("include")) {
      include(line);
    } else {
      try {
        follower.follow(line.text());
      } catch (PlistException | MetadataException e) {
        throw refused(line, String.valueOf(e.getMessage()));
      }
    }
  }

  private int endOf(List<Line> lines, int start) throws PlistException {
    int depth = 0;
    for (int i = start; i < lines.size(); i++) {
      if (lines.get(i).is("for")) {
        depth++;
      } else if (lines.get(i).is("end") && --depth == 0) {
        return i;
      }
    }
    throw refused(lines.get(start), "@for stands without its @end");
  }

  private void loop(Line head, List<Line> body) throws IOException, PlistException {
    List<String> words = List.of(replaced(head.rest("for"), variables).split("\\s+", -1));
    if (words.size() < 2) {
      throw refused(head, "@for takes a name and values");
    }
    for (String value : words.subList(1, words.size())) {
      Map<String, String> one = Map.of(words.get(0), value);
      List<Line> unrolled = new ArrayList<>(body.size());
      body.forEach(line -> unrolled.add(new Line(line.number(), replaced(line.text(), one))));
      lines(unrolled);
    }
  }

  private void include(Line line) throws IOException, PlistException {
    if (!where.equals("plist")) {
      throw refused(line, "a list that is taken in cannot take in another");
    }
    String name = line.rest("include");
    Optional<String> text = name.isEmpty() ? Optional.empty() : rules.includes().text(name);
    if (text.isEmpty()) {
      throw refused(line, "there is no list \"" + PathRules.shown(name) + "\" to include here");
    }
    where = PathRules.shown(name);
    lines(split(text.get()));
    where = "plist";
  }

  /** Every {@code %%NAME%%} whose name is known. */
  private static String replaced(String text, Map<String, String> values) {
    if (values.isEmpty() || !text.contains("%%")) {
      return text;
    }
    StringBuilder result = new StringBuilder();
    int at = 0;
    while (at < text.length()) {
      int end = text.startsWith("%%", at) ? text.indexOf("%%", at + 2) : -1;
      String value = end < 0 ? null : values.get(text.substring(at + 2, end));
      if (value == null) {
        result.append(text.charAt(at++));
      } else {
        result.append(value);
        at = end + 2;
      }
    }
    return result.toString();
  }

  private PlistException refused(Line line, String message) {
    return new PlistException(where + " line " + line.number() + ": " + message);
  }
}
