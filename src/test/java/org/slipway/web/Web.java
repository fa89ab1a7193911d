package org.slipway.web;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/** A visitor. */
final class Web {
  static final HttpClient CLIENT =
      HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(20)).build();

  private Web() {}

  static HttpResponse<String> get(URI uri, String... headers) throws Exception {
    return CLIENT.send(request(uri, headers).build(), HttpResponse.BodyHandlers.ofString());
  }

  static HttpResponse<byte[]> bytes(URI uri, String... headers) throws Exception {
    return CLIENT.send(request(uri, headers).build(), HttpResponse.BodyHandlers.ofByteArray());
  }

  static HttpResponse<byte[]> head(URI uri, String... headers) throws Exception {
    return CLIENT.send(
        request(uri, headers)
            .method("HEAD", HttpRequest.BodyPublishers.noBody())
            .build(),
        HttpResponse.BodyHandlers.ofByteArray());
  }

  static JsonNode json(URI uri) throws Exception {
    return new ObjectMapper().readTree(get(uri).body());
  }

  private static HttpRequest.Builder request(URI uri, String... headers) {
    HttpRequest.Builder request = HttpRequest.newBuilder(uri).timeout(Duration.ofSeconds(60));
    return headers.length == 0 ? request : request.headers(headers);
  }

  /**
   * Bytes as given, as no well-behaved client would send them; what comes back until the server
   * closes.
   */
  static String raw(URI server, String request) throws IOException {
    try (Socket socket = new Socket(server.getHost(), server.getPort())) {
      socket.setSoTimeout(60_000);
      socket.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      socket.getOutputStream().flush();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
