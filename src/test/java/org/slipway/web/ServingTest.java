package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.publish.Publication;
import org.slipway.repository.SnapshotId;
import org.slipway.web.SampleFarm.Served;

/** Files over HTTP as it goes over the wire, and while the channel moves. */
@ExtendWith(SampleFarm.class)
class ServingTest {
  private static final String SMALL = "All/small-1.0.pkg";
  private static final String LARGE = "All/large-1.0.pkg";
  private static final String HASHED = "All/Hashed/small-1.0~0123456789.pkg";

  private final Served sample;

  @TempDir
  Path home;

  ServingTest(Served sample) {
    this.sample = sample;
  }

  private PlainFarm farm() throws IOException {
    return new PlainFarm(sample.sample(), home);
  }

  private static byte[] bytes(int size, int seed) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void seesEveryMoveOfTheChannelAtOnce() throws Exception {
    try (PlainFarm farm = farm()) {
      SnapshotId first = farm.snapshot(1, Map.of(SMALL, text("one"), "Latest/pkg.pkg", text("p1")));
      SnapshotId second =
          farm.snapshot(2, Map.of(SMALL, text("two"), "Latest/pkg.pkg", text("p2")));
      String date = "";
      for (int i = 0; i < 10; i++) {
        Publication move = farm.publish(i % 2 == 0 ? first : second);
        String now =
            Web.head(farm.uri("data.pkg")).headers().firstValue("Last-Modified").orElse("");
        assertThat(now).isEqualTo(Sender.httpDate(move.at())).isNotEqualTo(date);
        if (!date.isEmpty()) {
          assertThat(Web.get(farm.uri("data.pkg"), "If-Modified-Since", date).statusCode())
              .isEqualTo(200);
        }
        assertThat(Web.get(farm.uri("data.pkg"), "If-Modified-Since", now).statusCode())
            .isEqualTo(304);
        assertThat(Web.get(farm.uri("data.pkg")).body()).isEqualTo("catalogue " + (i % 2 + 1));
        assertThat(Web.get(farm.uri(SMALL)).body()).isEqualTo(i % 2 == 0 ? "one" : "two");
        assertThat(Web.get(farm.uri("Latest/pkg.pkg")).body()).isEqualTo("p" + (i % 2 + 1));
        date = now;
      }
    }
  }

  @Test
  void takesNoOlderFileForAnUnchangedOneWhenTheChannelGoesBack() throws Exception {
    try (PlainFarm farm = farm()) {
      SnapshotId old = farm.snapshot(1, Map.of(SMALL, text("old")));
      SnapshotId young = farm.snapshot(2, Map.of(SMALL, text("young")));
      farm.publish(young);
      HttpResponse<String> before = Web.get(farm.uri(SMALL));
      String date = before.headers().firstValue("Last-Modified").orElseThrow();
      String tag = before.headers().firstValue("ETag").orElseThrow();
      farm.publish(old);
      assertThat(Web.get(farm.uri(SMALL), "If-Modified-Since", date).body()).isEqualTo("old");
      assertThat(Web.get(farm.uri(SMALL), "If-None-Match", tag).body()).isEqualTo("old");
      assertThat(Web.get(farm.uri(SMALL), "Range", "bytes=1-", "If-Range", tag).body())
          .isEqualTo("old");
    }
  }

  @Test
  void givesOldPackagesToWhoeverHoldsAnEarlierCatalogue() throws Exception {
    try (PlainFarm farm = farm()) {
      for (int i = 1; i <= 20; i++) {
        farm.publish(farm.snapshot(i, Map.of("All/only-" + i + ".pkg", text("of " + i))));
      }
      for (int i = 1; i <= 20; i++) {
        assertThat(Web.get(farm.uri("All/only-" + i + ".pkg")).body()).isEqualTo("of " + i);
      }
      assertThat(Web.get(farm.uri("All/only-21.pkg")).statusCode()).isEqualTo(404);
    }
  }

  @Test
  void finishesADownloadWithTheFileItBeganWith() throws Exception {
    byte[] old = bytes(8 << 20, 1);
    try (PlainFarm farm = farm()) {
      SnapshotId first = farm.snapshot(1, Map.of(LARGE, old));
      farm.publish(first);
      try (Socket socket = open(farm)) {
        send(socket, "GET " + PlainFarm.ADDRESS + LARGE + " HTTP/1.1\r\nHost: x\r\n\r\n");
        InputStream in = new BufferedInputStream(socket.getInputStream());
        assertThat(head(in)).startsWith("HTTP/1.1 200 ");
        byte[] begin = in.readNBytes(1 << 16);
        farm.publish(farm.snapshot(2, Map.of(LARGE, bytes(8 << 20, 2))));
        remove(farm.folder(first));
        byte[] rest = in.readNBytes(old.length - begin.length);
        assertThat(begin).isEqualTo(Arrays.copyOf(old, begin.length));
        assertThat(rest).isEqualTo(Arrays.copyOfRange(old, begin.length, old.length));
      }
      assertThat(Web.bytes(farm.uri(LARGE)).body()).isEqualTo(bytes(8 << 20, 2));
    }
  }

