package org.slipway.trial;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.slipway.packages.OriginSpec;

class TogetherTest {
  private static final OriginSpec A = OriginSpec.parse("a/a");
  private static final OriginSpec B = OriginSpec.parse("a/b");
  private static final OriginSpec C = OriginSpec.parse("a/c");
  private static final OriginSpec D = OriginSpec.parse("a/d");

  /** A needs nothing, B and C need A, D needs both. */
  private static final Map<OriginSpec, List<OriginSpec>> NEEDS =
      Map.of(A, List.of(), B, List.of(A), C, List.of(A), D, List.of(B, C, A));

  private final List<OriginSpec> done = new CopyOnWriteArrayList<>();

  @Test
  void makesWhatNeedsNothingOfEachOtherAtOnceAndTheRestInOrder() throws Exception {
    CyclicBarrier both = new CyclicBarrier(2);
    List<Integer> beside = new CopyOnWriteArrayList<>();
    Optional<Outcome> obstacle =
        Together.make(List.of(A, B, C, D), TogetherTest::before, 4, (spec, count) -> {
          if (spec.equals(B) || spec.equals(C)) {
            await(both);
            beside.add(count);
          }
          assertThat(done).containsAll(before(spec));
          done.add(spec);
          return Optional.empty();
        });
    assertThat(obstacle).isEmpty();
    assertThat(done).containsExactlyInAnyOrder(A, B, C, D).startsWith(A).endsWith(D);
    assertThat(beside).containsExactly(2, 2);
  }

  @Test
  void makesNoMoreAtOnceThanItMay() throws Exception {
    AtomicInteger now = new AtomicInteger();
    AtomicInteger most = new AtomicInteger();
    Together.make(List.of(A, B, C, D), any -> List.of(), 2, (spec, beside) -> {
      most.accumulateAndGet(now.incrementAndGet(), Math::max);
      assertThat(beside).isBetween(1, 2);
      now.decrementAndGet();
      done.add(spec);
      return Optional.empty();
    });
    assertThat(most.get()).isLessThanOrEqualTo(2);
    assertThat(done).hasSize(4);
  }

  @Test
  void waitsForWhatIsGoingOnWhereOneFailsAndBeginsNothingElse() throws Exception {
    CountDownLatch failed = new CountDownLatch(1);
    Outcome bad = new Outcome.Unbuildable(B, "no luck");
    Optional<Outcome> obstacle =
        Together.make(List.of(A, B, C, D), TogetherTest::before, 4, (spec, beside) -> {
          if (spec.equals(B)) {
            failed.countDown();
            return Optional.of(bad);
          } else if (spec.equals(C)) {
            failed.await();
          }
          done.add(spec);
          return Optional.empty();
        });
    assertThat(obstacle).containsSame(bad);
    assertThat(done).containsExactly(A, C);
  }

  @Test
  void passesOnAHostsFaultOnceTheOthersHaveStopped() {
    CountDownLatch waiting = new CountDownLatch(1);
    assertThatThrownBy(() ->
            Together.make(List.of(A, B, C), any -> List.of(), 3, (spec, beside) -> {
              if (spec.equals(A)) {
                waiting.await();
                throw new IOException("the disk is full");
              }
              waiting.countDown();
              return sleep(spec);
            }))
        .isInstanceOf(IOException.class)
        .hasMessage("the disk is full");
    assertThat(done).hasSizeBetween(1, 2);
  }

  @Test
  void isInterruptedWithAllThatItDoes() throws Exception {
    Thread caller = Thread.currentThread();
    AtomicInteger begun = new AtomicInteger();
    assertThatThrownBy(() -> Together.make(List.of(A, B), any -> List.of(), 2, (spec, beside) -> {
          if (begun.incrementAndGet() == 2) {
            caller.interrupt();
          }
          return sleep(spec);
        }))
        .isInstanceOf(InterruptedException.class);
    assertThat(done).containsExactlyInAnyOrder(A, B);
    assertThat(Thread.interrupted()).isFalse();
  }

  private static Collection<OriginSpec> before(OriginSpec spec) {
    return NEEDS.getOrDefault(spec, List.of());
  }

  /** Until it is interrupted. */
  private Optional<Outcome> sleep(OriginSpec spec) throws InterruptedException {
    try {
      new CountDownLatch(1).await();
      return Optional.empty();
    } finally {
      done.add(spec);
    }
  }

  private static void await(CyclicBarrier barrier) throws IOException, InterruptedException {
    try {
      barrier.await(5, TimeUnit.MINUTES);
    } catch (java.util.concurrent.BrokenBarrierException
        | java.util.concurrent.TimeoutException e) {
      throw new IOException("only one came", e);
    }
  }
}
