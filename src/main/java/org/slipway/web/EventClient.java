package org.slipway.web;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.BufferUtil;
import org.eclipse.jetty.util.Callback;
import org.slipway.store.BuildId;

/**
 * One browser that listens. What happens while a message is still on its way is gathered into the
 * next.
 */
final class EventClient {
  private static final long PATIENCE_NANOS = Duration.ofSeconds(10).toNanos();
  private static final int GATHERED = 64;

  private final Optional<BuildId> only;
  private final Response response;
  private final Callback callback;
  private final Consumer<EventClient> gone;

  private final Set<Long> news = new TreeSet<>();
  private boolean writing;
  private long writingSince;
  private boolean over;

  EventClient(
      Optional<BuildId> only, Response response, Callback callback, Consumer<EventClient> gone) {
    this.only = only;
    this.response = response;
    this.callback = callback;
    this.gone = gone;
  }

  void begin() {
    write("retry: 2000\nevent: hello\ndata: {}\n\n");
  }

  void tell(Set<BuildId> builds) {
    synchronized (this) {
      builds.stream()
          .filter(each -> only.isEmpty() || only.get().equals(each))
          .limit(GATHERED - (long) news.size())
          .forEach(each -> news.add(each.number()));
    }
    flush();
  }

  /** Keeps proxies and idle timeouts from closing a quiet stream, and finds out who has left. */
  void beat() {
    synchronized (this) {
      if (writing && System.nanoTime() - writingSince > PATIENCE_NANOS) {
        leave();
        callback.failed(new TimeoutException("an event stream did not keep up"));
        return;
      }
      if (writing || !news.isEmpty()) {
        return;
      }
    }
    write(": beat\n\n");
  }

  private void flush() {
    String message;
    synchronized (this) {
      if (writing || over || news.isEmpty()) {
        return;
      }
      message = "event: change\ndata: {\"builds\":["
          + news.stream().map(String::valueOf).collect(Collectors.joining(","))
          + "]}\n\n";
      news.clear();
    }
    write(message);
  }

  private void write(String message) {
    synchronized (this) {
      if (writing || over) {
        return;
      }
      writing = true;
      writingSince = System.nanoTime();
    }
    ByteBuffer bytes = ByteBuffer.wrap(message.getBytes(StandardCharsets.UTF_8));
    response.write(false, bytes, Callback.from(this::written, this::lost));
  }

  private void written() {
    synchronized (this) {
      writing = false;
    }
    flush();
  }

  private void lost(Throwable why) {
    boolean first;
    synchronized (this) {
      first = !over;
      leave();
    }
    if (first) {
      callback.failed(why);
    }
  }

  private synchronized void leave() {
    over = true;
    gone.accept(this);
  }

  void end() {
    synchronized (this) {
      if (over) {
        return;
      }
      leave();
      if (writing) {
        callback.failed(new TimeoutException("the farm stops"));
        return;
      }
    }
    response.write(true, BufferUtil.EMPTY_BUFFER, callback);
  }
}
