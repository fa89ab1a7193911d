package org.slipway.build;

import java.io.BufferedReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.regex.PatternSyntaxException;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Reads patterns from a file of lines: a pattern begins at the first column with its kind of
 * failure and its name; what belongs to it stands indented below it, a word and its value a line.
 */
final class FailurePatternReader {
  private static final int USUAL_WEIGHT = 50;

  private final String file;
  private final List<FailurePattern> patterns = new ArrayList<>();
  private final Set<String> names = new HashSet<>();

  private @Nullable String name;
  private int began;
  private Optional<FailureClass> failure = Optional.empty();
  private Set<Phase> phases = FailurePattern.everywhere();
  private int weight = USUAL_WEIGHT;
  private List<String> texts = new ArrayList<>();
  private Optional<Pattern> find = Optional.empty();
  private String says = "$0";

  private FailurePatternReader(String file) {
    this.file = file;
  }

  /**
   * Reads.
   *
   * @param file what to call it where it is wrong
   * @throws IllegalStateException with the number of the line that is wrong
   */
  static List<FailurePattern> read(String file, BufferedReader in) throws IOException {
    FailurePatternReader reader = new FailurePatternReader(file);
    int number = 0;
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      number++;
      try {
        reader.take(line, number);
      } catch (IllegalArgumentException e) {
        throw reader.wrong(number, e);
      }
    }
    reader.end();
    return List.copyOf(reader.patterns);
  }

  private void take(String line, int number) {
    if (line.isBlank() || line.startsWith("#")) {
      return;
    }
    String[] words = line.strip().split(" ", 2);
    if (!line.startsWith(" ")) {
      end();
      began = number;
      failure = failure(words[0]);
      name = words.length == 2 ? words[1].strip() : "";
      if (!name.matches("[a-z0-9-]+") || !names.add(line.strip())) {
        throw new IllegalArgumentException(
            "a pattern needs a name, its own among its kind, in lower case, after the kind");
      }
      return;
    }
    if (name == null || words.length < 2) {
      throw new IllegalArgumentException("a word and its value are expected below a pattern");
    }
    String value = words[1].strip();
    switch (words[0]) {
      case "in" -> phases = phases(value);
      case "weight" -> weight = Integer.parseInt(value);
      case "has" -> texts.add(quoted(value));
      case "find" -> find = Optional.of(compiled(value));
      case "says" -> says = value;
      default ->
        throw new IllegalArgumentException(
            "\"" + words[0] + "\" is none of in, weight, has, find and says");
    }
  }

  private void end() {
    if (name == null) {
      return;
    }
    try {
      patterns.add(new FailurePattern(name, failure, phases, weight, texts, find, says));
    } catch (IllegalArgumentException e) {
      throw wrong(began, e);
    }
    name = null;
    phases = FailurePattern.everywhere();
    weight = USUAL_WEIGHT;
    texts = new ArrayList<>();
    find = Optional.empty();
    says = "$0";
  }

  private IllegalStateException wrong(int number, IllegalArgumentException cause) {
    return new IllegalStateException(file + ", line " + number + ": " + cause.getMessage(), cause);
  }

  private static Optional<FailureClass> failure(String word) {
    if (word.equals("phase")) {
      return Optional.empty();
    }
    return Optional.of(Stream.of(FailureClass.values())
        .filter(each -> each.word().replace(' ', '-').equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("\"" + word + "\" is no kind of failure")));
  }

  private static Set<Phase> phases(String value) {
    Set<Phase> phases = EnumSet.noneOf(Phase.class);
    for (String word : value.split(" ", -1)) {
      if (word.equals("depends")) {
        Stream.of(Phase.values())
            .filter(each -> each.word().endsWith("-depends"))
            .forEach(phases::add);
      } else {
        phases.add(Stream.of(Phase.values())
            .filter(each -> each.word().equals(word))
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("\"" + word + "\" is no phase")));
      }
    }
    return phases;
  }

  private static String quoted(String value) {
    if (value.length() < 2 || !value.startsWith("\"") || !value.endsWith("\"")) {
      throw new IllegalArgumentException("a text stands between \" and \"");
    }
    return value.substring(1, value.length() - 1);
  }

  private static Pattern compiled(String value) {
    try {
      Pattern pattern = Pattern.compile(value);
      FailurePattern.requireQuick(pattern);
      return pattern;
    } catch (PatternSyntaxException e) {
      throw new IllegalArgumentException(
          "not a regular expression: " + e.getDescription() + " at character " + e.getIndex(), e);
    }
  }
}
