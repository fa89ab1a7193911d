package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.eclipse.jetty.io.EndPoint;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The looks are the test's own, at times of its own. */
class LaggardsTest {
  private final Server server = new Server();
  private final ServerConnector door = new ServerConnector(server);
  private final Laggards laggards = new Laggards(server, List.of(door));
  private long seconds;

  @BeforeEach
  void start() throws Exception {
    server.addConnector(door);
    server.setHandler(new Handler.Abstract() {
      @Override
      public boolean handle(Request request, Response response, Callback callback) {
        response.write(true, ByteBuffer.wrap("here".getBytes(StandardCharsets.US_ASCII)), callback);
        return true;
      }
    });
    server.start();
  }

  @AfterEach
  void stop() throws Exception {
    server.stop();
  }

  private Socket open() throws IOException {
    Socket socket = new Socket(InetAddress.getLoopbackAddress(), door.getLocalPort());
    socket.setSoTimeout(60_000);
    return socket;
  }

  /** Sends, and waits until the server has read it. */
  private static void send(Socket socket, EndPoint end, String text) throws IOException {
    long before = end.getConnection().getBytesIn();
    socket.getOutputStream().write(text.getBytes(StandardCharsets.US_ASCII));
    socket.getOutputStream().flush();
    Awaitility.await()
        .until(() -> !end.isOpen() || end.getConnection().getBytesIn() >= before + text.length());
  }

  private EndPoint end(Socket socket) {
    Awaitility.await().until(() -> found(socket).size() == 1);
    return found(socket).get(0);
  }

  private List<EndPoint> found(Socket socket) {
    return door.getConnectedEndPoints().stream()
        .filter(each -> socket.getLocalSocketAddress().equals(each.getRemoteSocketAddress()))
        .toList();
  }

  private void look() {
    seconds += 5;
    laggards.look(TimeUnit.SECONDS.toNanos(seconds));
  }

  @Test
  void closesAConnectionWhoseRequestNeverEnds() throws Exception {
    try (Socket slow = open()) {
      EndPoint end = end(slow);
      send(slow, end, "GET / HTTP/1.1\r\n");
      look();
      int looks = 0;
      while (end.isOpen() && looks < 10) {
        looks++;
        send(slow, end, "X: y\r\n");
        look();
      }
      assertThat(looks).isEqualTo(5);
      assertThat(slow.getInputStream().read()).isEqualTo(-1);
    }
  }

  @Test
  void leavesAloneWhoComesToAnEnd() throws Exception {
    try (Socket fine = open();
        Socket quiet = open()) {
      EndPoint end = end(fine);
      EndPoint other = end(quiet);
      for (int i = 0; i < 12; i++) {
        send(fine, end, "GET / HTTP/1.1\r\nHost: x\r\n");
        look();
        send(fine, end, "\r\n");
        byte[] answer = new byte[4_096];
        assertThat(fine.getInputStream().read(answer)).isPositive();
        look();
      }
      assertThat(end.isOpen()).isTrue();
      assertThat(other.isOpen()).isTrue();
    }
  }
}
