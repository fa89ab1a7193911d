package org.slipway.repository;

import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/**
 * Work on several threads whose results come out one after the other in the order of the asking.
 * What is asked and not yet taken is bounded, so that memory is.
 */
final class InOrder<T> implements AutoCloseable {
  private static final int WAITING = 256;

  /** Takes a result. */
  interface Taker<T> {
    void take(T result) throws IOException;
  }

  private final ExecutorService threads =
      Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
  private final Queue<Object> waiting = new ArrayDeque<>();
  private final Taker<T> taker;

  InOrder(Taker<T> taker) {
    this.taker = taker;
  }

  /** A result that is there already. */
  void add(T result) throws IOException {
    queue(new Ready<>(result));
  }

  /** A result that has to be worked for. */
  void add(Callable<T> work) throws IOException {
    queue(threads.submit(work));
  }

  /** Work beside that gives nothing, to be waited for by the caller. */
  Future<?> beside(Callable<?> work) {
    return threads.submit(work);
  }

  private record Ready<T>(T result) {}

  private void queue(Object slot) throws IOException {
    waiting.add(slot);
    if (waiting.size() > WAITING) {
      takeOne();
    }
  }

  /** Hands on what is still waiting. */
  void finish() throws IOException {
    while (!waiting.isEmpty()) {
      takeOne();
    }
  }

  @SuppressWarnings("unchecked")
  private void takeOne() throws IOException {
    Object slot = waiting.remove();
    taker.take(
        slot instanceof Ready<?> ready ? (T) ready.result() : Catalogue.get((Future<T>) slot));
  }

  /** When this returns nothing of it is at work any more, so that files may be removed. */
  @Override
  public void close() {
    end(threads);
  }

  static void end(ExecutorService threads) {
    threads.shutdownNow();
    boolean interrupted = false;
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
