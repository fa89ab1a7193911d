package org.slipway;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/**
 * The demo's distfile site: what an upstream author's site would be. Each folder of sources is served as a tar archive made by
 * the rule in src/demo/README.md, each plain file as it is; distinfo in the fork holds their digests.
 */
final class DemoSite implements AutoCloseable {
  /** 2000-01-01, in seconds: part of the archives and so of their digests. */
  private static final long ARCHIVE_TIME_SECONDS = 946_684_800L;

  private final HttpServer server;
  private final ExecutorService threads;

  private DemoSite(HttpServer server, ExecutorService threads) {
    this.server = server;
    this.threads = threads;
  }

  /** Serves a folder of sources on a free port of the loopback interface. */
  static DemoSite start(Path sources) throws IOException {
    Map<String, byte[]> files = pack(sources);
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    ExecutorService threads = Executors.newFixedThreadPool(2);
    server.setExecutor(threads);
    server.createContext("/distfiles/", exchange -> answer(exchange, files));
    server.start();
    return new DemoSite(server, threads);
  }

  /** What a fork's MASTER_SITE_OVERRIDE is. */
  URI address() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/distfiles/");
  }

  private static void answer(HttpExchange exchange, Map<String, byte[]> files) throws IOException {
    try (exchange) {
      byte[] body = files.get(exchange.getRequestURI().getPath().substring("/distfiles/".length()));
      if (body == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
      }
    }
  }

  private static Map<String, byte[]> pack(Path sources) throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    try (Stream<Path> list = Files.list(sources)) {
      for (Path each : list.sorted().toList()) {
        String name = String.valueOf(each.getFileName());
        if (Files.isDirectory(each)) {
          files.put(name + ".tar", tar(each, name));
        } else {
          files.put(name, Files.readAllBytes(each));
        }
      }
    }
    return files;
  }

  private static byte[] tar(Path folder, String name) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (Stream<Path> walk = Files.walk(folder);
        TarArchiveOutputStream tar =
            new TarArchiveOutputStream(bytes, 10_240, StandardCharsets.UTF_8.name())) {
      List<Path> files = walk.filter(Files::isRegularFile)
          .sorted((a, b) -> relative(folder, a).compareTo(relative(folder, b)))
          .toList();
      for (Path each : files) {
        TarArchiveEntry entry = new TarArchiveEntry(name + "/" + relative(folder, each));
        byte[] content = Files.readAllBytes(each);
        String file = String.valueOf(each.getFileName());
        entry.setSize(content.length);
        entry.setMode(file.equals("configure") || file.endsWith(".sh") ? 0755 : 0644);
        entry.setIds(0, 0);
        entry.setNames("root", "root");
        entry.setModTime(ARCHIVE_TIME_SECONDS * 1000);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private static String relative(Path folder, Path file) {
    return folder.relativize(file).toString().replace('\\', '/');
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }
}
