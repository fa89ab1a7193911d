package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Random;
import org.eclipse.jetty.http.HttpException;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpParser;
import org.eclipse.jetty.http.HttpVersion;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("StringConcatToTextBlock")
class PlainReaderTest {
  private static final String LINE = "GET /repo/a/b/data.pkg HTTP/1.1\r\n";
  private static final String HOST = "Host: x\r\n";

  /** What clients send: pkg, curl, wget, wrk and Java's. */
  private static final List<String> GOOD = List.of(
      LINE + HOST + "\r\n",
      LINE + "host:localhost:54321\r\n\r\n",
      "HEAD /repo/a/b/All/Hashed/x-1.0~0123456789.pkg HTTP/1.1\r\nHost: 127.0.0.1:80\r\n\r\n",
      "GET /repo/a/b/All/gtk%2B-1.0%7Eabc,1.pkg HTTP/1.1\r\nHost: farm.example.org\r\n"
          + "Accept: */*\r\nUser-Agent: pkg/2.8.4\r\nConnection: Keep-Alive\r\n\r\n",
      LINE + HOST + "If-Modified-Since: Sun, 22 Nov 2026 20:00:00 GMT\r\n"
          + "If-None-Match: W/\"a\", \"b\" \t\r\n\r\n",
      LINE + "User-Agent: curl/8.1 (x; y)\r\nAccept-Encoding: gzip\r\nACCEPT-LANGUAGE: de\r\n"
          + "Cache-Control: no-cache\r\nPragma: no-cache\r\nAccept:\r\n" + HOST + "\r\n");

  private static @Nullable PlainRequest read(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    return PlainRequest.read(bytes, 0, bytes.length);
  }

  @Test
  void readsWhatClientsSend() {
    for (String each : GOOD) {
      PlainRequest read = Objects.requireNonNull(read(each + "GET"), each);
      assertThat(read.end()).isEqualTo(each.length());
      assertThat(read.head()).isEqualTo(each.startsWith("HEAD"));
      assertThat(read.path()).isEqualTo(each.split(" ", -1)[1]);
    }
    PlainRequest conditional = Objects.requireNonNull(read(GOOD.get(4)));
    assertThat(conditional.conditions().get(HttpHeader.IF_NONE_MATCH)).isEqualTo("W/\"a\", \"b\"");
    assertThat(conditional.conditions().get(HttpHeader.IF_MODIFIED_SINCE))
        .isEqualTo("Sun, 22 Nov 2026 20:00:00 GMT");
  }

