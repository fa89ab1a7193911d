package org.slipway.bench;

import java.util.List;
import java.util.OptionalDouble;

/**
 * How measured values are spread: nearest-rank percentiles, so each is one of the values.
 *
 * @param count of values; with none all others are 0
 */
public record Spread(int count, double median, double p95, double p99, double max) {
  static Spread of(List<Double> values) {
    List<Double> sorted = values.stream().sorted().toList();
    return new Spread(
        sorted.size(), rank(sorted, 50), rank(sorted, 95), rank(sorted, 99), rank(sorted, 100));
  }

  private static double rank(List<Double> sorted, int percent) {
    if (sorted.isEmpty()) {
      return 0;
    }
    int rank = (int) (((long) sorted.size() * percent + 99) / 100);
    return sorted.get(Math.max(1, rank) - 1);
  }

  /** The middle one, of an even number the mean of the two. */
  static OptionalDouble median(List<Double> values) {
    if (values.isEmpty()) {
      return OptionalDouble.empty();
    }
    List<Double> sorted = values.stream().sorted().toList();
    int middle = sorted.size() / 2;
    return OptionalDouble.of(
        sorted.size() % 2 == 1
            ? sorted.get(middle)
            : (sorted.get(middle - 1) + sorted.get(middle)) / 2);
  }
}
