package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A client that sends bytes as given and reads one answer after the other. */
final class Wire implements AutoCloseable {
  /**
   * An answer.
   *
   * @param line such as {@code HTTP/1.1 200 OK}
   * @param fields by their names in small letters, without the date
   */
  @SuppressWarnings("ArrayRecordComponent")
  record Got(String line, Map<String, String> fields, byte[] body) {
    int status() {
      return Integer.parseInt(line.split(" ", 3)[1]);
    }

    String text() {
      return new String(body, StandardCharsets.UTF_8);
    }
  }

  private final Socket socket = new Socket();
  private final InputStream in;

  Wire(URI server) throws IOException {
    this(server, 0);
  }

  /** @param window how many bytes it takes at most before it reads, about; 0 for the usual */
  Wire(URI server, int window) throws IOException {
    if (window > 0) {
      socket.setReceiveBufferSize(window);
    }
    socket.setTcpNoDelay(true);
    socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), 60_000);
    socket.setSoTimeout(60_000);
    in = new BufferedInputStream(socket.getInputStream());
  }

  static String get(String path, String... fields) {
    return request("GET", path, fields);
  }

  static String request(String method, String path, String... fields) {
    return method + " " + path + " HTTP/1.1\r\nHost: x\r\n"
        + String.join(
            "", java.util.Arrays.stream(fields).map(each -> each + "\r\n").toList())
        + "\r\n";
  }

  Wire send(String text) throws IOException {
    socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
    socket.getOutputStream().flush();
    return this;
  }

  /** The next answer to a GET. */
  Got read() throws IOException {
    return read(false);
  }

  /** @param head whether it answers a HEAD */
  Got read(boolean head) throws IOException {
    String line = line();
    Map<String, String> fields = new TreeMap<>();
    for (String each = line(); !each.isEmpty(); each = line()) {
      String[] parts = each.split(": ?", 2);
      String name = parts[0].toLowerCase(Locale.ROOT);
      assertThat(fields.put(name, parts[1])).as("%s twice", name).isNull();
    }
    assertThat(fields.remove("date")).matches("\\w{3}, \\d\\d \\w{3} \\d{4} [\\d:]{8} GMT");
    int length = Integer.parseInt(fields.getOrDefault("content-length", "0"));
    return new Got(line, fields, head ? new byte[0] : in.readNBytes(length));
  }

  /** All that comes until the server closes. */
  String rest() throws IOException {
    return new String(in.readAllBytes(), StandardCharsets.ISO_8859_1);
  }

  private String line() throws IOException {
    StringBuilder line = new StringBuilder();
    for (int each = in.read(); each != '\n'; each = in.read()) {
      assertThat(each).as("the connection ended after: %s", line).isNotNegative();
      line.append((char) each);
    }
    assertThat(line).endsWith("\r");
    return line.substring(0, line.length() - 1);
  }

  /** No more is sent; what comes can be read. */
  void finish() throws IOException {
    socket.shutdownOutput();
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
