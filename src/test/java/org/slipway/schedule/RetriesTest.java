package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;
import org.slipway.store.Tries;

class RetriesTest {
  private final List<Tries.Failed> before = new ArrayList<>();

  private Optional<Retries.Next> fail(Retries retries, FailureClass failure) {
    Optional<Retries.Next> next = retries.after(before, failure);
    next.ifPresent(
        each -> before.add(new Tries.Failed(each.most(), failure, Phase.FETCH, "it is away")));
    return next;
  }

  @Test
  void triesAFetchAsOftenAsItsClassSaysAndWaitsLongerEachTime() {
    Retries usual = Retries.USUAL;
    assertThat(fail(usual, FailureClass.FETCH)).contains(next(4, 30));
    assertThat(fail(usual, FailureClass.FETCH)).contains(next(4, 60));
    assertThat(fail(usual, FailureClass.FETCH)).contains(next(4, 120));
    assertThat(fail(usual, FailureClass.FETCH)).isEmpty();
  }

  @Test
  void countsEachClassForItself() {
    Retries usual = Retries.USUAL;
    assertThat(fail(usual, FailureClass.FETCH)).contains(next(4, 30));
    assertThat(fail(usual, FailureClass.JAIL)).contains(next(3, 30));
    assertThat(fail(usual, FailureClass.FETCH)).contains(next(5, 60));
    assertThat(fail(usual, FailureClass.JAIL)).isEmpty();
    assertThat(fail(usual, FailureClass.COMPILE)).isEmpty();
  }

  @Test
  void obeysTheJobAndNeverWaitsLongerThanAnHour() {
    Retries retries = new Retries(
        Map.of(FailureClass.FETCH, 20, FailureClass.CRASHED, 0), Duration.ofMinutes(25));
    assertThat(fail(retries, FailureClass.CRASHED)).isEmpty();
    assertThat(fail(retries, FailureClass.FETCH)).contains(next(21, 25 * 60));
    assertThat(fail(retries, FailureClass.FETCH)).contains(next(21, 50 * 60));
    assertThat(fail(retries, FailureClass.FETCH)).contains(next(21, 60 * 60));
    Retries slow = new Retries(Map.of(), Duration.ofHours(5));
    assertThat(slow.after(List.of(), FailureClass.FETCH)).contains(next(4, 5 * 3600));
  }

  @Test
  void isNotToldNumbersThatThereAreNot() {
    assertThatThrownBy(() -> new Retries(Map.of(FailureClass.FETCH, -1), Duration.ZERO))
        .hasMessage("fetch cannot be tried -1 times again");
    assertThatThrownBy(() -> new Retries(Map.of(), Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void wantsTheMachineForWhatRanOutOfMemoryLast() {
    fail(Retries.USUAL, FailureClass.MEMORY);
    assertThat(Retries.alone(new Tries(before, Optional.of(Instant.EPOCH)))).isTrue();
    fail(Retries.USUAL, FailureClass.FETCH);
    assertThat(Retries.alone(new Tries(before, Optional.empty()))).isFalse();
    assertThat(Retries.alone(Tries.NONE)).isFalse();
  }

  @Test
  void saysWhichAttemptItIsAndWhatTheOneBeforeFailedAt() {
    assertThat(Tries.NONE.sentence()).isEmpty();
    fail(Retries.USUAL, FailureClass.FETCH);
    assertThat(new Tries(before, Optional.empty()).sentence())
        .hasValue("attempt 2 of 4, the first failed at fetch: it is away");
    fail(Retries.USUAL, FailureClass.FETCH);
    assertThat(new Tries(before, Optional.empty()).sentence())
        .hasValue("attempt 3 of 4, the one before failed at fetch: it is away");
  }

  private static Retries.Next next(int most, int seconds) {
    return new Retries.Next(most, Duration.ofSeconds(seconds));
  }
}
