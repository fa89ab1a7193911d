package org.slipway;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;

/** A log as a running farm's status site gives it. */
final class FarmLog implements LogSource {
  private static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final int MOST_BYTES = 64 << 20;
  private static final Set<String> GOING = Set.of("waiting", "ready", "building");

  private final HttpClient client = HttpClient.newBuilder()
      .connectTimeout(Duration.ofSeconds(20))
      .followRedirects(HttpClient.Redirect.NEVER)
      .build();
  private final URI farm;
  private final String page;

  /** @param farm its address, with http or https and without a query */
  FarmLog(URI farm, BuildId build, OriginSpec spec) {
    this.farm = farm;
    this.page = "/builds/" + build + "/" + spec;
  }

  @Override
  public Shape shape() throws IOException, InterruptedException {
    JsonNode answer;
    try (InputStream in = get("/api" + page + "?from=1")) {
      answer = new ObjectMapper().readTree(in.readNBytes(MOST_BYTES));
    } catch (JsonProcessingException e) {
      throw new IOException(farm + " does not answer as a farm does; check the address", e);
    }
    if (answer.path("log").isMissingNode()) {
      throw new IOException("the farm has no log of " + page.substring(1));
    }
    List<Start> phases = new ArrayList<>();
    for (JsonNode each : answer.at("/log/sections")) {
      phases.add(new Start(
          Quoted.printable(each.path("phase").asText()),
          each.path("line").asLong(),
          moment(each.path("started").asText(""))));
    }
    return new Shape(
        answer.at("/log/total").asLong(),
        !GOING.contains(answer.at("/pkg/state").asText()),
        phases);
  }

  private static Optional<Instant> moment(String text) {
    try {
      return text.isEmpty() ? Optional.empty() : Optional.of(Instant.parse(text));
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  @Override
  public InputStream lines(long first, long count, boolean times)
      throws IOException, InterruptedException {
    return get(page + "/log?from=" + first + "&count=" + count + (times ? "&times=1" : ""));
  }

  private InputStream get(String path) throws IOException, InterruptedException {
    URI address = URI.create(farm.toString().replaceAll("/+$", "") + path);
    HttpResponse<InputStream> answer;
    try {
      answer = client.send(
          HttpRequest.newBuilder(address).timeout(PATIENCE).build(),
          HttpResponse.BodyHandlers.ofInputStream());
    } catch (IOException e) {
      throw new IOException(
          "the farm at " + farm + " does not answer (" + e.getMessage() + "); is it running?", e);
    }
    if (answer.statusCode() != 200) {
      answer.body().close();
      throw new IOException(
          answer.statusCode() == 404
              ? "the farm has no log of " + page.substring(1)
              : "the farm at " + farm + " answered with status " + answer.statusCode());
    }
    return answer.body();
  }
}
