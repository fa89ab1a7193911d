package org.slipway.web;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArraySet;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slipway.store.BuildId;
import org.slipway.store.FarmEvent;

/**
 * Tells browsers what changed (server-sent events, HTML Living Standard 9.2): at most two messages
 * a second to each, each a list of builds to read anew. Bounded: {@link #CLIENTS} at once, and one
 * that does not keep up is let go. No thread waits for a client.
 */
final class EventHub implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventHub.class);
  static final int CLIENTS = 256;
  private static final Duration PACE = Duration.ofMillis(500);
  private static final Duration HEARTBEAT = Duration.ofSeconds(10);
  private static final int REMEMBERED = 64;

  private final Set<EventClient> clients = new CopyOnWriteArraySet<>();
  private final Set<BuildId> changed = new LinkedHashSet<>();
  private final ScheduledExecutorService clock = Executors.newSingleThreadScheduledExecutor(run -> {
    Thread thread = new Thread(run, "web-events");
    thread.setDaemon(true);
    return thread;
  });

  EventHub() {
    every(PACE, this::tell);
    every(HEARTBEAT, () -> clients.forEach(EventClient::beat));
  }

  private void every(Duration pause, Runnable task) {
    // A task that throws would never run again: a stream that cannot be told costs the others
    // nothing.
    Runnable guarded = () -> {
      try {
        task.run();
      } catch (RuntimeException e) {
        LOG.warn("an event stream failed", e);
      }
    };
    long millis = pause.toMillis();
    var unused = clock.scheduleWithFixedDelay(guarded, millis, millis, TimeUnit.MILLISECONDS);
  }

  /** What the store calls after a change; never waits. */
  void changed(FarmEvent event) {
    synchronized (changed) {
      if (changed.size() < REMEMBERED) {
        changed.add(event.build());
      }
    }
  }

  private void tell() {
    Set<BuildId> news;
    synchronized (changed) {
      if (changed.isEmpty()) {
        return;
      }
      news = Set.copyOf(changed);
      changed.clear();
    }
    clients.forEach(client -> client.tell(news));
  }

  /** Begins a stream; false where there are too many. */
  boolean join(Optional<BuildId> build, Response response, Callback callback) {
    if (clients.size() >= CLIENTS) {
      return false;
    }
    EventClient client = new EventClient(build, response, callback, clients::remove);
    clients.add(client);
    client.begin();
    return true;
  }

  @Override
  public void close() {
    clock.shutdownNow();
    clients.forEach(EventClient::end);
  }
}
