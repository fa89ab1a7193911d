package org.slipway.store;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;
import org.slipway.build.PhaseTime;
import org.slipway.packages.OriginSpec;

/** How values without a column type of their own are written as text, and read again. */
final class Texts {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final TypeReference<List<String>> LIST = new TypeReference<>() {};
  private static final TypeReference<Map<String, String>> MAP = new TypeReference<>() {};

  private Texts() {}

  /**
   * A stranger's text as both databases take it: PostgreSQL refuses a NUL and half a surrogate
   * pair, and what is longer than the limit ends in an ellipsis.
   *
   * @param limit in UTF-16 units
   */
  static String clean(String text, int limit) {
    String kept = text;
    if (text.length() > limit) {
      int end = Character.isHighSurrogate(text.charAt(limit - 2)) ? limit - 2 : limit - 1;
      kept = text.substring(0, end) + "…";
    }
    boolean plain = kept.chars().noneMatch(unit -> unit == 0 || Character.isSurrogate((char) unit));
    return plain
        ? kept
        : kept.codePoints()
            .map(point -> point == 0 || isHalfPair(point) ? 0xFFFD : point)
            .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
            .toString();
  }

  private static boolean isHalfPair(int point) {
    return point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE;
  }

  static String json(Object value) {
    try {
      return JSON.writeValueAsString(value);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  static List<String> list(String json) {
    try {
      return JSON.readValue(json, LIST);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a list of texts in the database: " + json, e);
    }
  }

  static Map<String, String> map(String json) {
    try {
      return JSON.readValue(json, MAP);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("not a map of texts in the database: " + json, e);
    }
  }

  /** Specs between blanks, which no spec has. */
  static String specs(List<OriginSpec> specs) {
    return specs.stream().map(OriginSpec::toString).collect(Collectors.joining(" "));
  }

  static List<OriginSpec> specs(String text) {
    return text.isEmpty()
        ? List.of()
        : Stream.of(text.split(" ")).map(OriginSpec::parse).toList();
  }

  /**
   * {@code FETCH 120 EXTRACT 40,35,1048576}: milliseconds, then those of CPU and the most bytes of
   * memory where they are known, nothing where they are not.
   */
  static String phases(List<PhaseTime> phases) {
    return phases.stream()
        .map(each -> each.phase().name() + " " + each.took().toMillis() + used(each))
        .collect(Collectors.joining(" "));
  }

  private static String used(PhaseTime each) {
    if (each.cpu().isEmpty() && each.peakMemoryBytes().isEmpty()) {
      return "";
    }
    return "," + each.cpu().map(cpu -> String.valueOf(cpu.toMillis())).orElse("") + ","
        + (each.peakMemoryBytes().isPresent() ? each.peakMemoryBytes().getAsLong() : "");
  }

  static List<PhaseTime> phases(String text) {
    List<PhaseTime> phases = new ArrayList<>();
    String[] words = text.isEmpty() ? new String[0] : text.split(" ");
    for (int i = 0; i < words.length; i += 2) {
      String[] numbers = words[i + 1].split(",", -1);
      phases.add(new PhaseTime(
          Phase.valueOf(words[i]),
          Duration.ofMillis(Long.parseLong(numbers[0])),
          numbers.length < 3 || numbers[1].isEmpty()
              ? Optional.empty()
              : Optional.of(Duration.ofMillis(Long.parseLong(numbers[1]))),
          numbers.length < 3 || numbers[2].isEmpty()
              ? OptionalLong.empty()
              : OptionalLong.of(Long.parseLong(numbers[2]))));
    }
    return phases;
  }

  /** A JSON list of {@code 4 FETCH FETCH the mirror is away}. */
  static String tries(List<Tries.Failed> tries) {
    return json(tries.stream()
        .map(each -> each.most() + " " + each.failure().name() + " "
            + each.phase().name() + " " + each.message())
        .toList());
  }

  static List<Tries.Failed> tries(String json) {
    return list(json).stream()
        .map(each -> each.split(" ", 4))
        .map(words -> new Tries.Failed(
            Integer.parseInt(words[0]),
            FailureClass.valueOf(words[1]),
            Phase.valueOf(words[2]),
            words[3]))
        .toList();
  }

  static String counts(Counts counts) {
    return Stream.of(
            counts.waiting(),
            counts.ready(),
            counts.building(),
            counts.built(),
            counts.reused(),
            counts.failed(),
            counts.skipped(),
            counts.ignored())
        .map(String::valueOf)
        .collect(Collectors.joining(" "));
  }

  static Counts counts(String text) {
    int[] n = Stream.of(text.split(" ")).mapToInt(Integer::parseInt).toArray();
    return new Counts(n[0], n[1], n[2], n[3], n[4], n[5], n[6], n[7]);
  }
}
