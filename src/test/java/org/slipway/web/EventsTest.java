package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;
import org.slipway.web.SampleFarm.Served;

@ExtendWith(SampleFarm.class)
class EventsTest {
  private static final OriginSpec PYTHON = OriginSpec.parse("lang/python311");

  private final Served farm;

  EventsTest(Served farm) {
    this.farm = farm;
  }

  /** What a stream has said so far. */
  private static final class Stream implements AutoCloseable {
    private final InputStream in;
    private final StringBuilder heard = new StringBuilder();

    Stream(Served farm, String path) throws Exception {
      HttpResponse<InputStream> answer = Web.CLIENT.send(
          HttpRequest.newBuilder(farm.uri(path)).build(),
          HttpResponse.BodyHandlers.ofInputStream());
      assertThat(answer.statusCode()).isEqualTo(200);
      assertThat(answer.headers().firstValue("Content-Type"))
          .hasValue("text/event-stream; charset=utf-8");
      in = answer.body();
      var unused = CompletableFuture.runAsync(() -> {
        byte[] buffer = new byte[1024];
        try {
          for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
            hear(new String(buffer, 0, count, StandardCharsets.UTF_8));
          }
        } catch (java.io.IOException closed) {
          hear("(closed)");
        }
      });
    }

    private void hear(String more) {
      synchronized (heard) {
        heard.append(more);
      }
    }

    String said() {
      synchronized (heard) {
        return heard.toString();
      }
    }

    void await(String text) {
      org.awaitility.Awaitility.await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> said().contains(text));
    }

    @Override
    public void close() throws Exception {
      in.close();
    }
  }

  private void change(Phase phase) {
    farm.sample().store.phase(new BuildId(4), PYTHON, 1, phase);
  }

  @Test
  void tellsWhoListensWhatChanged() throws Exception {
    try (Stream all = new Stream(farm, "/events");
        Stream own = new Stream(farm, "/builds/4/events");
        Stream other = new Stream(farm, "/builds/1/events")) {
      all.await("event: hello");
      own.await("event: hello");
      other.await("event: hello");
      change(Phase.CHECK_PLIST);
      all.await("event: change\ndata: {\"builds\":[4]}\n\n");
      own.await("event: change\ndata: {\"builds\":[4]}\n\n");
      assertThat(other.said()).doesNotContain("change");
    }
  }

  @Test
  void gathersManyChangesIntoFewMessages() throws Exception {
    try (Stream own = new Stream(farm, "/builds/4/events")) {
      own.await("event: hello");
      long began = System.nanoTime();
      for (int i = 0; i < 200; i++) {
        change(i % 2 == 0 ? Phase.STAGE : Phase.PACKAGE);
      }
      own.await("event: change");
      long halves = Duration.ofNanos(System.nanoTime() - began).toMillis() / 500 + 2;
      assertThat(own.said().split("event: change", -1).length - 1)
          .isLessThanOrEqualTo((int) halves);
    }
  }

  @Test
  void showsAChangeOnceItHasToldIt() throws Exception {
    try (Stream own = new Stream(farm, "/builds/4/events")) {
      own.await("event: hello");
      Web.get(farm.uri("/builds/4"));
      OriginSpec vault = OriginSpec.parse("security/vault-agent");
      farm.sample().store.phase(new BuildId(4), vault, 1, Phase.PATCH);
      own.await("event: change");
      assertThat(Web.json(farm.uri("/api/builds/4")).get("slots").findValuesAsText("phase"))
          .contains("patch");
    }
  }

  @Test
  void endsStreamsWhenTheSiteStops() throws Exception {
    Stream stream;
    try (StatusServer server =
        StatusServer.start(farm.sample().site(org.slipway.jail.Containment.RUNC), "127.0.0.1", 0)) {
      stream = new Stream(new Served(farm.sample(), server, farm.home()), "/events");
      stream.await("event: hello");
      // Nobody reads from it: a second one is not held up by that.
      try (Stream second = new Stream(new Served(farm.sample(), server, farm.home()), "/events")) {
        second.await("event: hello");
      }
    }
    await().atMost(Duration.ofSeconds(30)).until(() -> {
      try {
        return stream.in.available() == 0 && stream.in.read() < 0;
      } catch (java.io.IOException closed) {
        return true;
      }
    });
  }
}
