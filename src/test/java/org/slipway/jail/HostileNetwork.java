package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.slipway.jail.Commands.asBuilder;
import static org.slipway.jail.Commands.host;
import static org.slipway.jail.Commands.networked;
import static org.slipway.jail.Commands.said;

import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Builds that want out by the network. */
abstract class HostileNetwork extends HostileGround {
  HostileNetwork(Containment kind) {
    super(kind);
  }

  private static final String CONNECT =
      "perl -MIO::Socket::INET -e 'IO::Socket::INET->new(PeerAddr => shift, Timeout => 5)"
          + " or print \"$!\"' ";

  @Test
  void reachesNoOtherHostAndNoPortOfThisOne() throws Exception {
    assertThat(tries(CONNECT + "1.1.1.1:80")).startsWith("Network is unreachable");
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      // The fallback has a loopback of its own where the host has ip(8), else none that is up.
      assertThat(tries(CONNECT + "127.0.0.1:" + port.getLocalPort()))
          .matches("(?s)(Connection refused|Network is unreachable).*");
      port.setSoTimeout(1);
      assertThat(isCalled(port)).isFalse();
    }
    assertThat(tries("tail -n +3 /proc/net/dev | tr -d ' ' | cut -d: -f1")).startsWith("lo\n");
  }

  private static boolean isCalled(ServerSocket port) {
    try {
      port.accept().close();
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  @Test
  void resolvesNoName() throws Exception {
    try (Jail jail = jails.create(host())) {
      assertThat(
              said(jail, asBuilder("perl -MSocket -e 'print inet_aton(q(example.org)) ? 1 : 0'")))
          .isEqualTo("0[exit status 0]");
    }
  }

  @Test
  void opensNoRawAndNoPacketSocket() throws Exception {
    assertThat(tries("perl -MSocket -e 'socket(S, PF_INET, SOCK_RAW, 1) or print \"$!\"'"))
        .startsWith("Operation not permitted");
    assertThat(tries("perl -MSocket -e 'socket(S, 17, SOCK_RAW, 768) or print \"$!\"'"))
        .startsWith("Operation not permitted");
  }

  @Test
  void findsNoUnixSocketOfTheHost() throws Exception {
    assertThat(tries("tail -n +2 /proc/net/unix")).isEqualTo("[exit status 0]");
    assertThat(callsAnAbstractSocketOfTheHost(Command.Network.NONE)).isEqualTo('0');
  }

  @Test
  void findsNoUnixSocketOfTheHostInAFetch() throws Exception {
    needsOutside();
    assertThat(callsAnAbstractSocketOfTheHost(Command.Network.HOST)).isEqualTo('1');
    assertThat(callsAnAbstractSocketOfTheHost(Command.Network.OUTSIDE)).isEqualTo('0');
  }

  /** How many of the calls that a build makes come there. */
  private char callsAnAbstractSocketOfTheHost(Command.Network network) throws Exception {
    String name = "slipway-" + folder.hashCode() + network;
    String listen = "perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0);"
        + " bind(S, pack_sockaddr_un(qq(\\0%s))) or die; listen(S, 1); $| = 1; print q(.);"
        + " $r = q(); vec($r, fileno(S), 1) = 1; <STDIN>; print select($r, undef, undef, 0)'";
    String call = "perl -MSocket -e 'socket(S, PF_UNIX, SOCK_STREAM, 0);"
        + " connect(S, pack_sockaddr_un(qq(\\0%s))) ? print q(called) : print \"$!\"'";
    Process host = new ProcessBuilder("sh", "-c", listen.formatted(name)).start();
    try (Jail jail = jails.create(host())) {
      assertThat(host.getInputStream().read()).isEqualTo('.');
      String said = said(jail, networked(asBuilder(call.formatted(name)), network));
      assertThat(said)
          .startsWith(network == Command.Network.HOST ? "called" : "Connection refused");
      host.getOutputStream().close();
      return (char) host.getInputStream().read();
    } finally {
      host.destroyForcibly();
    }
  }

  private void needsOutside() throws IOException {
    assumeThat(jails.lacksOutside())
        .as("why a fetch has no network of its own here")
        .isEmpty();
  }

  @Test
  void keepsAFetchFromWhatListensOnThisHostAlone() throws Exception {
    needsOutside();
    byte[] six = new byte[16];
    six[15] = 1;
    try (Jail jail = jails.create(host());
        ServerSocket port =
            new ServerSocket(0, 1, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        ServerSocket other = hasIpv6()
            ? new ServerSocket(0, 1, InetAddress.getByAddress(six))
            : new ServerSocket()) {
      // The second address of its network stands for the host, the third for its name server.
      String said = said(
          jail,
          networked(
              asBuilder(("for each in 127.0.0.1/%d 127.0.0.2/%<d 0.0.0.0/%<d ::ffff:127.0.0.1/%<d"
                      + " 198.51.100.2/%<d 198.51.100.3/%<d ::1/%d; do"
                      + " perl -MIO::Socket::IP -e 'print IO::Socket::IP->new(PeerHost => shift,"
                      + " PeerPort => shift, Timeout => 5) ? qq(reached\\n) : qq(not reached\\n)'"
                      + " ${each%%/*} ${each#*/}; done; cut -d: -f1 /proc/net/dev | tail -n +3")
                  .formatted(port.getLocalPort(), Math.max(1, other.getLocalPort()))),
              Command.Network.OUTSIDE));
      assertThat(said.lines().filter(line -> line.equals("not reached"))).hasSize(7);
      assertThat(said.lines().map(String::strip))
          .doesNotContain("reached")
          .contains("lo", "tap0")
          .endsWith("[exit status 0]");
      port.setSoTimeout(1);
      assertThat(isCalled(port)).isFalse();
      if (other.isBound()) {
        other.setSoTimeout(1);
        assertThat(isCalled(other)).isFalse();
      }
      Path network = jail.root().run().resolve("network");
      assertThat(BackEndsTest.running(network.toString())).isEmpty();
      assertThat(KilledFarmJailsTest.mounts(network)).isEmpty();
    }
  }

  private static boolean hasIpv6() throws IOException {
    return NetworkInterface.networkInterfaces()
        .flatMap(NetworkInterface::inetAddresses)
        .anyMatch(address -> address instanceof Inet6Address && address.isLoopbackAddress());
  }

  @Test
  void seesTheHostsNetworkOnlyWhenItIsGiven() throws Exception {
    Assumptions.assumeTrue(Files.exists(Path.of("/bin/bash")), "no bash");
    try (Jail jail = jails.create(host());
        ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Command command =
          asBuilder("cat /etc/resolv.conf; exec 3<>/dev/tcp/127.0.0.1/" + port.getLocalPort());
      Command bash = new Command(
          List.of("/bin/bash", "-c", command.argv().get(2)),
          command.environment(),
          "/",
          command.user(),
          Command.Network.HOST,
          command.limits(),
          Optional.empty());
      assertThat(said(jail, bash))
          .isEqualTo(Files.readString(Path.of("/etc/resolv.conf")) + "[exit status 0]");
      assertThat(said(jail, asBuilder("cat /etc/resolv.conf"))).isEqualTo("[exit status 0]");
    }
  }
}
