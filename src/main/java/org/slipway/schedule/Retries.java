package org.slipway.schedule;

import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slipway.build.FailureClass;
import org.slipway.store.Tries;

/**
 * How often a package whose build failed is built again, and after which pause. Pure.
 *
 * @param times by class of failure, where it is another number than {@link FailureClass#retry()} says
 * @param pause before the first time; doubled for each further failure of the class, up to an hour
 */
public record Retries(Map<FailureClass, Integer> times, Duration pause) {
  /** A mirror, or a host's memory, takes a moment to recover; a person who waits wants to know soon. */
  public static final Retries USUAL = new Retries(Map.of(), Duration.ofSeconds(30));

  private static final Duration LONGEST = Duration.ofHours(1);
  private static final int MOST_DOUBLINGS = 20;

  public Retries {
    Map<FailureClass, Integer> other = new EnumMap<>(FailureClass.class);
    times.forEach((failure, number) -> {
      if (number != failure.retry().times()) {
        other.put(failure, number);
      }
    });
    times = Map.copyOf(other);
    if (pause.isNegative()) {
      throw new IllegalArgumentException("a pause of " + pause + " is in the past");
    }
    times.forEach((failure, number) -> {
      if (number < 0) {
        throw new IllegalArgumentException(
            failure.word() + " cannot be tried " + number + " times again");
      }
    });
  }

  /**
   * Another attempt.
   *
   * @param most how many attempts there will be if all go on to fail like the last one
   */
  record Next(int most, Duration pause) {}

  int times(FailureClass failure) {
    return times.getOrDefault(failure, failure.retry().times());
  }

  /**
   * What follows a failure.
   *
   * @param before attempts that failed before it
   */
  Optional<Next> after(List<Tries.Failed> before, FailureClass failure) {
    int same = (int) before.stream().filter(each -> each.failure() == failure).count();
    int left = times(failure) - same;
    if (left <= 0) {
      return Optional.empty();
    }
    Duration longer = pause.multipliedBy(1L << Math.min(same, MOST_DOUBLINGS));
    Duration longest = pause.compareTo(LONGEST) > 0 ? pause : LONGEST;
    return Optional.of(
        new Next(before.size() + 1 + left, longer.compareTo(longest) > 0 ? longest : longer));
  }

  /** Whether what failed so is to be the only build on the machine when it is tried again. */
  static boolean alone(Tries tries) {
    List<Tries.Failed> failed = tries.failed();
    return !failed.isEmpty() && failed.get(failed.size() - 1).failure().retry().alone();
  }
}
