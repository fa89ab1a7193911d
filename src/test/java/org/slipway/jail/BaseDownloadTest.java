package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bases from a site over HTTP, in a release's layout, with a network that breaks. */
final class BaseDownloadTest {
  private static final String FOLDER = "/releases/amd64/amd64/14.2-RELEASE/";

  @TempDir
  Path folder;

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();
  private final List<String> asked = new CopyOnWriteArrayList<>();

  /**
   * How many bytes of an archive are sent before the connection is cut, for each time it is asked
   * for.
   */
  private final List<Integer> cuts = new CopyOnWriteArrayList<>();

  private final CountDownLatch reached = new CountDownLatch(1);
  private volatile boolean stalls;
  private volatile boolean ranges = true;
  private HttpServer server;
  private String site = "";
  private Bases bases = new Bases(Path.of(""));

  @BeforeEach
  void start() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setExecutor(Executors.newCachedThreadPool());
    server.createContext("/", this::answer);
    server.start();
    site = "http://127.0.0.1:" + server.getAddress().getPort();
    bases = new Bases(folder.resolve("bases"));
    byte[] base = SampleBase.freeBsd();
    files.put(FOLDER + "base.txz", base);
    files.put(
        FOLDER + "MANIFEST",
        SampleBase.manifestLine("base.txz", base).getBytes(StandardCharsets.UTF_8));
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void fetchesAReleaseByItsNameAndProcessor() throws Exception {
    KeptBase base = make(BaseSource.release(site + "/", "14.2-RELEASE", "amd64", List.of()));
    assertThat(base.source()).isEqualTo(site + FOLDER + "base.txz");
    assertThat(asked).containsExactly(FOLDER + "MANIFEST", FOLDER + "base.txz");
    assertThat(downloads()).isEmpty();
  }

