package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.jail.Containment;
import org.slipway.web.SampleFarm.Served;

@ExtendWith(SampleFarm.class)
class StatusServerTest {
  private static final String CHANNEL = "/jobs/dev-14-amd64/channels/dev";
  private static final String FAILED = "/builds/1/private/libfleet";

  private final Served farm;

  StatusServerTest(Served farm) {
    this.farm = farm;
  }

  private String page(String path) throws Exception {
    HttpResponse<String> answer = Web.get(farm.uri(path));
    assertThat(answer.statusCode()).as(path).isEqualTo(200);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    return answer.body();
  }

  @Test
  void showsJobsAndWhatIsBuildingOnTheFrontPage() throws Exception {
    assertThat(page("/"))
        .contains(
            "href=\"/jobs/dev-14-amd64\"", "lang/python311", "href=\"/builds/4\"", "2 building")
        .contains("runc in private namespaces", "href=\"/jobs/dev-14-amd64/channels/dev\"")
        .doesNotContain("not contained");
  }

  @Test
  void warnsWhereBuildsAreNotContained() throws Exception {
    try (StatusServer server =
        StatusServer.start(farm.sample().site(Containment.PROOT), "127.0.0.1", 0)) {
      assertThat(Web.get(server.address().resolve("/builds/1")).body())
          .contains("role=\"alert\"", "Builds on this farm are not contained.");
    }
  }

  @Test
  void showsAJobWithItsCommitsAndNoPassword() throws Exception {
    assertThat(page("/jobs/dev-14-amd64"))
        .contains(
            "https://git.example.org/ports.git", "FreeBSD:14:amd64", "www/nginx: try the mainline")
        .doesNotContain("geheim");
  }

  @Test
  void showsABuildWholeWithoutAScript() throws Exception {
    String page = page("/builds/1");
    assertThat(page)
        .contains("<svg class=\"bar\"", "28 built", "Import of the quarterly branch 2026Q4")
        .contains("because of <a href=\"/builds/1/private/libfleet\">", "is not used by any flavor")
        .contains(
            "has not been built before",
            "is marked as broken: does not build with &lt;clang&gt; 19");
    assertThat(page.indexOf("id=\"failed-title\"")).isLessThan(page.indexOf("id=\"built-title\""));
    assertThat(page).containsOnlyOnce("<script");
  }

  @Test
  void showsWhatLiesOverTheTree() throws Exception {
    assertThat(page("/builds/1"))
        .contains("<h3>Overlay fleet</h3>", "private/libfleet: Fix &lt;script&gt;")
        .contains("id=\"paths-fleet\"", "private/libfleet/Makefile")
        .containsOnlyOnce("id=\"paths\"");
    assertThat(page("/jobs/dev-14-amd64"))
        .contains("<dt>Overlay fleet</dt>", "https://git.example.org/fleet</code>", "next")
        .doesNotContain("geheim");
    JsonNode overlay =
        Web.json(farm.uri("/api/builds/1")).get("build").get("overlays").get(0);
    assertThat(overlay.get("name").asText()).isEqualTo("fleet");
    assertThat(overlay.get("commit").get("id").asText()).hasSize(40);
  }

  @Test
  void showsSlotsAndTimeLeftWhileABuildIsUnderWay() throws Exception {
    assertThat(page("/builds/4"))
        .contains(
            "<dt>Left</dt>", "data-events=\"/builds/4/events\"", "3 left wait for what is building")
        .contains("lang/python311", "5 min 51 s");
  }

  @Test
  void groupsSkippedPackagesByCulprit() throws Exception {
    JsonNode skipped = Web.json(farm.uri("/api/builds/1")).get("skipped");
    assertThat(skipped.findValuesAsText("name")).startsWith("private/libfleet");
    assertThat(skipped.get(0).get("total").asInt()).isEqualTo(3);
    assertThat(skipped.get(0).get("rows").findValuesAsText("spec"))
        .containsExactlyInAnyOrder("private/fleet-agent", "private/fleet-web", "private/fleet-all");
    assertThat(skipped.get(1).get("name").asText()).isEqualTo("games/adventure");
  }

