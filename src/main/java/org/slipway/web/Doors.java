package org.slipway.web;

import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import java.nio.channels.UnresolvedAddressException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.alpn.server.ALPNServerConnectionFactory;
import org.eclipse.jetty.http.HttpVersion;
import org.eclipse.jetty.http2.server.AbstractHTTP2ServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2CServerConnectionFactory;
import org.eclipse.jetty.http2.server.HTTP2ServerConnectionFactory;
import org.eclipse.jetty.io.Connection;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.io.ManagedSelector;
import org.eclipse.jetty.io.SocketChannelEndPoint;
import org.eclipse.jetty.server.ConnectionFactory;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.SecureRequestCustomizer;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.server.SslConnectionFactory;
import org.eclipse.jetty.util.ssl.SslContextFactory;

/** The ports that the site listens on, with what no client may exceed. */
final class Doors {
  /** Threads that look after all connections; as many processors again are left to who works for them. */
  private static final int SELECTORS =
      Math.max(1, Math.min(4, Runtime.getRuntime().availableProcessors() / 2));

  private static final int CONNECTIONS = 1_024;
  private static final int HEADER_BYTES = 8_192;
  private static final int STREAMS = 64;
  private static final long IDLE_MILLIS = 30_000;

  private final ServerConnector plain;
  private final Optional<ServerConnector> encrypted;
  private final String host;

  private Doors(ServerConnector plain, Optional<ServerConnector> encrypted, String host) {
    this.plain = plain;
    this.encrypted = encrypted;
    this.host = host;
  }

  /**
   * Opens the ports, before anything else starts: a busy port is the one thing that goes wrong here for a person.
   *
   * @throws IOException where a port cannot be had; the message is for a person
   */
  static Doors open(Server server, Listening listening, FileDesk desk, Downloads downloads)
      throws IOException {
    ServerConnector plain =
        connector(server, listening.host(), listening.port(), plain(listening, desk, downloads));
    Optional<ServerConnector> encrypted = Optional.empty();
    try {
      if (listening.tls().isPresent()) {
        Listening.Tls tls = listening.tls().get();
        encrypted = Optional.of(
            connector(server, listening.host(), tls.port(), encrypted(tls, listening.http2())));
      }
    } catch (IOException e) {
      plain.close();
      throw e;
    }
    Doors doors = new Doors(plain, encrypted, listening.host());
    ServerConnector[] all = doors.all().toArray(ServerConnector[]::new);
    server.addBean(new NetworkConnectionLimit(CONNECTIONS, all));
    server.addBean(new Laggards(server, doors.all()));
    return doors;
  }

  private static List<ConnectionFactory> plain(
      Listening listening, FileDesk desk, Downloads downloads) {
    List<ConnectionFactory> protocols = new ArrayList<>();
    HttpConfiguration http = configuration();
    protocols.add(new FileConnections(http, desk, downloads));
    if (listening.http2()) {
      protocols.add(bounded(new HTTP2CServerConnectionFactory(http)));
    }
    return protocols;
  }

  private static List<ConnectionFactory> encrypted(Listening.Tls tls, boolean http2) {
    HttpConfiguration http = configuration();
    // One certificate answers to every name: which names lead here is for DNS and the certificate
    // to say.
    http.addCustomizer(new SecureRequestCustomizer(false));
    SslContextFactory.Server ssl = new SslContextFactory.Server();
    ssl.setSslContext(tls.context());
    ssl.setIncludeProtocols("TLSv1.2", "TLSv1.3");
    ssl.setSniRequired(false);
    List<ConnectionFactory> protocols = new ArrayList<>();
    if (http2) {
      ALPNServerConnectionFactory alpn = new ALPNServerConnectionFactory();
      alpn.setDefaultProtocol(HttpVersion.HTTP_1_1.asString());
      protocols.add(new SslConnectionFactory(ssl, alpn.getProtocol()));
      protocols.add(alpn);
      protocols.add(bounded(new HTTP2ServerConnectionFactory(http)));
    } else {
      protocols.add(new SslConnectionFactory(ssl, HttpVersion.HTTP_1_1.asString()));
    }
    protocols.add(new HttpConnectionFactory(http));
    return protocols;
  }

  private static ConnectionFactory bounded(AbstractHTTP2ServerConnectionFactory http2) {
    http2.setMaxConcurrentStreams(STREAMS);
    http2.setStreamIdleTimeout(IDLE_MILLIS);
    http2.setMaxHeaderBlockFragment(HEADER_BYTES);
    return http2;
  }

  private static HttpConfiguration configuration() {
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setSendXPoweredBy(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setIdleTimeout(IDLE_MILLIS);
    return http;
  }

  private static ServerConnector connector(
      Server server, String host, int port, List<ConnectionFactory> protocols) throws IOException {
    ServerConnector connector = new Connector(server, protocols);
    connector.setHost(host);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.setShutdownIdleTimeout(TimeUnit.SECONDS.toMillis(1));
    try {
      connector.open();
    } catch (IOException | IllegalArgumentException e) {
      throw new IOException(refusal(e, host, port), e);
    }
    server.addConnector(connector);
    return connector;
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

  private List<ServerConnector> all() {
    List<ServerConnector> all = new ArrayList<>(List.of(plain));
    encrypted.ifPresent(all::add);
    return all;
  }

  /** Where it is read without encryption, such as {@code http://127.0.0.1:8080/}. */
  URI address() {
    return address("http", plain);
  }

  /** Where it is read with encryption, such as {@code https://127.0.0.1:8443/}. */
  Optional<URI> encryptedAddress() {
    return encrypted.map(each -> address("https", each));
  }

  private URI address(String scheme, ServerConnector connector) {
    String named = host.indexOf(':') >= 0 ? "[" + host + "]" : host;
    String reachable = named.equals("0.0.0.0") || named.equals("[::]") ? "127.0.0.1" : named;
    return URI.create(scheme + "://" + reachable + ":" + connector.getLocalPort() + "/");
  }

  /** What is spoken over each connection that is open without encryption. */
  List<Connection> connections() {
    return plain.getConnectedEndPoints().stream().map(EndPoint::getConnection).toList();
  }

  /** Lets nobody in any more; who is inside may finish, but not stand about for longer than a second. */
  void shut() {
    for (ServerConnector each : all()) {
      var unused = each.shutdown();
    }
  }

  /** Whose connections can be given a file. */
  private static final class Connector extends ServerConnector {
    Connector(Server server, List<ConnectionFactory> protocols) {
      super(server, 1, SELECTORS, protocols.toArray(ConnectionFactory[]::new));
    }

    @Override
    protected SocketChannelEndPoint newEndPoint(
        SocketChannel channel, ManagedSelector selector, SelectionKey key) {
      FileEndPoint made = new FileEndPoint(channel, selector, key, getScheduler());
      made.setIdleTimeout(getIdleTimeout());
      return made;
    }
  }
}
