package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;
import org.slipway.store.LogStore;
import org.slipway.store.LogWriter;
import picocli.CommandLine;

/** The command as a person calls it. */
final class LogsCommandTest {
  private static final OriginSpec SPEC = OriginSpec.parse("devel/foo");

  @TempDir
  private Path home;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private LogStore logs;

  @BeforeEach
  void write() throws IOException {
    logs = new LogStore(
        home.resolve("logs"), InstantSource.fixed(Instant.parse("2026-02-03T04:05:06Z")));
    try (LogWriter log = logs.write(new BuildId(9), SPEC)) {
      log.phase(Phase.FETCH);
      print(log, "===>  Phase: fetch\nfetched\n");
      log.phase(Phase.BUILD);
      print(log, "===>  Phase: build\n\033[31mred\033[0m\033]0;title\007\n\u202elast\n");
    }
    try (LogWriter log = logs.write(new BuildId(10), SPEC)) {
      print(log, "ten\n");
    }
  }

  private static void print(LogWriter log, String text) throws IOException {
    log.write(text.getBytes(StandardCharsets.UTF_8));
  }

  private int run(String... words) {
    String[] all = new String[words.length + 2];
    all[0] = "--home";
    all[1] = home.toString();
    System.arraycopy(words, 0, all, 2, words.length);
    return call(all);
  }

  private int call(String... all) {
    return new CommandLine(new LogsCommand())
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .setExecutionExceptionHandler((fault, line, result) -> {
          err.append(fault.getMessage());
          return 1;
        })
        .execute(all);
  }

  @Test
  void printsTheNewestLogOrThatOfABuildWithoutEscapeSequences() {
    assertThat(run("devel/foo")).isEqualTo(0);
    assertThat(out).hasToString("ten\n");
    assertThat(run("devel/foo", "--build", "9")).isEqualTo(0);
    assertThat(out)
        .hasToString("ten\n===>  Phase: fetch\nfetched\n===>  Phase: build\nred\nlast\n");
  }

  @Test
  void printsOnePhaseItsTimesAndWhereAllAre() {
    assertThat(run("devel/foo", "--build", "9", "--phase", "fetch", "--times")).isEqualTo(0);
    assertThat(out)
        .hasToString("2026-02-03T04:05:06Z  ===>  Phase: fetch\n2026-02-03T04:05:06Z  fetched\n");
    assertThat(run("devel/foo", "--build", "9", "--phase", "build", "--tail", "1"))
        .isEqualTo(0);
    assertThat(out.toString()).endsWith("fetched\nlast\n");
    assertThat(run("devel/foo", "--build", "9", "--phases")).isEqualTo(0);
    assertThat(out.toString())
        .contains("fetch            line         1  2026-02-03T04:05:06Z\n")
        .endsWith("end              line         5\n");
  }

  @Test
  void goesOnUntilTheBuildHasEnded() throws Exception {
    LogWriter log = logs.write(new BuildId(11), SPEC);
    print(log, "one\nhalf");
    CompletableFuture<Integer> following =
        CompletableFuture.supplyAsync(() -> run("devel/foo", "--follow"));
    await().until(() -> out.toString().equals("one\n"));
    print(log, " a line\ntwo\n");
    await().until(() -> out.toString().startsWith("one\nhalf a line\n"));
    print(log, "no end");
    log.close();
    assertThat(following.get()).isEqualTo(0);
    assertThat(out).hasToString("one\nhalf a line\ntwo\nno end\n");
  }

  @Test
  void saysInASentenceWhatIsMissing() {
    assertThat(run("devel/bar")).isEqualTo(1);
    assertThat(err.toString()).contains("there is no log of devel/bar in ");
    assertThat(run("devel/foo", "--build", "8")).isEqualTo(1);
    assertThat(err.toString())
        .contains("no log of devel/foo in build 8; the newest one is of build 10");
    assertThat(run("devel/foo", "--build", "9", "--phase", "stage")).isEqualTo(1);
    assertThat(err.toString()).contains("this build did not come to the phase stage");
    assertThat(run("devel/foo", "--phase", "biuld")).isEqualTo(2);
    assertThat(err.toString()).contains("did you mean build?");
    assertThat(run("no name")).isEqualTo(2);
    assertThat(run("devel/foo", "--farm", "http://127.0.0.1:1")).isEqualTo(2);
    assertThat(run("devel/foo", "--follow", "--phases")).isEqualTo(2);
    assertThat(run("devel/foo", "--tail", "0")).isEqualTo(2);
  }

  @Test
  void asksARunningFarm() throws Exception {
    HttpServer farm =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    try {
      Map<String, String> answers = Map.of(
          "/api/builds/3/devel/foo?from=1",
          "{\"pkg\": {\"state\": \"failed\"}, \"log\": {\"total\": 5, \"sections\": ["
              + "{\"phase\": \"fetch\", \"line\": 1}, {\"phase\": \"build\", \"line\": 4,"
              + " \"started\": \"2026-02-03T04:05:06Z\"}]}}",
          "/builds/3/devel/foo/log?from=4&count=2",
          "four\n\033[31mfive\n",
          "/api/builds/4/devel/foo?from=1",
          "<html>");
      farm.createContext("/", exchange -> {
        String body = answers.get(exchange.getRequestURI().toString());
        byte[] bytes = String.valueOf(body).getBytes(StandardCharsets.UTF_8);
        exchange.sendResponseHeaders(body == null ? 404 : 200, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
      });
      farm.start();
      String address = "http://127.0.0.1:" + farm.getAddress().getPort() + "/";
      assertThat(call("devel/foo", "--farm", address, "--build", "3", "--phase", "build"))
          .isEqualTo(0);
      assertThat(out).hasToString("four\nfive\n");
      assertThat(call("devel/foo", "--farm", address, "--build", "3", "--phases"))
          .isEqualTo(0);
      assertThat(out.toString())
          .contains("build            line         4  2026-02-03T04:05:06Z\n");
      assertThat(call("devel/bar", "--farm", address, "--build", "3")).isEqualTo(1);
      assertThat(err.toString()).contains("the farm has no log of builds/3/devel/bar");
      assertThat(call("devel/foo", "--farm", address, "--build", "4")).isEqualTo(1);
      assertThat(err.toString()).contains("does not answer as a farm does");
      assertThat(call("devel/foo", "--farm", address)).isEqualTo(2);
      assertThat(call("devel/foo", "--farm", "ftp://x", "--build", "1")).isEqualTo(2);
    } finally {
      farm.stop(0);
    }
  }
}
