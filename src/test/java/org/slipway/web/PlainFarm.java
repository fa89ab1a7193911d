package org.slipway.web;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import org.slipway.jail.Containment;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Publication;
import org.slipway.publish.Publisher;
import org.slipway.repository.SnapshotId;

/** A served farm of one's own whose snapshots hold what a test puts there; nothing reads them as repositories. */
final class PlainFarm implements AutoCloseable {
  static final ChannelName CHANNEL = new ChannelName("plain");
  static final String ADDRESS = "/repo/" + SampleSite.JOB + "/" + CHANNEL + "/";

  final StatusServer server;
  private final Publisher publisher;
  private final Path snapshots;
  private final SampleClock clock = new SampleClock(Instant.parse("2026-01-01T00:00:00Z"));

  /** @param sample lends its database, logs and keys */
  PlainFarm(SampleSite sample, Path home) throws IOException {
    this(sample, home, Listening.plain("127.0.0.1", 0));
  }

  PlainFarm(SampleSite sample, Path home, Listening listening) throws IOException {
    Path repository = home.resolve("repos");
    this.publisher = new Publisher(repository, clock);
    this.snapshots = repository.resolve("snapshots");
    Site site = sample.site(Containment.RUNC);
    this.server = StatusServer.start(
        new Site(
            site.jobs(),
            site.containment(),
            Map.of(SampleSite.JOB, publisher),
            site.store(),
            site.logs(),
            site.keys(),
            site.templates(),
            site.assets(),
            site.address(),
            clock),
        listening);
  }

  URI uri(String file) {
    return server.address().resolve(ADDRESS).resolve(file);
  }

  /** Puts files into a new snapshot; each has the date of the snapshot's number. */
  SnapshotId snapshot(int number, Map<String, byte[]> files) throws IOException {
    SnapshotId id = new SnapshotId(String.format("%016x", number));
    Map<String, byte[]> all = new TreeMap<>(files);
    all.putIfAbsent("data.pkg", ("catalogue " + number).getBytes(StandardCharsets.UTF_8));
    for (Map.Entry<String, byte[]> each : all.entrySet()) {
      Path file = folder(id).resolve(each.getKey());
      Files.createDirectories(file.resolveSibling(""));
      Files.write(file, each.getValue());
      Files.setLastModifiedTime(
          file, FileTime.from(Instant.parse("2025-01-01T00:00:00Z").plusSeconds(number)));
    }
    return id;
  }

  Path folder(SnapshotId id) {
    return snapshots.resolve(id.hex());
  }

  Publication publish(SnapshotId id) throws IOException {
    return publisher.switchTo(CHANNEL, id);
  }

  @Override
  public void close() {
    server.close();
  }
}
