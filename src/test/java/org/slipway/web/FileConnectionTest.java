package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.repository.SnapshotId;
import org.slipway.web.SampleFarm.Served;

/** Files on connections of their own, and how these become full ones. */
@ExtendWith(SampleFarm.class)
class FileConnectionTest {
  private static final String SMALL = PlainFarm.ADDRESS + "All/small-1.0.pkg";
  private static final String MIDDLE = PlainFarm.ADDRESS + "All/middle-1.0.pkg";
  private static final String LARGE = PlainFarm.ADDRESS + "All/large-1.0.pkg";
  private static final String EMPTY = PlainFarm.ADDRESS + "All/empty-1.0.pkg";
  private static final String HASHED = PlainFarm.ADDRESS + "All/Hashed/small-1.0~0123456789.pkg";
  private static final String NONE = PlainFarm.ADDRESS + "All/none-1.0.pkg";

  /** Benign, and yet too much for a connection for files. */
  private static final String MORE = "X-More: yes";

  private final Served sample;
  private final Map<String, byte[]> content = new HashMap<>();

  @TempDir
  Path home;

  private PlainFarm farm;
  private SnapshotId snapshot;

  FileConnectionTest(Served sample) {
    this.sample = sample;
  }

  @BeforeEach
  void publish() throws IOException {
    farm = new PlainFarm(sample.sample(), home);
    put(SMALL, 2_048);
    put(MIDDLE, 40_000);
    put(LARGE, 900_000);
    put(EMPTY, 0);
    put(HASHED, 100);
    put(PlainFarm.ADDRESS + "snapshot.json", 50);
    Map<String, byte[]> files = new HashMap<>();
    content.forEach((path, bytes) -> files.put(path.substring(PlainFarm.ADDRESS.length()), bytes));
    snapshot = farm.snapshot(1, files);
    farm.publish(snapshot);
    content.put(PlainFarm.ADDRESS + "data.pkg", "catalogue 1".getBytes(StandardCharsets.UTF_8));
  }

  private void put(String path, int size) {
    byte[] bytes = new byte[size];
    new Random(size).nextBytes(bytes);
    content.put(path, bytes);
  }

  private byte[] content(String path) {
    return content.getOrDefault(path, new byte[0]);
  }

  @AfterEach
  void stop() {
    farm.close();
  }

  private Wire open() throws IOException {
    return new Wire(farm.server.address());
  }

