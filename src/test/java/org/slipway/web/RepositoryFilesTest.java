package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.publish.Publication;
import org.slipway.web.SampleFarm.Served;

@ExtendWith(SampleFarm.class)
class RepositoryFilesTest {
  private static final String REPOSITORY = "/repo/dev-14-amd64/dev/";
  private static final String PACKAGE = "All/haproxy-3.0.10.pkg";

  private final Served farm;

  RepositoryFilesTest(Served farm) {
    this.farm = farm;
  }

  private Publication current() throws Exception {
    return farm.sample().publisher.current(SampleSite.DEV).orElseThrow();
  }

  private Path file(String name) throws Exception {
    return farm.sample().publisher.directory(current().snapshot()).resolve(name);
  }

  private static String date(Instant moment) {
    return DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
        .format(moment.atOffset(ZoneOffset.UTC));
  }

  @ParameterizedTest
  @ValueSource(strings = {"meta.conf", "meta", "data.pkg", "packagesite.pkg", PACKAGE})
  void givesTheSnapshotsFiles(String name) throws Exception {
    HttpResponse<byte[]> answer = Web.bytes(farm.uri(REPOSITORY + name));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEqualTo(Files.readAllBytes(file(name)));
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("application/octet-stream");
    assertThat(answer.headers().firstValue("Content-Encoding")).isEmpty();
    assertThat(answer.headers().firstValue("Accept-Ranges")).hasValue("bytes");
    assertThat(answer.headers().firstValueAsLong("Content-Length"))
        .hasValue(Files.size(file(name)));
  }

  @Test
  void datesTheCatalogueByItsPublication() throws Exception {
    for (String name : List.of("meta.conf", "data.pkg", "packagesite.pkg")) {
      assertThat(Web.head(farm.uri(REPOSITORY + name)).headers().firstValue("Last-Modified"))
          .hasValue(date(current().at()));
    }
    assertThat(Web.head(farm.uri(REPOSITORY + PACKAGE)).headers().firstValue("Last-Modified"))
        .hasValue(date(Files.getLastModifiedTime(file(PACKAGE)).toInstant()));
  }

  @Test
  void saysThatNothingChangedSince() throws Exception {
    String now = date(current().at());
    HttpResponse<byte[]> same =
        Web.bytes(farm.uri(REPOSITORY + "data.pkg"), "If-Modified-Since", now);
    assertThat(same.statusCode()).isEqualTo(304);
    assertThat(same.body()).isEmpty();
    String before = date(current().at().minusSeconds(1));
    assertThat(Web.get(farm.uri(REPOSITORY + "data.pkg"), "If-Modified-Since", before)
            .statusCode())
        .isEqualTo(200);
    assertThat(Web.get(farm.uri(REPOSITORY + "data.pkg"), "If-Modified-Since", "yesterday")
            .statusCode())
        .isEqualTo(200);
  }