  @Test
  void knowsWhereReleasesAndSnapshotsOfEachProcessorAre() {
    assertThat(place("15.0-CURRENT", "aarch64"))
        .isEqualTo("https://x.org/y/snapshots/arm64/aarch64/15.0-CURRENT/base.txz");
    assertThat(place("13.4-RC2", "i386"))
        .isEqualTo("https://x.org/y/releases/i386/i386/13.4-RC2/base.txz");
    for (List<String> wrong : List.of(
        List.of("14.2", "amd64"),
        List.of("14.2-RELEASE/..", "amd64"),
        List.of("14.2-RELEASE", "x"))) {
      assertThatThrownBy(() -> place(wrong.get(0), wrong.get(1)))
          .isInstanceOf(IllegalArgumentException.class);
    }
    assertThatThrownBy(() -> BaseSource.release("file:///x", "14.2-RELEASE", "amd64", List.of()))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static String place(String release, String arch) {
    return BaseSource.release("https://x.org/y//", release, arch, List.of()).place();
  }

  @Test
  void goesOnWhereTheConnectionBroke() throws Exception {
    cuts.addAll(List.of(100, 250));
    byte[] whole = base();
    byte[] fetched = fetch(FOLDER + "base.txz", sum(whole));
    assertThat(fetched).isEqualTo(whole);
    assertThat(asked)
        .containsExactly(
            FOLDER + "base.txz", FOLDER + "base.txz bytes=100-", FOLDER + "base.txz bytes=350-");
  }

  @Test
  void beginsAnewWhereTheServerCannotGoOn() throws Exception {
    ranges = false;
    cuts.add(100);
    byte[] whole = base();
    assertThat(fetch(FOLDER + "base.txz", sum(whole))).isEqualTo(whole);
  }

  @Test
  void keepsWhatItHasForTheNextRunAndDropsWhatIsOfAnotherFile() throws Exception {
    byte[] whole = base();
    cuts.addAll(List.of(100, 0, 0, 0, 0));
    assertThatThrownBy(() -> fetch(FOLDER + "base.txz", sum(whole)))
        .isInstanceOf(BaseException.class)
        .hasMessageContaining("could not be fetched in 5 tries")
        .hasMessageContaining("is kept for the next");
    assertThat(downloads()).hasSize(1);
    asked.clear();
    assertThat(fetch(FOLDER + "base.txz", sum(whole))).isEqualTo(whole);
    assertThat(asked).containsExactly(FOLDER + "base.txz bytes=100-");

    cuts.addAll(List.of(100, 0, 0, 0, 0));
    assertThatThrownBy(() -> fetch(FOLDER + "base.txz", sum(whole)))
        .hasMessageContaining("5 tries");
    byte[] other =
        SampleBase.xz(SampleBase.tar(base -> base.file("another", 0644, "x".repeat(999))));
    byte[] mixed = Arrays.copyOf(other, Math.max(other.length, 200));
    files.put(FOLDER + "base.txz", mixed);
    assertThat(fetch(FOLDER + "base.txz", sum(mixed))).isEqualTo(mixed);
  }

  @Test
  void aServerThatFallsSilentIsLeft() throws Exception {
    stalls = true;
    cuts.add(100);
    byte[] whole = base();
    assertThat(fetch(FOLDER + "base.txz", sum(whole))).isEqualTo(whole);
  }

  @Test
  void refusesWhatHasAnotherSumOrIsNotThere() throws Exception {
    byte[] whole = base();
    files.put(FOLDER + "base.txz", SampleBase.xz(new byte[2048]));
    assertThatThrownBy(() -> make(release()))
        .isInstanceOf(BaseException.class)
        .hasMessageStartingWith(site + FOLDER + "base.txz is not what it should be: its SHA-256 is")
        .hasMessageEndingWith("expected " + sum(whole));
    files.remove(FOLDER + "base.txz");
    assertThatThrownBy(() -> make(release()))
        .hasMessage(site + FOLDER + "base.txz answers with status 404: it is not there; check the"
            + " release, the processor and the mirror");
    files.remove(FOLDER + "MANIFEST");
    assertThatThrownBy(() -> make(release()))
        .hasMessageContaining("MANIFEST answers with status 404");
    files.put(FOLDER + "MANIFEST", new byte[(1 << 20) + 1]);
    assertThatThrownBy(() -> make(release())).hasMessageContaining("has more than 1048576 bytes");
    files.put(FOLDER + "MANIFEST", "x\ty\n".getBytes(StandardCharsets.UTF_8));
    assertThatThrownBy(() -> make(release())).hasMessageContaining("line 1: this is no MANIFEST");
    assertThat(downloads()).isEmpty();
    assertThat(BasesTest.names(folder.resolve("bases"))).isEmpty();
  }

  @Test
  void takesNothingFromASiteThatNothingVouchesFor() throws Exception {
    byte[] archive = SampleBase.freeBsd();
    files.put("/base.tar.xz", archive);
    assertThatThrownBy(
            () -> make(new BaseSource.Archive(site + "/base.tar.xz", List.of(), Optional.empty())))
        .hasMessageContaining("nothing says what " + site + "/base.tar.xz must hold")
        .hasMessageContaining("--sha256");
    make(new BaseSource.Archive(site + "/base.tar.xz", List.of(), Optional.of(sum(archive))));
  }

  @Test
  void stopsAtMoreThanABaseCanHave() throws Exception {
    byte[] whole = base();
    BaseDownload download = new BaseDownload(BaseProgress.NONE);
    Path downloads = Files.createDirectories(folder.resolve("d"));
    assertThatThrownBy(() -> download.get(
            java.net.URI.create(site + FOLDER + "base.txz"),
            "base.txz",
            sum(whole),
            10,
            downloads,
            folder))
        .hasMessageContaining("has " + whole.length + " bytes; no base is as large");
  }

  @Test
  void aKilledRunLeavesNothingUnderTheNameAndTheNextSucceeds() throws Exception {
    stalls = true;
    cuts.add(100);
    byte[] whole = base();
    Path kept = folder.resolve("bases");
    Process process = new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            BaseProgramMain.class.getName(),
            kept.toString(),
            site + FOLDER + "base.txz",
            sum(whole))
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("said").toFile())
        .start();
    try {
      assertThat(reached.await(60, TimeUnit.SECONDS)).isTrue();
    } finally {
      process.destroyForcibly().waitFor();
    }
    assertThat(BasesTest.names(kept)).containsExactly(".new-a");
    assertThat(bases.list()).isEmpty();
    make(release());
    assertThat(BasesTest.names(kept)).containsExactly("a");
  }

  private byte[] base() {
    return Objects.requireNonNull(files.get(FOLDER + "base.txz"));
  }

  private BaseSource release() {
    return BaseSource.release(site, "14.2-RELEASE", "amd64", List.of());
  }

  private KeptBase make(BaseSource source) throws IOException {
    return bases.create(new BaseName("a"), source, BaseProgress.NONE);
  }

  private byte[] fetch(String path, String sum) throws IOException {
    Path downloads = Files.createDirectories(folder.resolve("bases/.downloads"));
    BaseDownload download =
        new BaseDownload(BaseProgress.NONE, Duration.ofMillis(300), Duration.ofMillis(1));
    try (BaseDownload.Kept kept = download.get(
        java.net.URI.create(site + path), "base.txz", sum, 1 << 20, downloads, folder)) {
      return Files.readAllBytes(kept.file());
    }
  }

  private List<String> downloads() throws IOException {
    try (var all = Files.list(Files.createDirectories(folder.resolve("bases/.downloads")))) {
      return all.map(each -> String.valueOf(each.getFileName())).toList();
    }
  }

  private static String sum(byte[] bytes) {
    return HexFormat.of().formatHex(BaseDigest.sha256().digest(bytes));
  }

  private void answer(HttpExchange exchange) throws IOException {
    String path = exchange.getRequestURI().getPath();
    String range = exchange.getRequestHeaders().getFirst("Range");
    asked.add(path + (range == null ? "" : " " + range));
    byte[] file = files.get(path);
    if (file == null) {
      exchange.sendResponseHeaders(404, -1);
      exchange.close();
      return;
    }
    int from = range == null || !ranges ? 0 : Integer.parseInt(range.replaceAll("[^0-9]", ""));
    if (from > 0) {
      exchange
          .getResponseHeaders()
          .set("Content-Range", "bytes " + from + "-" + (file.length - 1) + "/" + file.length);
    }
    exchange.sendResponseHeaders(from > 0 ? 206 : 200, file.length - from);
    int cut = cuts.isEmpty() || path.endsWith("MANIFEST") ? file.length : cuts.remove(0);
    int length = Math.min(cut, file.length - from);
    exchange.getResponseBody().write(file, from, length);
    if (length < file.length - from) {
      exchange.getResponseBody().flush();
      reached.countDown();
      if (stalls) {
        return;
      }
    }
    exchange.close();
  }
}
