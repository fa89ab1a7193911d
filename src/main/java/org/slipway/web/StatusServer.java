package org.slipway.web;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The status site over HTTP. */
public final class StatusServer implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(StatusServer.class);
  private static final int THREADS = 32;
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Server server;
  private final Doors doors;
  private final EventHub hub;
  private final AutoCloseable events;
  private final Downloads downloads;

  private StatusServer(
      Server server, Doors doors, EventHub hub, AutoCloseable events, Downloads downloads) {
    this.server = server;
    this.doors = doors;
    this.hub = hub;
    this.events = events;
    this.downloads = downloads;
  }

  /**
   * Listens and answers without encryption.
   *
   * @param host the address to bind, such as {@code 127.0.0.1}
   * @param port 0 for any free one
   * @throws IOException where the port is busy; the message is for a person
   */
  public static StatusServer start(Site site, String host, int port) throws IOException {
    return start(site, Listening.plain(host, port));
  }

  /**
   * Listens and answers.
   *
   * @throws IOException where a port is busy; the message is for a person
   */
  public static StatusServer start(Site site, Listening listening) throws IOException {
    Assets assets = Assets.read(site.assets());
    Pages pages = new Pages(site.templates(), assets);
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 4);
    threads.setName("web");
    threads.setDaemon(true);
    Server server = new Server(threads);
    PackageCache cache = new PackageCache(site.store());
    SnapshotCache snapshots = new SnapshotCache();
    RepositoryFiles repositories = new RepositoryFiles();
    FileDesk desk = new FileDesk(site, cache, snapshots, repositories);
    Downloads downloads = new Downloads();
    Doors doors = Doors.open(server, listening, desk, downloads);
    EventHub hub = new EventHub();
    AutoCloseable events = site.store().listen(event -> {
      cache.changed(event);
      hub.changed(event);
    });
    FileSender files = new FileSender(downloads);
    server.setHandler(new Front(
        site,
        new Routes(assets, repositories),
        cache,
        snapshots,
        desk,
        new Sender(pages, hub, files),
        files,
        doors.address().toString().replaceFirst("/$", "")));
    server.setErrorHandler(new BareErrors());
    server.setStopTimeout(0);
    StatusServer started = new StatusServer(server, doors, hub, events, downloads);
    try {
      server.start();
    } catch (Exception e) {
      started.close();
      throw new IOException("The status site could not be started on " + doors.address() + ".", e);
    }
    return started;
  }

  /** Where it listens, such as {@code http://127.0.0.1:8080/}. */
  public URI address() {
    return doors.address();
  }

  /** Where it listens with encryption, such as {@code https://127.0.0.1:8443/}. */
  public Optional<URI> encryptedAddress() {
    return doors.encryptedAddress();
  }

  /** What it listens on. */
  Doors doors() {
    return doors;
  }

  /** Downloads that are under way are finished, as far as that takes no longer than ten seconds. */
  @Override
  public void close() {
    try {
      events.close();
    } catch (Exception e) {
      LOG.warn("the store would not let go of the status site", e);
    }
    doors.shut();
    hub.close();
    downloads.await(PATIENCE);
    try {
      server.stop();
    } catch (Exception e) {
      LOG.warn("the status site did not stop in good order", e);
    }
  }
}