  private Socket socket() throws IOException {
    Socket socket =
        new Socket(InetAddress.getLoopbackAddress(), farm.server.address().getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  /** Whether its only connection is still one for files. */
  private boolean forFiles() {
    return farm.server.doors().connections().get(0) instanceof FileConnection;
  }

  @Test
  void answersAsTheFullConnectionDoes() throws Exception {
    List<String> paths = new ArrayList<>(content.keySet());
    paths.add("/repo/" + SampleSite.JOB + "/snapshots/" + snapshot + "/data.pkg");
    paths.add(HASHED.replace("~", "%7E"));
    try (Wire own = open();
        Wire full = open()) {
      full.send(Wire.get(NONE, MORE)).read();
      for (String path : paths) {
        Wire.Got plain = own.send(Wire.get(path)).read();
        assertThat(plain.status()).as(path).isEqualTo(200);
        String tag = plain.fields().get("etag");
        String date = plain.fields().get("last-modified");
        for (String[] fields : new String[][] {
          {},
          {"Accept: */*", "User-Agent: pkg/2.8.4", "Accept-Encoding: gzip", "Pragma: no-cache"},
          {"Connection: keep-alive"},
          {"If-None-Match: " + tag},
          {"If-None-Match: \"x\", W/" + tag},
          {"If-None-Match: \"x\"", "If-Modified-Since: " + date},
          {"If-Modified-Since: " + date},
          {"If-Modified-Since: Sun, 22 Nov 2099 20:00:00 GMT"},
          {"If-Modified-Since: Wed, 1 Jan 2025 00:00:01 GMT"},
          {"If-Modified-Since: never"}
        }) {
          for (String method : List.of("GET", "HEAD")) {
            String request = Wire.request(method, path, fields);
            Wire.Got ours = own.send(request).read(method.equals("HEAD"));
            Wire.Got theirs = full.send(request).read(method.equals("HEAD"));
            assertThat(ours.line()).as(request).isEqualTo(theirs.line());
            if (theirs.status() == 304) {
              // Which the server adds by itself, and HTTP does without.
              assertThat(ours.fields()).as(request).doesNotContainKey("content-length");
              theirs.fields().remove("content-length");
            }
            assertThat(ours.fields()).as(request).isEqualTo(theirs.fields());
            assertThat(ours.body()).as(request).isEqualTo(theirs.body());
          }
        }
      }
      assertThat(farm.server.doors().connections())
          .as("each has remained what it was")
          .hasSize(2)
          .satisfiesOnlyOnce(each -> assertThat(each).isInstanceOf(FileConnection.class));
    }
  }

  @Test
  void findsWhatWasNeverAskedForByItself() throws Exception {
    try (Wire wire = open()) {
      for (String path : content.keySet()) {
        assertThat(wire.send(Wire.get(path)).read().body()).isEqualTo(content(path));
      }
      assertThat(forFiles()).isTrue();
    }
  }

  /** A request in the body of another. */
  private static final String HIDDEN = "GET " + SMALL + " HTTP/1.1\r\nHost: x\r\n\r\n";

  private static final List<String> ODD = List.of(
      "GET /assets/icon.svg HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET " + NONE + " HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET " + PlainFarm.ADDRESS + " HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET " + PlainFarm.ADDRESS + "../plain.conf HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET /repo/dev-14-amd64/plain.conf HTTP/1.1\r\nHost: farm:81\r\n\r\n",
      "GET " + SMALL + " HTTP/1.1\r\nHost: x\r\nRange: bytes=1-2\r\n\r\n",
      "GET " + SMALL + " HTTP/1.1\r\nHost: x\r\nIf-Match: \"x\"\r\n\r\n",
      "GET " + SMALL + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
      "GET " + SMALL + " HTTP/1.0\r\n\r\n",
      "GET " + SMALL + " HTTP/1.1\r\n\r\n",
      "GET " + SMALL + "?a=b HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET " + SMALL + "/ HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET " + PlainFarm.ADDRESS + "All//small-1.0.pkg HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET " + PlainFarm.ADDRESS + "All/./small-1.0.pkg HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET " + PlainFarm.ADDRESS + "All/%73mall-1.0.pkg HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET " + PlainFarm.ADDRESS + "All%2Fsmall-1.0.pkg HTTP/1.1\r\nHost: x\r\n\r\n",
      "POST " + SMALL + " HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabc",
      "GET " + SMALL + " HTTP/1.1\r\nHost: x\r\nContent-Length: " + HIDDEN.length() + "\r\n\r\n"
          + HIDDEN,
      "GET " + SMALL + " HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
      "GET " + SMALL + " HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n"
          + "\r\n0\r\n\r\n",
      "GET " + SMALL + " HTTP/1.1\r\nHost: x\r\nHost: y\r\n\r\n",
      "GET " + SMALL + " HTTP/1.1\r\nHost: x\r\nAccept: a\r\n b\r\n\r\n",
      "GET " + SMALL + " HTTP/1.1\r\nHost : x\r\n\r\n",
      "GET " + SMALL + " HTTP/1.1\nHost: x\n\n",
      "\r\nGET " + SMALL + " HTTP/1.1\r\nHost: x\r\n\r\n",
      "GET http://x" + SMALL + " HTTP/1.1\r\nHost: x\r\n\r\n",
      "nonsense\r\n\r\n");

  @Test
  void handsOverWhatIsNotPlain() throws Exception {
    String last = Wire.get(HASHED, "Connection: close");
    for (String odd : ODD) {
      // What is wanted: the same where nobody but the full connection has ever read.
      String wanted;
      try (Wire full = open()) {
        full.send(Wire.get(SMALL, MORE)).read();
        full.send(odd + last).finish();
        wanted = undated(full.rest());
      }
      assertThat(wanted).as(odd).startsWith("HTTP/1.1 ");
      try (Wire own = open()) {
        assertThat(own.send(Wire.get(SMALL)).read().body()).isEqualTo(content(SMALL));
        own.send(odd + last).finish();
        assertThat(undated(own.rest())).as(odd).isEqualTo(wanted);
      }
      try (Wire own = open()) {
        own.send(Wire.get(SMALL) + odd + last).finish();
        assertThat(own.read().body()).isEqualTo(content(SMALL));
        assertThat(undated(own.rest())).as(odd).isEqualTo(wanted);
      }
    }
  }

  private static String undated(String answers) {
    return answers.replaceAll("\r\nDate: [^\r\n]+", "");
  }

  @Test
  void readsAHeadThatComesByteByByte() throws Exception {
    try (Wire wire = open()) {
      wire.send(Wire.get(SMALL)).read();
      assertThat(forFiles()).isTrue();
      String head = Wire.get(MIDDLE);
      for (int i = 0; i < head.length(); i++) {
        wire.send(head.substring(i, i + 1));
        if (i == 0) {
          // So that it has seen an incomplete one; whoever is slow from then on is the full one's.
          Awaitility.await().until(() -> !forFiles());
        }
      }
      assertThat(wire.read().body()).isEqualTo(content(MIDDLE));
      assertThat(wire.send(Wire.get(LARGE)).read().body()).isEqualTo(content(LARGE));
    }
  }

  @Test
  void answersEveryMixOfRequestsInItsOrder() throws Exception {
    for (int seed = 0; seed < 12; seed++) {
      Random random = new Random(seed);
      // In some, the connection remains one for files; in the
      // others it is handed over somewhere, and the large ones are left out, for which Jetty
      // 12.1.14
      // breaks full connections off under load.
      boolean whole = seed % 3 == 0;
      List<String> paths = whole
          ? List.of(SMALL, SMALL, MIDDLE, LARGE, EMPTY, HASHED)
          : List.of(SMALL, EMPTY, HASHED, NONE, "/api/none");
      List<String> asked = new ArrayList<>();
      StringBuilder all = new StringBuilder();
      for (int i = 0; i < 60; i++) {
        String method = random.nextInt(4) == 0 ? "HEAD" : "GET";
        String path = paths.get(random.nextInt(paths.size()));
        asked.add(method + " " + path);
        all.append(Wire.request(method, path));
      }
      try (Wire wire = open()) {
        Thread sender = new Thread(() -> send(wire, all, whole, random));
        sender.start();
        for (String each : asked) {
          boolean head = each.startsWith("HEAD");
          String path = each.substring(each.indexOf(' ') + 1);
          Wire.Got got = wire.read(head);
          boolean there = content.containsKey(path);
          assertThat(got.status()).as("%s, %s", seed, each).isEqualTo(there ? 200 : 404);
          if (there) {
            assertThat(got.fields().get("content-length"))
                .as(each)
                .isEqualTo(String.valueOf(content(path).length));
            assertThat(Arrays.equals(got.body(), head ? new byte[0] : content(path)))
                .as("%s, %s", seed, each)
                .isTrue();
          }
        }
        sender.join();
      }
    }
  }

  private static void send(Wire wire, CharSequence all, boolean whole, Random random) {
    try {
      if (whole) {
        wire.send(all.toString());
        return;
      }
      for (int at = 0; at < all.length(); ) {
        int next = Math.min(all.length(), at + 1 + random.nextInt(random.nextBoolean() ? 40 : 900));
        wire.send(all.subSequence(at, next).toString());
        at = next;
      }
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void answersWhoStopsSendingAfterTheRequest() throws Exception {
    for (String path : List.of(SMALL, LARGE)) {
      try (Wire wire = open()) {
        wire.send(Wire.get(path)).finish();
        assertThat(wire.read().body()).isEqualTo(content(path));
        assertThat(wire.rest()).isEmpty();
      }
    }
  }

  @Test
  void saysThatAFileHasGoneWithItsSnapshot() throws Exception {
    try (Wire wire = open()) {
      // Twice, so that the second comes out of the disk's cache without a look at it.
      assertThat(wire.send(Wire.get(LARGE)).read().body()).isEqualTo(content(LARGE));
      assertThat(wire.send(Wire.get(LARGE)).read().body()).isEqualTo(content(LARGE));
      Files.delete(farm.folder(snapshot).resolve("All/large-1.0.pkg"));
      wire.send(Wire.get(LARGE) + Wire.get(SMALL));
      assertThat(wire.read().status()).isEqualTo(404);
      assertThat(wire.read().body()).isEqualTo(content(SMALL));
    }
  }

  @Test
  void sendsTheHeadTogetherWithTheBeginningOfALargeFile() throws Exception {
    for (String field : List.of("Accept: */*", MORE)) {
      try (Socket socket = socket()) {
        byte[] got = new byte[8_192];
        socket.getOutputStream().write(Wire.get(LARGE, field).getBytes(StandardCharsets.US_ASCII));
        int count = socket.getInputStream().read(got);
        String text = new String(got, 0, count, StandardCharsets.ISO_8859_1);
        assertThat(text).as(field).startsWith("HTTP/1.1 200 ").contains("\r\n\r\n");
        byte[] first =
            text.substring(text.indexOf("\r\n\r\n") + 4).getBytes(StandardCharsets.ISO_8859_1);
        assertThat(first).as(field).isNotEmpty();
        assertThat(first).isEqualTo(Arrays.copyOf(content(LARGE), first.length));
      }
    }
  }

  @Test
  void sendsFilesWholeWhateverTheirSizes() throws Exception {
    Map<String, byte[]> files = new HashMap<>();
    for (int each : new int[] {64 << 10, 256 << 10, 320 << 10, 576 << 10}) {
      for (int size = each - 1; size <= each + 1; size++) {
        byte[] bytes = new byte[size];
        new Random(size).nextBytes(bytes);
        files.put("All/of-" + size + ".pkg", bytes);
      }
    }
    farm.publish(farm.snapshot(2, files));
    try (Wire own = open();
        Wire slow = new Wire(farm.server.address(), 4_096);
        Wire full = open()) {
      for (Map.Entry<String, byte[]> each : files.entrySet()) {
        byte[] bytes = each.getValue();
        String path = PlainFarm.ADDRESS + each.getKey();
        assertThat(own.send(Wire.get(path)).read().body()).isEqualTo(bytes);
        assertThat(slow.send(Wire.get(path)).read().body()).isEqualTo(bytes);
        assertThat(full.send(Wire.get(path, MORE)).read().body()).isEqualTo(bytes);
        int from = bytes.length / 3;
        assertThat(
                full.send(Wire.get(path, "Range: bytes=" + from + "-")).read().body())
            .isEqualTo(Arrays.copyOfRange(bytes, from, bytes.length));
      }
      assertThat(farm.server.doors().connections())
          .filteredOn(each -> each instanceof FileConnection)
          .hasSize(2);
    }
  }

  @Test
  void sendsAFileThatIsLargerThanAnyMapping() throws Exception {
    long size = 3L << 30;
    SnapshotId made = farm.snapshot(2, Map.of("All/huge-1.0.pkg", new byte[] {1}));
    try (RandomAccessFile huge =
        new RandomAccessFile(farm.folder(made).resolve("All/huge-1.0.pkg").toFile(), "rw")) {
      huge.setLength(size);
    }
    farm.publish(made);
    try (Socket socket = socket()) {
      String path = PlainFarm.ADDRESS + "All/huge-1.0.pkg";
      socket.getOutputStream().write(Wire.get(path).getBytes(StandardCharsets.US_ASCII));
      byte[] got = socket.getInputStream().readNBytes(1 << 20);
      String text = new String(got, StandardCharsets.ISO_8859_1);
      assertThat(text).startsWith("HTTP/1.1 200 ").contains("Content-Length: " + size + "\r\n");
      assertThat(text).contains("\r\n\r\n\001\000");
    }
  }

  /** More of them than the server has threads. */
  @Test
  void letsOthersInWhileAHundredReadNothing() throws Exception {
    byte[] huge = new byte[12 << 20];
    new Random(1).nextBytes(huge);
    farm.publish(farm.snapshot(2, Map.of("All/huge-1.0.pkg", huge)));
    String path = PlainFarm.ADDRESS + "All/huge-1.0.pkg";
    List<Wire> slow = new ArrayList<>();
    try (Wire wire = open()) {
      for (int i = 0; i < 100; i++) {
        Wire each = new Wire(farm.server.address(), 4_096);
        slow.add(each);
        each.send(Wire.get(path));
      }
      assertThat(wire.send(Wire.get(PlainFarm.ADDRESS + "data.pkg")).read().text())
          .isEqualTo("catalogue 2");
      assertThat(Web.get(farm.uri("/")).statusCode()).isEqualTo(200);
      assertThat(Web.get(farm.uri("All/")).statusCode()).isEqualTo(200);
      assertThat(slow.get(99).read().body()).isEqualTo(huge);
      assertThat(slow.get(98).read().body()).isEqualTo(huge);
    } finally {
      for (Wire each : slow) {
        each.close();
      }
    }
    Awaitility.await()
        .untilAsserted(() -> assertThat(farm.server.doors().connections())
            .noneMatch(each -> each instanceof FileConnection));
  }
}