  @Test
  void showsAPackageWithPhasesLogAndHistory() throws Exception {
    assertThat(page(FAILED))
        .contains(
            "<b>compile</b> in build: error: use of undeclared identifier &#39;SSL_OP_&lt;b&gt;")
        .contains("check-sanity", "what went wrong, line 62", "id=\"L62\" class=\"k-quoted\"")
        .contains(
            "?line=62#L62\">line 62 of the log</a>", "<dt>Peak memory</dt>", "<dt>Output</dt>")
        .contains("href=\"/builds/2/private/libfleet\"")
        .contains("Attempt 2 of 4, the first failed at fetch: the mirror says &lt;503&gt;")
        .doesNotContain("\u001b");
    assertThat(page(FAILED + "?from=1")).contains("id=\"L1\" class=\"k-phase\"");
    assertThat(page(FAILED + "?line=62"))
        .contains("id=\"L42\"", "id=\"L62\"")
        .doesNotContain("id=\"L41\"", "with-times");
    assertThat(page(FAILED + "?line=62&times=1"))
        .contains("log with-times", "</time><code>", "?from=1&amp;times=1#log", "without times");
    assertThat(page(FAILED + "?line=abc&from=-1&times=x")).contains("id=\"L62\"");
  }

  @Test
  void givesLinesOfALogAndWhenTheyWereWritten() throws Exception {
    assertThat(Web.get(farm.uri(FAILED + "/log?from=2&count=1")).body())
        .isEqualTo("===>  Phase: pkg-depends\n");
    assertThat(Web.get(farm.uri(FAILED + "/log?from=2&count=1&times=1")).body())
        .matches("\\d{4}-\\d\\d-\\d\\dT\\d\\d:\\d\\d:\\d\\dZ  ===>  Phase: pkg-depends\n");
    assertThat(Web.get(farm.uri(FAILED + "/log?from=99999")).body()).isEmpty();
  }

