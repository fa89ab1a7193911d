package org.slipway.trial;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.OriginSpec;

/**
 * Packages of which some need others first, several at once. Where one is not to be had, those that
 * are going on are waited for, for the next run takes them from the shelf, and no other is begun.
 */
final class Together {
  /** Makes one package. */
  interface Step {
    /**
     * Whatever it needs is there.
     *
     * @param beside how many are made at once, this one among them
     * @return what stands in the way, where something does
     */
    Optional<Outcome> run(OriginSpec spec, int beside) throws IOException, InterruptedException;
  }

  private record Ended(OriginSpec spec, Optional<Outcome> obstacle) {}

  private final int most;
  private final Step step;
  private final Map<OriginSpec, Set<OriginSpec>> missing = new HashMap<>();
  private final Map<OriginSpec, List<OriginSpec>> waiters = new HashMap<>();
  private final Deque<OriginSpec> ready = new ArrayDeque<>();
  private int running;

  private Together(int most, Step step) {
    this.most = most;
    this.step = step;
  }

  /**
   * Makes all, on the caller's behalf: an interrupt of the caller interrupts each, and waits for it.
   *
   * @param packages in an order in which they could be made one by one
   * @param before what each needs; what is not among the packages is there
   * @param most at once
   * @return the first thing in time that stood in the way
   */
  static Optional<Outcome> make(
      List<OriginSpec> packages,
      Function<OriginSpec, Collection<OriginSpec>> before,
      int most,
      Step step)
      throws IOException, InterruptedException {
    if (packages.isEmpty()) {
      return Optional.empty();
    }
    Together together = new Together(Math.min(most, packages.size()), step);
    together.order(packages, before);
    return together.run(packages.size());
  }

  private void order(
      List<OriginSpec> packages, Function<OriginSpec, Collection<OriginSpec>> before) {
    Set<OriginSpec> all = Set.copyOf(packages);
    for (OriginSpec each : packages) {
      Set<OriginSpec> first = new HashSet<>(before.apply(each));
      first.retainAll(all);
      first.remove(each);
      missing.put(each, first);
      first.forEach(on -> waiters.computeIfAbsent(on, any -> new ArrayList<>()).add(each));
      if (first.isEmpty()) {
        ready.add(each);
      }
    }
  }

  private Optional<Outcome> run(int count) throws IOException, InterruptedException {
    ExecutorService threads = Executors.newFixedThreadPool(most);
    try {
      CompletionService<Ended> ended = new ExecutorCompletionService<>(threads);
      Optional<Outcome> obstacle = Optional.empty();
      int done = 0;
      while (true) {
        while (obstacle.isEmpty() && running < most && !ready.isEmpty()) {
          int beside = Math.min(most, running + ready.size());
          OriginSpec next = ready.remove();
          running++;
          Future<Ended> unused = ended.submit(() -> new Ended(next, step.run(next, beside)));
        }
        if (running == 0) {
          break;
        }
        Ended one = ended.take().get();
        running--;
        done++;
        obstacle = obstacle.or(one::obstacle);
        wake(one.spec());
      }
      if (obstacle.isEmpty() && done < count) {
        throw new IllegalStateException(count - done + " packages wait for one another");
      }
      return obstacle;
    } catch (ExecutionException e) {
      throw fault(e.getCause());
    } finally {
      end(threads);
    }
  }

  private void wake(OriginSpec spec) {
    for (OriginSpec waiter : waiters.getOrDefault(spec, List.of())) {
      Set<OriginSpec> left = missing.getOrDefault(waiter, Set.of());
      left.remove(spec);
      if (left.isEmpty()) {
        ready.add(waiter);
      }
    }
  }

  private static IOException fault(@Nullable Throwable cause)
      throws IOException, InterruptedException {
    if (cause instanceof IOException host) {
      return host;
    } else if (cause instanceof InterruptedException stop) {
      throw stop;
    } else if (cause instanceof RuntimeException own) {
      throw own;
    } else if (cause instanceof Error worse) {
      throw worse;
    }
    return new IOException(cause);
  }

  /** Each cleans up after itself, and nothing may go on when this is left. */
  private static void end(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = false;
    while (!threads.isTerminated()) {
      try {
        threads.awaitTermination(1, TimeUnit.HOURS);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
