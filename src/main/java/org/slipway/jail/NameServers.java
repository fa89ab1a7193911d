package org.slipway.jail;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Whom a host asks for names: the lines of its resolv.conf(5).
 *
 * @param lines as they are there
 */
record NameServers(List<String> lines) {
  private static final String WORD = "nameserver[ \t]+";
  private static final String LOOPBACK = WORD + "(127\\.[0-9.]+|0\\.0\\.0\\.0)([ \t].*)?";
  private static final String LOOPBACK_6 = WORD + "(::1?)([ \t].*)?";
  private static final String IPV4 = WORD + "[0-9.]+([ \t].*)?";

  NameServers {
    lines = List.copyOf(lines);
  }

  /** Of no file: no lines. */
  static NameServers of(Path file) throws IOException {
    return of(Files.isReadable(file) ? Files.readString(file, StandardCharsets.ISO_8859_1) : "");
  }

  static NameServers of(String text) {
    return new NameServers(text.lines().toList());
  }

  private List<String> servers() {
    return lines.stream().filter(line -> line.matches(WORD + ".+")).toList();
  }

  /** Whether there are some, all of which are asked by IPv6. */
  boolean lackIpv4() {
    return !servers().isEmpty() && servers().stream().noneMatch(line -> line.matches(IPV4));
  }

  /** Whether one listens on the host's own 127.0.0.1 or another address of that loopback. */
  boolean onLoopback() {
    return lines.stream().anyMatch(line -> line.matches(LOOPBACK));
  }

  /** Whether there are some, all of which listen on the host's own loopback. */
  boolean onlyOnLoopback() {
    return !servers().isEmpty()
        && servers().stream().allMatch(line -> line.matches(LOOPBACK) || line.matches(LOOPBACK_6));
  }

  /** The same for who has IPv4 only and reaches the host's own name server at another address. */
  String seenThrough(String address) {
    StringBuilder text = new StringBuilder();
    for (String line : lines) {
      if (line.matches(LOOPBACK)) {
        text.append("nameserver ").append(address).append('\n');
      } else if (!line.matches(WORD + ".+") || line.matches(IPV4)) {
        text.append(line).append('\n');
      }
    }
    return text.toString();
  }
}