  @Test
  void givesALogAsTheBuildWroteItAndRangesOfIt() throws Exception {
    HttpResponse<byte[]> whole = Web.bytes(farm.uri(FAILED + "/log?raw=1"));
    assertThat(new String(whole.body(), StandardCharsets.UTF_8)).contains("\033[1;31merror:");
    assertThat(whole.headers().firstValue("Content-Disposition"))
        .hasValue("attachment; filename=\"private-libfleet.log\"");
    assertThat(whole.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    HttpResponse<byte[]> part = Web.bytes(farm.uri(FAILED + "/log?raw=1"), "Range", "bytes=10-19");
    assertThat(part.statusCode()).isEqualTo(206);
    assertThat(part.body()).isEqualTo(Arrays.copyOfRange(whole.body(), 10, 20));
    assertThat(part.headers().firstValue("Content-Range"))
        .hasValue("bytes 10-19/" + whole.body().length);
    assertThat(Web.bytes(farm.uri(FAILED + "/log?raw=1"), "Range", "bytes=9999999-")
            .statusCode())
        .isEqualTo(416);
    HttpResponse<byte[]> head = Web.head(farm.uri(FAILED + "/log?raw=1"));
    assertThat(head.headers().firstValueAsLong("Content-Length")).hasValue(whole.body().length);
  }

  @Test
  void givesAWholeLogAsPlainText() throws Exception {
    HttpResponse<String> log = Web.get(farm.uri(FAILED + "/log"));
    assertThat(log.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(log.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
    assertThat(log.body()).startsWith("===>  Phase: check-sanity\n").endsWith("\nStop.\n");
    assertThat(log.body()).contains("checking for a C compiler... cc\n").doesNotContain("\u001b");
    assertThat(Web.get(farm.uri("/builds/1/private/fleet-all/log")).statusCode())
        .isEqualTo(404);
  }

  @Test
  void showsAChannelWithClientConfigurationAndFingerprint() throws Exception {
    String fingerprint = farm.sample().fingerprint();
    assertThat(page(CHANNEL))
        .contains(fingerprint, farm.at("/repo/dev-14-amd64/dev"), "signature_type", "fetch -o ")
        .contains("fleet-agent</span>", "2.14.0_1", "What the last move changed");
  }

  @Test
  void filtersAndPagesThroughPackages() throws Exception {
    assertThat(page("/builds/1/packages?state=built&q=PYTHON"))
        .contains("lang/python311")
        .doesNotContain("www/haproxy");
    JsonNode all = Web.json(farm.uri("/api/builds/1/packages?page=99"));
    assertThat(all.get("total").asInt()).isEqualTo(34);
    assertThat(all.get("page").asInt()).isEqualTo(1);
    assertThat(Web.get(farm.uri("/builds/1/packages?state=nonsense")).statusCode())
        .isEqualTo(400);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/builds/1",
        "/builds/2",
        FAILED,
        "/jobs/dev-14-amd64",
        CHANNEL,
        "/builds/2/packages?q=%3Cscript%3Ealert(1)%3C/script%3E%22",
        "/builds/1/private/fleet-tools"
      })
  void escapesAllThatStrangersWrote(String path) throws Exception {
    assertThat(page(path))
        .doesNotContain("<script>alert", "<img src=x", "<b>NEW", "<clang>", "<platform>", "\u202E");
  }

  @Test
  void keepsHostileTextReadable() throws Exception {
    assertThat(page("/builds/2")).contains("Fix &lt;script&gt;alert(&#39;x&#39;)&lt;/script&gt;");
    assertThat(Web.json(farm.uri("/api/builds/2")).at("/build/commit/author").asText())
        .isEqualTo("Robin \"><img src=x onerror=alert(1)>");
  }

  @Test
  void givesTheSameAsJson() throws Exception {
    JsonNode front = Web.json(farm.uri("/api/farm"));
    assertThat(front.at("/jobs/0/name").asText()).isEqualTo("dev-14-amd64");
    assertThat(front.get("contained").asBoolean()).isTrue();
    JsonNode build = Web.json(farm.uri("/api/builds/4"));
    assertThat(build.at("/build/state").asText()).isEqualTo("building");
    assertThat(build.get("leftSeconds").isNumber()).isTrue();
    assertThat(build.get("slots")).hasSize(SampleSite.SLOTS);
    JsonNode pkg = Web.json(farm.uri("/api" + FAILED));
    assertThat(pkg.at("/pkg/failure").asText()).isEqualTo("compile");
    assertThat(pkg.at("/phases/7/phase").asText()).isEqualTo("build");
    assertThat(pkg.at("/log/quoted").asLong()).isEqualTo(62);
    assertThat(pkg.at("/quote/line").asLong()).isEqualTo(62);
    assertThat(pkg.at("/used/peakMemoryBytes").asLong()).isEqualTo(900L << 20);
    assertThat(pkg.at("/phases/7/cpuSeconds").isNumber()).isTrue();
    JsonNode channel = Web.json(farm.uri("/api" + CHANNEL));
    assertThat(channel.get("packageCount").asInt())
        .isEqualTo(channel.get("packages").size());
    assertThat(channel.get("history")).hasSize(2);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/nowhere",
        "/builds/99",
        "/builds/0",
        "/builds/-1",
        "/builds/x",
        "/builds/99999999999999999999",
        "/jobs/none",
        "/jobs/UPPER",
        "/jobs/dev-14-amd64/channels/none",
        "/builds/1/no/such",
        "/builds/1/.hidden/x",
        "/builds/1/a/b@C",
        "/builds/1/lang/python311/log/x",
        "/assets/secret.pem",
        "/assets/"
      })
  void saysNotFound(String path) throws Exception {
    HttpResponse<String> answer = Web.get(farm.uri(path));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.body()).contains("To the farm").doesNotContain("\tat ", "Exception");
  }

  @Test
  void saysNotFoundAsJsonToo() throws Exception {
    HttpResponse<String> answer = Web.get(farm.uri("/api/builds/99"));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type"))
        .hasValue("application/json; charset=utf-8");
    assertThat(answer.body()).contains("\"status\" : 404");
  }

