package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * The way out of a run that has a network of its own on Linux: slirp4netns(1), a program of the host's that makes each connection
 * of the run anew as the host's own. It carries IPv4. It is one of the run's processes outside of the jail, so it counts
 * against the run's limits and ends with it.
 */
final class Outside {
  static final String PROGRAM = "slirp4netns";

  /** Through which such a program gives a network an interface; see the kernel's tuntap document. */
  static final Path TUNNEL = Path.of("/dev/net/tun");

  /** Of nobody (RFC 5737), so that no address of a site is hidden behind them, as the program's own 10.0.2.0/24 could be. */
  private static final String ADDRESSES = "198.51.100.0/24";

  /** The third of them, where the program asks the host's own name server. */
  static final String NAMES = "198.51.100.3";

  private static final Path RESOLVER = Path.of("/etc/resolv.conf");

  private final Path scripts;

  Outside(Path scripts) {
    this.scripts = scripts;
  }

  /** Why no run can have one, in words that go on a sentence; empty where it can. */
  Optional<String> lack() throws IOException {
    if (!HostProcess.installed(PROGRAM)) {
      return Optional.of(PROGRAM + " is not installed");
    }
    if (!Files.isReadable(TUNNEL) || !Files.isWritable(TUNNEL)) {
      return Optional.of("the farm may not open " + TUNNEL);
    }
    return NameServers.of(RESOLVER).lackIpv4()
        ? Optional.of("none of the host's name servers has an IPv4 address")
        : Optional.empty();
  }

  /** What goes before the program of a run; nothing for a command that wants another network. */
  List<String> enter(Root root, Command command) throws IOException {
    if (command.network() != Command.Network.OUTSIDE) {
      return List.of();
    }
    Path network = root.run().resolve("network");
    Files.write(network, new byte[0]);
    NameServers servers = NameServers.of(RESOLVER);
    Root.file(root.resolver(), servers.seenThrough(NAMES));
    return List.of(
        "sh",
        scripts.resolve("outside.sh").toString(),
        network.toString(),
        servers.onLoopback() ? "" : "--disable-dns",
        ADDRESSES);
  }
}
