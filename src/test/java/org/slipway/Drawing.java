package org.slipway;

import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * The drawn diagram of the rooms, architecture.puml.
 *
 * @param rooms in the order in which they are drawn
 */
record Drawing(List<String> rooms, Set<Arrow> arrows) {
  private static final Pattern ROOM = Pattern.compile("(?m)^\\[(\\w+)] <<");
  private static final Pattern ARROW = Pattern.compile("(?m)^\\[(\\w+)] --> \\[(\\w+)]$");

  /** One room may read another. */
  record Arrow(String from, String to) implements Comparable<Arrow> {
    @Override
    public int compareTo(Arrow other) {
      return toString().compareTo(other.toString());
    }

    @Override
    public String toString() {
      return from + " --> " + to;
    }
  }

  static URL file() {
    return Objects.requireNonNull(Drawing.class.getResource("/architecture.puml"));
  }

  static Drawing read() throws IOException {
    try (InputStream in = file().openStream()) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      List<String> rooms =
          ROOM.matcher(text).results().map(each -> each.group(1)).toList();
      Set<Arrow> arrows = new TreeSet<>();
      ARROW.matcher(text).results().map(Drawing::arrow).forEach(arrows::add);
      return new Drawing(rooms, arrows);
    }
  }

  /** The same for Markdown, which shows Mermaid but not PlantUML: one line a room with all that it reads. */
  String asMermaid() {
    String lines = rooms.stream()
        .filter(room -> arrows.stream().anyMatch(each -> each.from().equals(room)))
        .map(room -> "  " + node(room) + " --> " + read(room) + "\n")
        .collect(joining());
    return "```mermaid\nflowchart TD\n" + lines + "```\n";
  }

  private String read(String room) {
    return rooms.stream()
        .filter(each -> arrows.contains(new Arrow(room, each)))
        .map(Drawing::node)
        .collect(joining(" & "));
  }

  /** With a capital, because "graph" is a word of Mermaid's own. */
  private static String node(String room) {
    return room.substring(0, 1).toUpperCase(Locale.ROOT) + room.substring(1);
  }

  private static Arrow arrow(MatchResult match) {
    return new Arrow(match.group(1), match.group(2));
  }
}
