package org.slipway.web;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ssl.SslConnection;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.internal.HttpConnection;
import org.eclipse.jetty.util.component.AbstractLifeCycle;
import org.eclipse.jetty.util.thread.Scheduler;
import org.jspecify.annotations.Nullable;

/**
 * Closes connections whose request does not come to its end. The idle timeout does not see a client that sends one byte
 * now and then for as long as it likes, and with enough of those nobody else is let in.
 */
final class Laggards extends AbstractLifeCycle {
  /** From a connection's last whole request, or its beginning, to the end of the next one that has begun. */
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(20);

  private static final long LOOK_SECONDS = 5;

  /** What a TLS session says of itself before there is one (SSLSession#getProtocol). */
  private static final String NO_HANDSHAKE_YET = "NONE";

  /** What was seen of a connection when it last got on. */
  private record Seen(long requests, long bytes, long nanos) {}

  private final Server server;
  private final List<ServerConnector> doors;
  private Map<EndPoint, Seen> seen = new HashMap<>();
  private Scheduler.@Nullable Task next;

  Laggards(Server server, List<ServerConnector> doors) {
    this.server = server;
    this.doors = List.copyOf(doors);
  }

  @Override
  protected void doStart() {
    again();
  }

  @Override
  protected void doStop() {
    Scheduler.Task task = next;
    if (task != null) {
      task.cancel();
    }
  }

  private void again() {
    if (server.getScheduler() != null && !isStopping()) {
      next = server.getScheduler().schedule(this::look, LOOK_SECONDS, TimeUnit.SECONDS);
    }
  }

  private void look() {
    look(System.nanoTime());
    again();
  }

  /** @param now in nanoseconds of {@link System#nanoTime} */
  synchronized void look(long now) {
    Map<EndPoint, Seen> still = new HashMap<>();
    for (ServerConnector door : doors) {
      for (EndPoint each : door.getConnectedEndPoints()) {
        Seen found = see(each, now);
        Seen before = seen.getOrDefault(each, found);
        boolean gotOn = found.requests() != before.requests() || found.bytes() == before.bytes();
        Seen last = gotOn ? found : before;
        if (now - last.nanos() > PATIENCE_NANOS) {
          each.close();
        } else {
          still.put(each, last);
        }
      }
    }
    seen = still;
  }

  private static Seen see(EndPoint endPoint, long now) {
    Connection connection = endPoint.getConnection();
    if (connection instanceof SslConnection encrypted) {
      if (encrypted.getSSLEngine().getSession().getProtocol().equals(NO_HANDSHAKE_YET)) {
        // Every look at it finds other bytes than the one before.
        return new Seen(0, now, now);
      }
      connection = encrypted.getSslEndPoint().getConnection();
    }
    // HTTP/2 has its own limits: frames come in while an answer goes out.
    return connection instanceof HttpConnection http
        ? new Seen(http.getMessagesIn(), http.getBytesIn(), now)
        : new Seen(0, 0, now);
  }
}
