package org.slipway.repository;

import java.io.Closeable;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Reads ahead on a thread of its own, a few batches and no more. For one thread that asks. What
 * fails there comes out of the asking.
 */
final class Ahead<T> implements Closeable {
  private static final int BATCH = 256;
  private static final int BATCHES = 8;

  /** What is read from, used by one thread at a time. */
  interface Source<T> extends Closeable {
    /** The next one; null at the end, from then on. */
    @Nullable
    T next() throws IOException;
  }

  private final Source<T> source;
  private final ExecutorService thread = Executors.newSingleThreadExecutor();
  private final Deque<Future<List<T>>> coming = new ArrayDeque<>();
  private List<T> batch = List.of();
  private int taken;
  private boolean ended;

  Ahead(Source<T> source) {
    this.source = source;
    for (int i = 0; i < BATCHES; i++) {
      coming.add(thread.submit(this::read));
    }
  }

  private List<T> read() throws IOException {
    List<T> read = new ArrayList<>(BATCH);
    while (read.size() < BATCH) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("nobody wants what is read ahead");
      }
      T next = source.next();
      if (next == null) {
        break;
      }
      read.add(next);
    }
    return read;
  }

  /** The next one; null at the end. */
  @Nullable
  T next() throws IOException {
    if (taken == batch.size() && !ended) {
      batch = Catalogue.get(coming.remove());
      taken = 0;
      ended = batch.size() < BATCH;
      if (!ended) {
        coming.add(thread.submit(this::read));
      }
    }
    return taken < batch.size() ? batch.get(taken++) : null;
  }

  @Override
  public void close() throws IOException {
    InOrder.end(thread);
    source.close();
  }
}