  @Test
  void readsNothingOfWhatIsNotAllThere() {
    for (String each : GOOD) {
      for (int i = 0; i < each.length(); i++) {
        assertThat(read(each.substring(0, i))).as(each.substring(0, i)).isNull();
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET /repo/x HTTP/1.1\r\n\r\n",
        "GET /repo/x HTTP/1.0\r\nHost: x\r\n\r\n",
        "GET /repo/x HTTP/1.1 \r\nHost: x\r\n\r\n",
        "GET  /repo/x HTTP/1.1\r\nHost: x\r\n\r\n",
        "get /repo/x HTTP/1.1\r\nHost: x\r\n\r\n",
        "POST /repo/x HTTP/1.1\r\nHost: x\r\n\r\n",
        "\r\nGET /repo/x HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /repo/x?q HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /repo/x#q HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /repo/x;a HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /repo/x\\a HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /repo/x\u00e4 HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /repo/x\tHTTP/1.1\r\nHost: x\r\n\r\n",
        "GET http://x/repo/x HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /api/farm HTTP/1.1\r\nHost: x\r\n\r\n",
        "GET /repo/x HTTP/1.1\nHost: x\n\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\n\n",
        "GET /repo/x HTTP/1.1\r\nHost : x\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\n Host: x\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nAccept: a\r\n b\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nHost: x\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost:\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x, y\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: u@x\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x:\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: :80\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x:y\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x:0\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x:65536\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x:080\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\n: y\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nAccept\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nAccept: a\u0000b\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nAccept: a\u00ff\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nContent-Length: 0\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nUpgrade: h2c\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nConnection: keep-alive, Upgrade\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nRange: bytes=0-1\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nIf-Range: \"a\"\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nIf-Match: \"a\"\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nIf-Unmodified-Since: a\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nIf-None-Match:\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nIf-None-Match: \"a\"\r\nIf-None-Match: \"b\"\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nTE: trailers\r\n\r\n",
        "GET /repo/x HTTP/1.1\r\nHost: x\r\nX-Odd: y\r\n\r\n",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"
      })
  void leavesAllElseToTheFullParser(String text) {
    assertThat(read(text)).isNull();
  }

  /** What the full parser makes of a head. */
  private static final class Full implements HttpParser.RequestHandler {
    private String line = "";
    private final List<String> fields = new ArrayList<>();
    private boolean bad;
    private boolean complete;

    @Override
    public void startRequest(String method, String uri, HttpVersion version) {
      line = method + " " + uri + " " + version;
    }

    @Override
    public void parsedHeader(HttpField field) {
      fields.add(field.getName().toLowerCase(Locale.ROOT) + "=" + field.getValue());
    }

    @Override
    public void badMessage(HttpException failure) {
      bad = true;
    }

    @Override
    public boolean content(ByteBuffer item) {
      throw new AssertionError("a body");
    }

    @Override
    public boolean headerComplete() {
      return true;
    }

    @Override
    public boolean contentComplete() {
      return false;
    }

    @Override
    public boolean messageComplete() {
      complete = true;
      return true;
    }

    @Override
    public void earlyEOF() {}
  }

  /** Two readers of one head that differ are how a request is smuggled past the one that checks. */
  @Test
  void readsNothingThatTheFullParserReadsInAnotherWay() {
    Random random = new Random(11);
    String odd = " \t\r\n:,;%?#/\\\u0000\u007f\u0080\u00ffaHGhc0T\"";
    int taken = 0;
    for (int i = 0; i < 40_000; i++) {
      StringBuilder text = new StringBuilder(GOOD.get(random.nextInt(GOOD.size())));
      for (int changes = 1 + random.nextInt(3); changes > 0; changes--) {
        int at = random.nextInt(text.length());
        switch (random.nextInt(3)) {
          case 0 -> text.setCharAt(at, odd.charAt(random.nextInt(odd.length())));
          case 1 -> text.insert(at, odd.charAt(random.nextInt(odd.length())));
          default -> text.deleteCharAt(at);
        }
      }
      PlainRequest read = read(text + "GET /next");
      if (read != null) {
        taken++;
        requireSame(read, text + "GET /next");
      }
    }
    assertThat(taken).isGreaterThan(4_000);
  }

  private static void requireSame(PlainRequest read, String text) {
    Full full = new Full();
    HttpParser parser = new HttpParser(full, 8_192);
    ByteBuffer bytes = ByteBuffer.wrap(text.getBytes(StandardCharsets.ISO_8859_1));
    for (int i = 0; i < 3 && !full.complete && !full.bad; i++) {
      parser.parseNext(bytes);
    }
    assertThat(full.bad).as(text).isFalse();
    assertThat(full.complete).as(text).isTrue();
    assertThat(full.line)
        .as(text)
        .isEqualTo((read.head() ? "HEAD " : "GET ") + read.path() + " HTTP/1.1");
    assertThat(bytes.position()).as(text).isEqualTo(read.end());
    for (HttpField each : read.conditions()) {
      assertThat(full.fields)
          .as(text)
          .contains(each.getName().toLowerCase(Locale.ROOT) + "=" + each.getValue());
    }
    assertThat(full.fields)
        .as(text)
        .allMatch(
            each -> each.matches(
                "(host|accept|accept-encoding|accept-language|user-agent"
                    + "|cache-control|pragma|if-none-match|if-modified-since)=.*|connection=(?i)keep-alive"));
  }
}