  @Test
  void refusesToBeWritten() throws Exception {
    for (String method : List.of("POST", "PUT", "DELETE", "OPTIONS", "TRACE", "NONSENSE")) {
      // Not by a connection that was used before: the server may be closing it at this moment, as
      // it
      // does where it has not read the body of what it refused.
      HttpClient client = HttpClient.newHttpClient();
      HttpResponse<String> answer = method.equals("TRACE")
          ? null
          : client.send(
              HttpRequest.newBuilder(farm.uri("/"))
                  .method(method, HttpRequest.BodyPublishers.ofString("x"))
                  .build(),
              HttpResponse.BodyHandlers.ofString());
      if (answer != null) {
        assertThat(answer.statusCode()).as(method).isEqualTo(405);
        assertThat(answer.headers().firstValue("Allow")).hasValue("GET, HEAD");
      }
    }
  }

  @Test
  void sendsPrecautionsWithEveryAnswer() throws Exception {
    for (String path :
        List.of("/", "/nowhere", "/assets/slipway.css", "/repo/dev-14-amd64/dev/meta")) {
      HttpResponse<String> answer = Web.get(farm.uri(path));
      assertThat(answer.headers().firstValue("Content-Security-Policy"))
          .as(path)
          .hasValueSatisfying(policy -> assertThat(policy)
              .contains("default-src 'none'", "frame-ancestors 'none'")
              .doesNotContain("unsafe"));
      assertThat(answer.headers().firstValue("X-Content-Type-Options")).hasValue("nosniff");
      assertThat(answer.headers().firstValue("Referrer-Policy")).hasValue("no-referrer");
      assertThat(answer.headers().firstValue("Server")).isEmpty();
    }
  }

  @Test
  void needsNothingFromElsewhere() throws Exception {
    String page = page("/builds/4");
    assertThat(page.replace(farm.at(""), ""))
        .doesNotContain("src=\"http", "href=\"http", "style=\"", "onclick");
    for (String asset : List.of("slipway.css", "slipway.js", "icon.svg")) {
      assertThat(page).contains("/assets/" + asset + "?v=");
      assertThat(Web.get(farm.uri("/assets/" + asset)).statusCode()).isEqualTo(200);
    }
  }

  @Test
  void answersRefusedRequestsWithoutTheInside() throws Exception {
    String longUri = "/" + "x".repeat(20_000);
    assertThat(Web.raw(farm.uri("/"), "GET " + longUri + " HTTP/1.1\r\nHost: x\r\n\r\n"))
        .startsWith("HTTP/1.1 414")
        .doesNotContain("jetty", "Exception", "\tat ");
    assertThat(Web.raw(farm.uri("/"), "nonsense\r\n\r\n"))
        .startsWith("HTTP/1.1 400")
        .doesNotContain("jetty", "Exception");
  }

  @Test
  void takesNoAddressFromAForgedHost() throws Exception {
    String request =
        "GET /repo/dev-14-amd64/dev.conf HTTP/1.1\r\nHost: %s\r\nConnection: close\r\n\r\n";
    assertThat(Web.raw(farm.uri("/"), request.formatted("farm.example:81")))
        .contains("url: \"http://farm.example:81/repo/dev-14-amd64/dev\"");
    for (String forged : List.of("x\"y", "a;b", "x y", "${jndi}", "a\\b")) {
      assertThat(Web.raw(farm.uri("/"), request.formatted(forged)))
          .as(forged)
          .doesNotContain("http://" + forged);
    }
  }

  @Test
  void saysWhichPortIsBusy() throws Exception {
    try (ServerSocket busy = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(() -> StatusServer.start(
              farm.sample().site(Containment.RUNC), "127.0.0.1", busy.getLocalPort()))
          .isInstanceOf(IOException.class)
          .hasMessage("Port " + busy.getLocalPort() + " on 127.0.0.1 is in use by another program;"
              + " stop that one or give another port.");
    }
  }
}