  @Test
  void finishesADownloadBeforeItStops() throws Exception {
    byte[] large = bytes(8 << 20, 3);
    PlainFarm farm = farm();
    farm.publish(farm.snapshot(1, Map.of(LARGE, large)));
    try (Socket socket = open(farm)) {
      send(socket, "GET " + PlainFarm.ADDRESS + LARGE + " HTTP/1.1\r\nHost: x\r\n\r\n");
      InputStream in = new BufferedInputStream(socket.getInputStream());
      assertThat(head(in)).startsWith("HTTP/1.1 200 ");
      Thread stop = new Thread(farm::close);
      stop.start();
      assertThat(in.readNBytes(large.length)).isEqualTo(large);
      stop.join();
    }
  }

  @Test
  void answersRequestsThatComeTogetherOneAfterAnother() throws Exception {
    try (PlainFarm farm = farm()) {
      farm.publish(farm.snapshot(1, Map.of(SMALL, text("small"), LARGE, bytes(200_000, 4))));
      String request = "%s " + PlainFarm.ADDRESS + "%s HTTP/1.1\r\nHost: x\r\n%s\r\n";
      try (Socket socket = open(farm)) {
        send(
            socket,
            request.formatted("GET", SMALL, "")
                + request.formatted("HEAD", LARGE, "")
                + request.formatted("GET", LARGE, "")
                + request.formatted("GET", "none.pkg", "")
                + request.formatted("GET", SMALL, "Range: bytes=-2\r\n")
                + request.formatted("GET", LARGE, "Range: bytes=100000-\r\n")
                + request.formatted("GET", "data.pkg", "Connection: close\r\n"));
        InputStream in = new BufferedInputStream(socket.getInputStream());
        assertThat(head(in)).startsWith("HTTP/1.1 200 ").contains("\r\nContent-Length: 5\r\n");
        assertThat(in.readNBytes(5)).isEqualTo(text("small"));
        assertThat(head(in)).startsWith("HTTP/1.1 200 ").contains("\r\nContent-Length: 200000\r\n");
        assertThat(head(in)).startsWith("HTTP/1.1 200 ").contains("\r\nContent-Length: 200000\r\n");
        assertThat(in.readNBytes(200_000)).isEqualTo(bytes(200_000, 4));
        String missing = head(in);
        assertThat(missing).startsWith("HTTP/1.1 404 ");
        in.readNBytes(length(missing));
        assertThat(head(in)).startsWith("HTTP/1.1 206 ").contains("Content-Range: bytes 3-4/5\r\n");
        assertThat(in.readNBytes(2)).isEqualTo(text("ll"));
        assertThat(head(in)).contains("Content-Range: bytes 100000-199999/200000\r\n");
        assertThat(in.readNBytes(100_000))
            .isEqualTo(Arrays.copyOfRange(bytes(200_000, 4), 100_000, 200_000));
        assertThat(head(in)).startsWith("HTTP/1.1 200 ");
        assertThat(in.readAllBytes()).isEqualTo(text("catalogue 1"));
      }
    }
  }

