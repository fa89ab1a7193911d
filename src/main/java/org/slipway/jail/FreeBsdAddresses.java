package org.slipway.jail;

import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.util.ArrayList;
import java.util.List;

/**
 * The addresses by which a host is reached from others: those of its loopback are not among them.
 *
 * @param ipv4 such as 192.0.2.10
 * @param ipv6 such as 2001:db8:0:0:0:0:0:10
 */
record FreeBsdAddresses(List<String> ipv4, List<String> ipv6) {
  static final FreeBsdAddresses NONE = new FreeBsdAddresses(List.of(), List.of());

  FreeBsdAddresses {
    // A jail cannot be given one twice.
    ipv4 = ipv4.stream().distinct().toList();
    ipv6 = ipv6.stream().distinct().toList();
  }

  /** Of this host, as they are now. */
  static FreeBsdAddresses now() throws IOException {
    List<String> ipv4 = new ArrayList<>();
    List<String> ipv6 = new ArrayList<>();
    for (NetworkInterface each : NetworkInterface.networkInterfaces().toList()) {
      if (each.isUp() && !each.isLoopback()) {
        for (InetAddress address : each.inetAddresses().toList()) {
          if (address instanceof Inet4Address && !address.isLoopbackAddress()) {
            ipv4.add(address.getHostAddress());
          } else if (address instanceof Inet6Address
              && !address.isLinkLocalAddress()
              && !address.isLoopbackAddress()) {
            // Java tells the interface too, which jail(8) takes for a part of the address.
            ipv6.add(address.getHostAddress().replaceFirst("%.*", ""));
          }
        }
      }
    }
    return new FreeBsdAddresses(ipv4, ipv6);
  }

  boolean isEmpty() {
    return ipv4.isEmpty() && ipv6.isEmpty();
  }

  /**
   * Parameters of a jail(8) that has these and no others. What it sends to 127.0.0.1 and ::1 comes to the first of each kind
   * (prison_remote_ip4 of sys/netinet/in_jail.c); other addresses that the host has given its loopback stay open.
   */
  List<String> words() {
    return List.of(
        "vnet=inherit",
        ipv4.isEmpty() ? "ip4=disable" : "ip4.addr=" + String.join(",", ipv4),
        ipv6.isEmpty() ? "ip6=disable" : "ip6.addr=" + String.join(",", ipv6));
  }
}
