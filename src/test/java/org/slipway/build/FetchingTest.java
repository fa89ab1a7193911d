package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.BuildRequest.FetchNetwork;
import org.slipway.evaluate.Port;
import org.slipway.jail.Jails;
import org.slipway.packages.Digest;

/** Distfiles from a real HTTP server, through real jails. */
class FetchingTest {
  private static final byte[] DATA = "forty-two\n".getBytes(StandardCharsets.UTF_8);
  private static final String MAKEFILE = """
      NO_BUILD=yes
      DISTFILES=data.txt
      EXTRACT_ONLY=
      PLIST_FILES=share/data.txt
      do-install:
      	@mkdir -p ${STAGEDIR}${PREFIX}/share
      	@cp ${DISTDIR}/data.txt ${STAGEDIR}${PREFIX}/share/
      """;

  @TempDir
  static Path scratch;

  private static Jails jails;

  @TempDir
  Path folder;

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();
  private HttpServer server;
  private SmallTree tree;

  @BeforeAll
  static void openJails() throws IOException {
    jails = Jails.open(scratch.toAbsolutePath(), true);
  }

  @AfterAll
  static void closeJails() throws IOException {
    jails.close();
  }

  @BeforeEach
  void serve() throws IOException {
    tree = new SmallTree(folder);
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", exchange -> {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      byte[] bytes = files.get(path);
      exchange.sendResponseHeaders(bytes == null ? 404 : 200, bytes == null ? -1 : bytes.length);
      if (bytes != null) {
        try (OutputStream out = exchange.getResponseBody()) {
          out.write(bytes);
        }
      }
      exchange.close();
    });
    server.start();
    files.put("/mirror/data.txt", DATA);
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  private BuildRequest request(Port port) {
    URI mirror = URI.create("http://127.0.0.1:" + server.getAddress().getPort() + "/mirror");
    return SmallTree.from(tree.request(port), mirror);
  }

  private BuildResult build(BuildRequest request, OutputStream into) throws Exception {
    return new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"))
        .build(request, into, phase -> {});
  }

  private BuildResult.Failed failed(Port port) throws Exception {
    BuildResult result = build(request(port), log);
    assertThat(result).as(log::toString).isInstanceOf(BuildResult.Failed.class);
    return (BuildResult.Failed) result;
  }

  private List<String> kept() throws IOException {
    Path distfiles = folder.resolve("distfiles");
    if (!Files.exists(distfiles)) {
      return List.of();
    }
    try (Stream<Path> all = Files.walk(distfiles)) {
      return all.filter(Files::isRegularFile)
          .map(file -> distfiles.relativize(file).toString())
          .sorted()
          .toList();
    }
  }

  @Test
  void fetchesVerifiesKeepsAndDoesNotFetchAgain() throws Exception {
    BuildRequest request =
        request(tree.port("misc/data", MAKEFILE).distfile("data.txt", DATA).port());
    BuildResult first = build(request, log);
    assertThat(first).as(log::toString).isInstanceOf(BuildResult.Built.class);
    assertThat(asked).containsExactly("/mirror/data.txt");
    assertThat(kept()).containsExactly("data.txt");
    assertThat(folder.resolve("distfiles/data.txt")).hasBinaryContent(DATA);

    BuildResult second = build(request, log);
    assertThat(asked).hasSize(1);
    assertThat(log.toString(StandardCharsets.UTF_8)).contains("All distfiles are here already\n");
    assertThat(((BuildResult.Built) second).built()).isEqualTo(((BuildResult.Built) first).built());
  }

  @Test
  void aFileInASubfolderIsKeptThere() throws Exception {
    Port port = tree.port(
            "misc/data", MAKEFILE.replace("/data.txt ", "/sub/data.txt ") + "DIST_SUBDIR=sub")
        .distfile("sub/data.txt", DATA)
        .port();
    assertThat(build(request(port), log)).as(log::toString).isInstanceOf(BuildResult.Built.class);
    assertThat(kept()).containsExactly("sub/data.txt");
  }

  @Test
  void aWrongFileIsNamedAndNotKept() throws Exception {
    Digest other = Digest.of("forty-twe\n");
    BuildResult.Failed failed = failed(tree.port("misc/data", MAKEFILE)
        .distfile("data.txt", other, DATA.length)
        .port());
    assertThat(failed.failure()).isEqualTo(FailureClass.CHECKSUM);
    assertThat(failed.phase()).isEqualTo(Phase.CHECKSUM);
    assertThat(failed.message())
        .isEqualTo("checksum mismatch: data.txt has SHA256 " + Digest.of(DATA) + ", distinfo says "
            + other);
    assertThat(kept()).isEmpty();
  }

  @Test
  void aLongerFileIsNotKeptEither() throws Exception {
    files.put("/mirror/data.txt", new byte[100_000]);
    BuildResult.Failed failed =
        failed(tree.port("misc/data", MAKEFILE).distfile("data.txt", DATA).port());
    assertThat(failed.message())
        .isEqualTo("checksum mismatch: data.txt has more than 10 bytes, distinfo says 10");
    assertThat(kept()).isEmpty();
  }

  @Test
  void aFileThatIsNowhereFailsTheFetch() throws Exception {
    files.clear();
    BuildResult.Failed failed =
        failed(tree.port("misc/data", MAKEFILE).distfile("data.txt", DATA).port());
    assertThat(failed.failure()).isEqualTo(FailureClass.FETCH);
    assertThat(failed.message()).contains("404");
  }

  @Test
  void aLinkInTheFetchedFilesPlaceGivesNoFileOfTheHost() throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "forty-two\n");
    BuildResult.Failed failed = failed(tree.port(
            "misc/data", MAKEFILE + "do-fetch:\n\t@ln -s " + secret + " ${DISTDIR}/data.txt\n")
        .distfile("data.txt", DATA)
        .port());
    assertThat(failed.failure()).isEqualTo(FailureClass.CHECKSUM);
    assertThat(kept()).isEmpty();
  }

  @Test
  void aDistfileWithoutASumIsRefused() throws Exception {
    Port port = tree.port("misc/data", MAKEFILE).distfile("other.txt", DATA).port();
    Port wants = new Port(
        port.spec(),
        port.name(),
        port.flavors(),
        port.dependencies(),
        port.ignore(),
        port.options(),
        List.of("data.txt"),
        port.variables(),
        port.sources(),
        port.folders(),
        port.makefiles());
    assertThat(failed(wants).message())
        .isEqualTo("distinfo does not name data.txt; run make makesum");
    assertThat(asked).isEmpty();
  }

  @Test
  void aKeptFileThatWasDamagedIsFetchedAgain() throws Exception {
    Files.createDirectories(folder.resolve("distfiles"));
    Files.writeString(folder.resolve("distfiles/data.txt"), "forty-twx\n");
    Port port = tree.port("misc/data", MAKEFILE).distfile("data.txt", DATA).port();
    assertThat(build(request(port), log)).as(log::toString).isInstanceOf(BuildResult.Built.class);
    assertThat(folder.resolve("distfiles/data.txt")).hasBinaryContent(DATA);
  }

  @Test
  void buildsThatWantTheSameFileAtOnceFetchItOnce() throws Exception {
    BuildRequest request =
        request(tree.port("misc/data", MAKEFILE).distfile("data.txt", DATA).port());
    PackageBuilder builder =
        new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"));
    Callable<BuildResult> one =
        () -> builder.build(request, OutputStream.nullOutputStream(), phase -> {});
    List<BuildResult> results = atOnce(one);
    assertThat(results).hasSize(3).allMatch(BuildResult.Built.class::isInstance);
    assertThat(kept()).containsExactly("data.txt");
    assertThat(asked).containsExactly("/mirror/data.txt");
  }

  private static List<BuildResult> atOnce(Callable<BuildResult> one) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    List<BuildResult> results = new ArrayList<>();
    for (Future<BuildResult> future : threads.invokeAll(List.of(one, one, one))) {
      results.add(future.get());
    }
    threads.shutdown();
    return results;
  }

  @Test
  void whoWaitedForABuildThatCouldNotFetchTriesItself() throws Exception {
    files.clear();
    BuildRequest request =
        request(tree.port("misc/data", MAKEFILE).distfile("data.txt", DATA).port());
    PackageBuilder builder =
        new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"));
    List<BuildResult> results =
        atOnce(() -> builder.build(request, OutputStream.nullOutputStream(), phase -> {}));
    assertThat(results).hasSize(3).allMatch(BuildResult.Failed.class::isInstance);
    assertThat(asked).hasSize(3);
  }

  @Test
  void aFetchIsTriedAgainAsOftenAsIsWished() throws Exception {
    byte[] bytes = Objects.requireNonNull(files.remove("/mirror/data.txt"));
    BuildRequest request =
        request(tree.port("misc/data", MAKEFILE).distfile("data.txt", DATA).port());
    ByteArrayOutputStream seen = new ByteArrayOutputStream() {
      @Override
      public synchronized void write(byte[] text, int offset, int length) {
        super.write(text, offset, length);
        if (toString(StandardCharsets.UTF_8).contains("attempt 2 of 3")) {
          files.put("/mirror/data.txt", bytes);
        }
      }
    };
    BuildResult result = build(SmallTree.wishing(request, wishes(3, FetchNetwork.AUTO)), seen);
    assertThat(result).as(seen::toString).isInstanceOf(BuildResult.Built.class);
    assertThat(asked).hasSize(2);
  }

  private static BuildRequest.Wishes wishes(int attempts, FetchNetwork network) {
    BuildRequest.Wishes usual = BuildRequest.Wishes.USUAL;
    return new BuildRequest.Wishes(
        usual.mode(),
        List.of(),
        Optional.empty(),
        0,
        usual.workInMemory(),
        Optional.empty(),
        Optional.empty(),
        Map.of(),
        attempts,
        network);
  }

  @Test
  void aMirrorOnThisHostIsReachedUnlessTheFetchHasANetworkOfItsOwn() throws Exception {
    BuildRequest request =
        request(tree.port("misc/data", MAKEFILE).distfile("data.txt", DATA).port());
    BuildResult result = build(SmallTree.wishing(request, wishes(1, FetchNetwork.OWN)), log);
    assertThat(result).as(log::toString).isInstanceOf(BuildResult.Failed.class);
    Optional<String> lack = jails.lacksOutside();
    BuildResult.Failed failed = (BuildResult.Failed) result;
    assertThat(failed.failure())
        .as(log::toString)
        .isEqualTo(lack.isEmpty() ? FailureClass.FETCH : FailureClass.JAIL);
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains(
            lack.isEmpty()
                ? "Fetching by a network of its own: this host's 127.0.0.1 is not reached"
                : "a fetch can have no network of its own here: " + lack.get());
    assertThat(asked).isEmpty();

    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    assertThat(build(request, seen)).as(seen::toString).isInstanceOf(BuildResult.Built.class);
    assertThat(seen.toString(StandardCharsets.UTF_8))
        .contains("Fetching by this host's network, its 127.0.0.1 included: the job's mirror is");
    assertThat(asked).hasSize(1);
  }

  @Test
  void aFullDiskIsOneSentenceAndLeavesNothingHalfWritten() throws Exception {
    byte[] large = new byte[2 << 20];
    files.put("/mirror/data.txt", large);
    BuildRequest request =
        request(tree.port("misc/data", MAKEFILE).distfile("data.txt", large).port());
    Path small = Files.createDirectories(folder.resolve("distfiles"));
    assumeThat(command("mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", small.toString()))
        .as("whether this user may mount")
        .isZero();
    try {
      assertThatThrownBy(() -> build(request, log))
          .isInstanceOf(IOException.class)
          .hasMessage("the disk of " + small + " is full; make room there and build again");
      assertThat(kept()).isEmpty();
      try (Stream<Path> left = Files.list(folder.resolve("spool"))) {
        assertThat(left).isEmpty();
      }
    } finally {
      command("umount", small.toString());
    }
  }

  private static int command(String... words) throws Exception {
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
