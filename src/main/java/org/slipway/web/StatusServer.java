package org.slipway.web;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.channels.UnresolvedAddressException;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The status site over HTTP. */
public final class StatusServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);
  private static final int THREADS = 32;
  private static final int CONNECTIONS = 1_024;
  private static final int HEADER_BYTES = 8_192;
  private static final long IDLE_MILLIS = 30_000;

  private final Server server;
  private final EventHub hub;
  private final AutoCloseable listening;
  private final URI address;

  private StatusServer(Server server, EventHub hub, AutoCloseable listening, URI address) {
    this.server = server;
    this.hub = hub;
    this.listening = listening;
    this.address = address;
  }

  /**
   * Listens and answers.
   *
   * @param host the address to bind, such as {@code 127.0.0.1}
   * @param port 0 for any free one
   * @throws IOException where the port is busy; the message is for a person
   */
  public static StatusServer start(Site site, String host, int port) throws IOException {
    Assets assets = Assets.read(site.assets());
    Pages pages = new Pages(site.templates(), assets);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
    threads.setName("web");
    threads.setDaemon(true);
    Server server = new Server(threads);
    ServerConnector connector = connector(server, host, port);
    URI address = bind(connector, host, port);
    EventHub hub = new EventHub();
    PackageCache cache = new PackageCache(site.store());
    AutoCloseable listening = site.store().listen(event -> {
      cache.changed(event);
      hub.changed(event);
    });
    Routes routes = new Routes(assets, new RepositoryFiles());
    String own = address.toString().replaceFirst("/$", "");
    server.setHandler(new Front(site, routes, cache, new Sender(pages, hub), own));
    server.setErrorHandler(new BareErrors());
    server.setStopTimeout(0);
    StatusServer started = new StatusServer(server, hub, listening, address);
    try {
      server.start();
    } catch (Exception e) {
      started.close();
      throw new IOException("The status site could not be started on " + address + ".", e);
    }
    return started;
  }

  private static ServerConnector connector(Server server, String host, int port) {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setIdleTimeout(IDLE_MILLIS);
    ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(CONNECTIONS, connector));
    return connector;
  }

  /**
   * Before anything else starts: a busy port is the one thing that goes wrong here for a person.
   */
  private static URI bind(ServerConnector connector, String host, int port) throws IOException {
    try {
      connector.open();
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(refusal(e, host, port), e);
    }
    String named = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String reachable = named.equals("0.0.0.0") || named.equals("[::]") ? "127.0.0.1" : named;
    return URI.create("http://" + reachable + ":" + connector.getLocalPort() + "/");
  }

  private static String refusal(Throwable failure, String host, int port) {
    String why = "";
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof BindException && each.getMessage() != null) {
        why = each.getMessage();
      } else if (each instanceof UnresolvedAddressException) {
        return "There is no address " + host + " to listen on; give one of this machine's own.";
      }
    }
    if (why.contains("in use")) {
      return "Port " + port + " on " + host + " is in use by another program; stop that one or give"
          + " another port.";
    }
    if (why.contains("ermission")) {
      return "Port " + port + " on " + host
          + " may not be opened by this user; give one above 1023.";
    }
    if (why.contains("assign")) {
      return host + " is not an address of this machine; give one that is.";
    }
    return "Port " + port + " on " + host + " cannot be opened (" + failure.getMessage()
        + "); give another.";
  }

  /** Where it listens, such as {@code http://127.0.0.1:8080/}. */
  public URI address() {
    return address;
  }

  @Override
  public void close() {
    try {
      listening.close();
    } catch (Exception e) {
      LOG.warn("the store would not let go of the status site", e);
    }
    hub.close();
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the status site did not stop in good order", e);
    }
  }
}
