package org.slipway.jail;

import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Set;

/**
 * A farm on a small host of its own, which {@link OutsideTest} makes: {@code SCRATCH RESOLVER CONTAINMENT...}. A web server and a
 * name server, which knows one answer, listen there; jails of each kind fetch. Says what they say.
 */
final class OutsideProgram {
  /** The host's address among others. */
  static final String HERE = "203.0.113.9";

  /** Where its name server listens on its loopback. */
  static final String STUB = "127.0.0.53";

  private static final int NAMES = 53;

  private OutsideProgram() {}

  public static void main(String[] arguments) throws Exception {
    InetAddress here = InetAddress.getByName(HERE);
    InetAddress stub = InetAddress.getByName(STUB);
    try (ServerSocket web = new ServerSocket(0, 10, here);
        ServerSocket hidden = new ServerSocket(web.getLocalPort(), 10, stub);
        DatagramSocket names = new DatagramSocket(NAMES, here);
        DatagramSocket hiddenNames = new DatagramSocket(NAMES, stub)) {
      begin(() -> serve(web, "fetched\n"));
      begin(() -> serve(hidden, "stolen\n"));
      begin(() -> answer(names, here));
      begin(() -> answer(hiddenNames, here));
      String fetch = "perl -MIO::Socket::IP -e 'for (@ARGV) { my $s = IO::Socket::IP->new(PeerHost"
          + " => $_, PeerPort => %d, Timeout => 10); print $s ? readline $s : qq(nothing\\n) }'"
          + " mirror.test 198.51.100.3; cat /etc/resolv.conf";
      for (String kind : Arrays.asList(arguments).subList(2, arguments.length)) {
        try (Jails jails =
                new Opening(Path.of(arguments[0]), false).open(Set.of(Containment.valueOf(kind)));
            Jail jail = jails.create(Commands.host())) {
          for (String server : List.of(STUB, HERE)) {
            Files.writeString(Path.of(arguments[1]), "search test\nnameserver " + server + "\n");
            System.out.println(kind);
            System.out.println(Commands.said(
                jail,
                Commands.networked(
                    Commands.asBuilder(fetch.formatted(web.getLocalPort())),
                    Command.Network.OUTSIDE)));
          }
        } catch (JailException e) {
          System.out.println("refused: " + e.getMessage());
        }
      }
    }
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void begin(Work work) {
    Thread thread = new Thread(() -> {
      try {
        work.run();
      } catch (IOException e) {
        // The end: its socket was closed.
      }
    });
    thread.setDaemon(true);
    thread.start();
  }

  private static void serve(ServerSocket server, String answer) throws IOException {
    while (true) {
      try (Socket socket = server.accept()) {
        socket.getOutputStream().write(answer.getBytes(StandardCharsets.US_ASCII));
      }
    }
  }

  /** To every question for IPv4 the same answer, to others none; see RFC 1035, section 4. */
  private static void answer(DatagramSocket server, InetAddress address) throws IOException {
    byte[] buffer = new byte[512];
    while (true) {
      DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
      server.receive(packet);
      ByteBuffer asked = ByteBuffer.wrap(buffer, 0, packet.getLength());
      int end = 12;
      while (asked.get(end) != 0) {
        end += 1 + asked.get(end);
      }
      boolean wanted = asked.getShort(end + 1) == 1;
      ByteBuffer told = ByteBuffer.allocate(512);
      told.putShort(asked.getShort(0)).putShort((short) 0x8180).putShort((short) 1);
      told.putShort((short) (wanted ? 1 : 0)).putInt(0);
      told.put(buffer, 12, end + 5 - 12);
      if (wanted) {
        told.putShort((short) 0xc00c).putShort((short) 1).putShort((short) 1).putInt(60);
        told.putShort((short) 4).put(address.getAddress());
      }
      server.send(new DatagramPacket(told.array(), told.position(), packet.getSocketAddress()));
    }
  }
}