  @Test
  void speaksHttp10() throws Exception {
    try (PlainFarm farm = farm()) {
      farm.publish(farm.snapshot(1, Map.of(SMALL, text("small"))));
      assertThat(Web.raw(farm.uri(""), "GET " + PlainFarm.ADDRESS + SMALL + " HTTP/1.0\r\n\r\n"))
          .startsWith("HTTP/1.1 200 ")
          .endsWith("\r\n\r\nsmall");
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {SMALL, LARGE})
  void judgesConditionsAsHttpSays(String name) throws Exception {
    try (PlainFarm farm = farm()) {
      byte[] content = bytes(name.equals(SMALL) ? 1_000 : 300_000, 5);
      farm.publish(farm.snapshot(1, Map.of(name, content)));
      HttpResponse<byte[]> plain = Web.bytes(farm.uri(name));
      String tag = plain.headers().firstValue("ETag").orElseThrow();
      String date = plain.headers().firstValue("Last-Modified").orElseThrow();
      assertThat(tag).matches("\"[0-9a-f]{24}\"");
      for (String[] unchanged : new String[][] {
        {"If-None-Match", tag},
        {"If-None-Match", "\"x\", W/" + tag},
        {"If-None-Match", "*"},
        {"If-Modified-Since", date},
        {"If-None-Match", tag, "If-Modified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"}
      }) {
        HttpResponse<byte[]> answer = Web.bytes(farm.uri(name), unchanged);
        assertThat(answer.statusCode()).as(Arrays.toString(unchanged)).isEqualTo(304);
        assertThat(answer.headers().firstValue("ETag")).hasValue(tag);
        assertThat(answer.body()).isEmpty();
      }
      for (String[] changed : new String[][] {
        {"If-None-Match", "\"x\""},
        {"If-None-Match", "\"x\"", "If-Modified-Since", date},
        {"If-Match", tag},
        {"If-Match", "*"},
        {"If-Unmodified-Since", date},
        {"Range", "bytes=5-", "If-Range", "\"x\""},
        {"Range", "bytes=5-", "If-Range", "W/" + tag},
        {"Range", "bytes=1-2,5-6"},
        {"Range", "lines=1-2"}
      }) {
        HttpResponse<byte[]> answer = Web.bytes(farm.uri(name), changed);
        assertThat(answer.statusCode()).as(Arrays.toString(changed)).isEqualTo(200);
        assertThat(answer.body()).isEqualTo(content);
      }
      for (String[] failed : new String[][] {
        {"If-Match", "\"x\""},
        {"If-Match", "W/" + tag},
        {"If-Unmodified-Since", "Thu, 01 Jan 1970 00:00:00 GMT"}
      }) {
        assertThat(Web.bytes(farm.uri(name), failed).statusCode())
            .as(Arrays.toString(failed))
            .isEqualTo(412);
      }
      for (String same : List.of(tag, date)) {
        HttpResponse<byte[]> part =
            Web.bytes(farm.uri(name), "Range", "bytes=5-6", "If-Range", same);
        assertThat(part.statusCode()).isEqualTo(206);
        assertThat(part.body()).isEqualTo(Arrays.copyOfRange(content, 5, 7));
      }
    }
  }

  @Test
  void saysForGoodOnlyOfNamesThatSayTheirContent() throws Exception {
    try (PlainFarm farm = farm()) {
      SnapshotId id = farm.snapshot(
          1,
          Map.of(
              SMALL,
              text("s"),
              HASHED,
              text("s"),
              "All/Hashed/plain-1.0.pkg",
              text("s"),
              "Latest/pkg.pkg",
              text("p")));
      farm.publish(id);
      String forGood = "public, max-age=31536000, immutable";
      assertThat(cached(farm, HASHED)).isEqualTo(forGood);
      for (String each : List.of(SMALL, "All/Hashed/plain-1.0.pkg", "Latest/pkg.pkg", "data.pkg")) {
        assertThat(cached(farm, each)).as(each).isEqualTo("no-cache");
        String snapshot = "/repo/" + SampleSite.JOB + "/snapshots/" + id + "/" + each;
        assertThat(cached(farm, snapshot)).as(snapshot).isEqualTo(forGood);
      }
    }
  }

  private static String cached(PlainFarm farm, String name) throws Exception {
    HttpResponse<byte[]> answer = Web.bytes(farm.uri(name));
    assertThat(answer.statusCode()).as(name).isEqualTo(200);
    return answer.headers().firstValue("Cache-Control").orElse("");
  }

  @Test
  void keepsNothingOfAChannelThatAnotherProcessMoved() throws Exception {
    try (PlainFarm farm = farm()) {
      farm.publish(farm.snapshot(1, Map.of(SMALL, text("one"))));
      assertThat(Web.get(farm.uri(SMALL)).body()).isEqualTo("one");
      try (PlainFarm other = farm()) {
        other.publish(other.snapshot(2, Map.of(SMALL, text("two"))));
      }
      assertThat(Web.get(farm.uri(SMALL)).body()).isEqualTo("two");
    }
  }

  @Test
  void leadsOutOfNoSnapshotByALink() throws Exception {
    try (PlainFarm farm = farm()) {
      SnapshotId id = farm.snapshot(1, Map.of(HASHED, text("in")));
      Path all = farm.folder(id).resolve("All");
      Files.createSymbolicLink(all.resolve("in.pkg"), Path.of("Hashed/small-1.0~0123456789.pkg"));
      Files.createSymbolicLink(all.resolve("out.pkg"), sample.home().resolve("keys/farm.pem"));
      Files.createSymbolicLink(all.resolve("up"), sample.home().resolve("keys"));
      Files.createSymbolicLink(all.resolve("round"), Path.of("round"));
      farm.publish(id);
      assertThat(Web.get(farm.uri("All/in.pkg")).body()).isEqualTo("in");
      for (String path : List.of("All/out.pkg", "All/up/", "All/up/farm.pem", "All/round")) {
        assertThat(Web.get(farm.uri(path)).statusCode()).as(path).isEqualTo(404);
      }
    }
  }

  private static Socket open(PlainFarm farm) throws IOException {
    Socket socket =
        new Socket(farm.server.address().getHost(), farm.server.address().getPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  private static void send(Socket socket, String request) throws IOException {
    socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
  }

  /** Up to and with the empty line. */
  private static String head(InputStream in) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as(head.toString()).isNotNegative();
      head.append((char) next);
    }
    return head.toString();
  }

  private static int length(String head) {
    Matcher length = Pattern.compile("Content-Length: (\\d+)").matcher(head);
    assertThat(length.find()).isTrue();
    return Integer.parseInt(length.group(1));
  }

  private static void remove(Path folder) throws IOException {
    List<Path> all;
    try (Stream<Path> found = Files.walk(folder)) {
      all = found.sorted(java.util.Comparator.reverseOrder()).toList();
    }
    for (Path each : all) {
      Files.delete(each);
    }
  }
}
