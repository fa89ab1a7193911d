package org.slipway.packages;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The subset of UCL (libucl's configuration language) in which the ports framework and pkg write
 * metadata: JSON, and beside it bare keys and words, {@code =} or nothing in place of {@code :},
 * {@code ;} or a line's end in place of a comma, comments, heredocs and single quotes. No includes,
 * macros or variables. Scalars stay text, so that {@code version: 1.10} keeps its zero.
 */
final class Ucl {
  /** Those of the largest package that is read, see {@link PackageLimits#manifestMarks}. */
  private static final int MAX_VALUES = PackageLimits.DEFAULT.manifestMarks();

  private Ucl() {}

  /** What a UCL text holds. */
  sealed interface Value permits Text, Sequence, Section {}

  /** A scalar as it was written, without quotes. */
  record Text(String text) implements Value {}

  /** A list. */
  record Sequence(List<Value> values) implements Value {
    Sequence {
      values = List.copyOf(values);
    }
  }

  /** Keys in the order of the text; a key that came more than once holds a list. */
  record Section(Map<String, Value> values) implements Value {
    Section {
      values = Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /** A scalar's text. */
    Optional<String> text(String key) {
      return values.get(key) instanceof Text found ? Optional.of(found.text()) : Optional.empty();
    }

    /** The texts of a list; a single scalar is a list of one. */
    List<String> texts(String key) {
      Value value = values.get(key);
      List<Value> all = value instanceof Sequence sequence
          ? sequence.values()
          : value == null ? List.of() : List.of(value);
      List<String> texts = new ArrayList<>();
      for (Value one : all) {
        if (one instanceof Text text) {
          texts.add(text.text());
        }
      }
      return texts;
    }

    /** A section below; an empty one where there is none. */
    Section section(String key) {
      return values.get(key) instanceof Section found ? found : new Section(Map.of());
    }
  }

  /**
   * Reads a text whose top is a section, with or without its braces.
   *
   * @throws MetadataException with the line and what was expected
   */
  static Section parse(String text) throws MetadataException {
    return parse(text, MAX_VALUES);
  }

  /** The same of a text that may not hold as much as the largest package's. */
  static Section parse(String text, int maxValues) throws MetadataException {
    if (new UclParser(text, maxValues).parse() instanceof Section section) {
      return section;
    }
    throw new MetadataException("line 1: a key was expected, not a list");
  }

  /** Reads a text whose top is a section or, in brackets, a list. */
  static Value parseAny(String text) throws MetadataException {
    return new UclParser(text, MAX_VALUES).parse();
  }
}