  @Test
  void goesOnWhereADownloadBrokeOff() throws Exception {
    byte[] whole = Files.readAllBytes(file(PACKAGE));
    HttpResponse<byte[]> rest = Web.bytes(farm.uri(REPOSITORY + PACKAGE), "Range", "bytes=100-");
    assertThat(rest.statusCode()).isEqualTo(206);
    assertThat(rest.body()).isEqualTo(Arrays.copyOfRange(whole, 100, whole.length));
    assertThat(rest.headers().firstValue("Content-Range"))
        .hasValue("bytes 100-" + (whole.length - 1) + "/" + whole.length);
    HttpResponse<byte[]> middle = Web.bytes(farm.uri(REPOSITORY + PACKAGE), "Range", "bytes=10-19");
    assertThat(middle.body()).isEqualTo(Arrays.copyOfRange(whole, 10, 20));
    HttpResponse<byte[]> beyond =
        Web.bytes(farm.uri(REPOSITORY + PACKAGE), "Range", "bytes=" + whole.length + "-");
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("Content-Range")).hasValue("bytes */" + whole.length);
    assertThat(Web.get(farm.uri(REPOSITORY + PACKAGE), "Range", "bytes=1-2,5-6").statusCode())
        .isEqualTo(200);
    assertThat(Web.get(
                farm.uri(REPOSITORY + PACKAGE),
                "Range",
                "bytes=5-",
                "If-Range",
                "Thu, 01 Jan 1970 00:00:00 GMT")
            .statusCode())
        .isEqualTo(200);
  }

  @Test
  void answersHeadWithoutABody() throws Exception {
    HttpResponse<byte[]> answer = Web.head(farm.uri(REPOSITORY + PACKAGE));
    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).isEmpty();
    assertThat(answer.headers().firstValueAsLong("Content-Length"))
        .hasValue(Files.size(file(PACKAGE)));
  }

  @Test
  void stillGivesAPackageOfTheCatalogueBefore() throws Exception {
    // The first snapshot's; the channel has moved to the second, where its version is another.
    Path earlier = farm.sample().publisher.directory(current().previous().orElseThrow());
    Path gone = earlier.resolve("All/gone-1.0.pkg");
    Files.writeString(gone, "of an earlier catalogue");
    assertThat(Web.get(farm.uri(REPOSITORY + "All/gone-1.0.pkg")).body())
        .isEqualTo("of an earlier catalogue");
    Files.writeString(earlier.resolve("gone.pkg"), "x");
    assertThat(Web.get(farm.uri(REPOSITORY + "gone.pkg")).statusCode()).isEqualTo(404);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "..%2f..%2f..%2f..%2fkeys/farm.pem",
        "../../../../keys/farm.pem",
        "All/../../../../../keys/farm.pem",
        "%2e%2e/%2e%2e/%2e%2e/%2e%2e/keys/farm.pem",
        "..;/..;/..;/keys/farm.pem",
        "All//../data.pkg",
        "..\\..\\keys\\farm.pem",
        "%2e%2e%5c%2e%2e%5ckeys",
        "All/%00",
        "data.pkg%00.txt",
        "All/./x",
        "%252e%252e/keys/farm.pem",
        ".new-x",
        "%c0%ae%c0%ae/keys/farm.pem"
      })
  void leadsNowhereElse(String path) throws Exception {
    String answer = Web.raw(
        farm.uri("/"),
        "GET " + REPOSITORY + path + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assertThat(answer).matches("(?s)HTTP/1.1 (400|404) .*").doesNotContain("PRIVATE KEY");
  }

  @Test
  void followsNoLinkOutOfASnapshot(@TempDir Path folder) throws Exception {
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    Path top = Files.createDirectories(folder.resolve("snapshot/All"));
    Files.createSymbolicLink(top.resolve("out.pkg"), secret);
    Files.createSymbolicLink(top.resolve("up"), folder);
    Files.writeString(top.resolve("in.pkg"), "in");
    Path snapshot = folder.resolve("snapshot");
    assertThat(RepositoryFiles.below(snapshot, List.of("All", "out.pkg"))).isEmpty();
    assertThat(RepositoryFiles.below(snapshot, List.of("All", "up", "secret"))).isEmpty();
    assertThat(RepositoryFiles.below(snapshot, List.of("All"))).isEmpty();
    assertThat(RepositoryFiles.below(snapshot, List.of("All", "in.pkg"))).isPresent();
    assertThat(RepositoryFiles.below(snapshot, List.of("All", "in.pkg", "x"))).isEmpty();
    assertThat(RepositoryFiles.below(snapshot, List.of("x".repeat(3_000)))).isEmpty();
  }

  @Test
  void givesWhatAClientNeedsToTrustIt() throws Exception {
    String key = Web.get(farm.uri("/repo/dev-14-amd64/farm.pub")).body();
    assertThat(key).startsWith("-----BEGIN PUBLIC KEY-----");
    assertThat(Web.get(farm.uri("/repo/dev-14-amd64/fingerprints/trusted/farm")).body())
        .contains(farm.sample().fingerprint());
    assertThat(Web.get(farm.uri("/repo/dev-14-amd64/farm.pem")).statusCode()).isEqualTo(404);
    assertThat(Web.get(farm.uri("/repo/dev-14-amd64/dev.conf")).body())
        .contains("\"dev-14-amd64-dev\": {", "url: \"" + farm.at("/repo/dev-14-amd64/dev") + "\"");
    assertThat(Web.get(farm.uri("/repo/dev-14-amd64/prod.conf")).statusCode()).isEqualTo(404);
  }

  @Test
  void listsFoldersForPeople() throws Exception {
    HttpResponse<String> top = Web.get(farm.uri(REPOSITORY));
    assertThat(top.headers().firstValue("Content-Type")).hasValue("text/html; charset=utf-8");
    assertThat(top.body())
        .contains("href=\"./All/\"", "href=\"./data.pkg\"", "href=\"/repo/dev-14-amd64/\"")
        .contains("href=\"/jobs/dev-14-amd64/channels/dev\"");
    String all = Web.get(farm.uri(REPOSITORY + "All/")).body();
    assertThat(all).contains("href=\"./haproxy-3.0.10.pkg\"", "href=\"" + REPOSITORY + "\"");
    assertThat(Web.get(farm.uri("/repo/")).body()).contains("href=\"./dev-14-amd64/\"");
    assertThat(Web.get(farm.uri("/repo/dev-14-amd64/")).body())
        .contains("href=\"./dev/\"", "href=\"./dev.conf\"", "href=\"./farm.pub\"")
        .contains("href=\"./snapshots/\"", "href=\"./fingerprints/trusted/farm\"");
    assertThat(Web.get(farm.uri("/repo/dev-14-amd64/snapshots/")).body())
        .contains("href=\"./" + current().snapshot() + "/\"");
  }

  @ParameterizedTest
  @ValueSource(strings = {"/repo", "/repo/dev-14-amd64", "/repo/dev-14-amd64/dev"})
  void addsTheSlashOfAFolder(String path) throws Exception {
    HttpResponse<String> answer = Web.get(farm.uri(path));
    assertThat(answer.statusCode()).isEqualTo(301);
    assertThat(answer.headers().firstValue("Location")).hasValue(path + "/");
  }

  @Test
  void leadsFromEveryRowOfAListingToAnAnswer() throws Exception {
    for (String folder :
        List.of("/repo/", "/repo/dev-14-amd64/", REPOSITORY, "/repo/dev-14-amd64/snapshots/")) {
      Matcher link = Pattern.compile("href=\"\\./([^\"]+)\"")
          .matcher(Web.get(farm.uri(folder)).body());
      while (link.find()) {
        assertThat(Web.head(farm.uri(folder + link.group(1))).statusCode())
            .as(folder + link.group(1))
            .isEqualTo(200);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/repo/none/dev/data.pkg",
        "/repo/none/",
        "/repo/dev-14-amd64/none/data.pkg",
        "/repo/dev-14-amd64/dev/none.pkg",
        "/repo/dev-14-amd64/dev/data.pkg/",
        "/repo/dev-14-amd64/dev/All/none-1.0.pkg",
        "/repo/dev-14-amd64/dev/none/",
        "/repo/dev-14-amd64/snapshots/0123456789abcdef/data.pkg",
        "/repo/dev-14-amd64/snapshots/0123456789abcdef/",
        "/repo/dev-14-amd64/snapshots/none/"
      })
  void refusesInOneLineOfPlainText(String path) throws Exception {
    HttpResponse<String> answer = Web.get(farm.uri(path));
    assertThat(answer.statusCode()).isEqualTo(404);
    assertThat(answer.headers().firstValue("Content-Type")).hasValue("text/plain; charset=utf-8");
    assertThat(answer.body()).matches("404 [A-Z][^\n]{1,80}\\.\n");
  }

  @Test
  void letsOnlyWhatCannotChangeBeKept() throws Exception {
    String snapshot = "/repo/dev-14-amd64/snapshots/" + current().snapshot() + "/";
    for (String name : List.of("data.pkg", PACKAGE)) {
      HttpResponse<byte[]> answer = Web.bytes(farm.uri(snapshot + name));
      assertThat(answer.body()).isEqualTo(Files.readAllBytes(file(name)));
      assertThat(answer.headers().firstValue("Cache-Control"))
          .hasValue("public, max-age=31536000, immutable");
      assertThat(Web.head(farm.uri(REPOSITORY + name)).headers().firstValue("Cache-Control"))
          .hasValue("no-cache");
    }
  }
}
