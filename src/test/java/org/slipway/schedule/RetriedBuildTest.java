package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.FailureClass;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;
import org.slipway.store.BuildState;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;

/** Builds that fail in a way that passes, in real jails, one of them with a real mirror. */
class RetriedBuildTest {
  private static final OriginSpec TOOL = OriginSpec.parse("devel/mktable");
  private static final byte[] DATA = "forty-two\n".getBytes(StandardCharsets.UTF_8);

  @TempDir
  Path folder;

  private Path fork;
  private HttpServer mirror;
  private volatile boolean back;

  @BeforeEach
  void serve() throws IOException {
    fork = TestFarm.fork(folder);
    mirror = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    mirror.createContext("/", exchange -> {
      try (exchange) {
        exchange.sendResponseHeaders(back ? 200 : 503, back ? DATA.length : -1);
        if (back) {
          exchange.getResponseBody().write(DATA);
        }
      }
    });
    mirror.start();
  }

  @AfterEach
  void stop() {
    mirror.stop(0);
  }

  private Job fetching(Retries retries) throws IOException {
    Path makefile = fork.resolve("devel/mktable/Makefile");
    Files.writeString(
        makefile,
        Files.readString(makefile)
            .replaceAll("(?m)^DISTFILES=.*$", "DISTFILES=\tdata.txt\nEXTRACT_ONLY="));
    Files.writeString(
        fork.resolve("devel/mktable/distinfo"),
        "SHA256 (data.txt) = " + Digest.of(DATA).hex() + "\nSIZE (data.txt) = " + DATA.length
            + "\n");
    TestFarm.commit(fork, "devel/mktable: fetch a table");
    return TestFarm.job(
        fork,
        List.of("devel/mktable"),
        2,
        retries,
        Optional.of(URI.create("http://127.0.0.1:" + mirror.getAddress().getPort() + "/")));
  }

  @Test
  void fetchesAgainUntilTheMirrorIsBack() throws Exception {
    Job job = fetching(new Retries(Map.of(FailureClass.FETCH, 7), Duration.ofMillis(1)));
    try (TestFarm farm = new TestFarm(folder.resolve("home"), job, InstantSource.system());
        AutoCloseable watching = farm.store.listen(event -> farm.store
            .find(new BuildId(1), TOOL)
            .filter(row -> !row.tries().failed().isEmpty())
            .ifPresent(row -> back = true))) {
      farm.started();
      assertThat(farm.ended(1).state()).isEqualTo(BuildState.DONE);
      PackageRecord row = farm.row(1, TOOL);
      assertThat(row.state()).isEqualTo(PackageState.BUILT);
      assertThat(row.attempt()).isEqualTo(2);
      assertThat(row.failure()).isEmpty();
      assertThat(row.tries().next()).isEmpty();
      String sentence = row.tries().sentence().orElseThrow();
      assertThat(sentence).startsWith("attempt 2 of 8, the first failed at fetch: ");
      assertThat(farm.log(1, TOOL)).startsWith("===>  A" + sentence.substring(1) + "\n");
    }
  }

  @Test
  void waitsOnWhereTheFarmWasAwayMeanwhile() throws Exception {
    Instant begin = Instant.now();
    Job job = fetching(new Retries(Map.of(), Duration.ofMinutes(40)));
    try (TestFarm farm =
        new TestFarm(folder.resolve("home"), job, InstantSource.fixed(begin)).started()) {
      TestFarm.until(() -> farm.store
          .find(new BuildId(1), TOOL)
          .filter(row -> row.tries().next().isPresent())
          .isPresent());
      assertThat(farm.row(1, TOOL).state()).isEqualTo(PackageState.READY);
    }
    back = true;
    Instant due = Instant.ofEpochMilli(begin.plus(Duration.ofMinutes(40)).toEpochMilli());
    try (TestFarm farm =
        new TestFarm(folder.resolve("home"), job, InstantSource.fixed(due)).started()) {
      assertThat(farm.ended(1).state()).isEqualTo(BuildState.DONE);
      assertThat(farm.row(1, TOOL).state()).isEqualTo(PackageState.BUILT);
      assertThat(farm.row(1, TOOL).tries().sentence().orElseThrow())
          .startsWith("attempt 2 of 4, the first failed at fetch: ");
    }
  }

  @Test
  void buildsWhatRanOutOfMemoryOnceMoreAndAlone() throws Exception {
    TestFarm.add(fork, "devel/mktable", """
        do-build:
        	@echo 'cc1: out of memory allocating 65536 bytes after a total of 1024 bytes'; exit 1
        """);
    TestFarm.commit(fork, "devel/mktable: take too much");
    Job job = TestFarm.job(
        fork,
        List.of("devel/mktable", "devel/libmarl", "archivers/libtarn", "archivers/tarnpack"),
        2,
        new Retries(Map.of(), Duration.ofMillis(1)),
        Optional.empty());
    Queue<String> beside = new ConcurrentLinkedQueue<>();
    try (TestFarm farm = new TestFarm(folder.resolve("home"), job, InstantSource.system());
        AutoCloseable watching = farm.store.listen(event -> {
          List<PackageRecord> now =
              farm.store.packages(event.build(), EnumSet.of(PackageState.BUILDING));
          if (now.size() > 1
              && now.stream().anyMatch(row -> row.spec().equals(TOOL) && row.attempt() > 1)) {
            beside.add(now.toString());
          }
        })) {
      farm.started();
      farm.ended(1);
      PackageRecord row = farm.row(1, TOOL);
      assertThat(row.state()).isEqualTo(PackageState.FAILED);
      assertThat(row.failure()).hasValue(FailureClass.MEMORY);
      assertThat(row.tries().sentence().orElseThrow())
          .startsWith("attempt 2 of 2, the first failed at build: ");
      assertThat(beside).isEmpty();
    }
  }
}
