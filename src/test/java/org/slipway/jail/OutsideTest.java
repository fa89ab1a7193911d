package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a run with a network of its own reaches, and what comes of one that cannot have it. */
final class OutsideTest {
  /** Makes a host of the test's own: its network has no way to any other. */
  private static final String HOST = """
      mount --bind "$1" /etc/resolv.conf || exit 1
      shift
      ip link set lo up || exit 1
      ip address add %s/32 dev lo || exit 1
      exec "$@"
      """.formatted(OutsideProgram.HERE);

  @TempDir
  Path folder;

  private Path resolver;

  @BeforeEach
  void needsRoot() throws Exception {
    assumeThat(Files.getAttribute(Path.of("/proc/self"), "unix:uid")).as("user").isEqualTo(0);
    assumeThat(new Outside(folder).lack()).as("why there is no such network").isEmpty();
    resolver = Files.writeString(folder.resolve("resolv.conf"), "");
  }

  @Test
  void fetchesByNameFromAnotherAddressUnderEveryKindOfJail() throws Exception {
    List<String> argv = new ArrayList<>(List.of("unshare", "--net", "--mount", "sh", "-c", HOST));
    argv.addAll(List.of("sh", resolver.toString()));
    argv.addAll(
        JavaPrograms.argv(JavaPrograms.copy(folder.resolve("classes")), OutsideProgram.class));
    argv.addAll(List.of(folder.resolve("jails").toString(), resolver.toString()));
    List<String> expected = new ArrayList<>();
    for (Containment kind : List.of(Containment.RUNC, Containment.CRUN, Containment.UNSHARE)) {
      argv.add(kind.name());
      for (String server : List.of("198.51.100.3", OutsideProgram.HERE)) {
        expected.addAll(List.of(kind.name(), "fetched", "nothing", "search test"));
        expected.addAll(List.of("nameserver " + server, "[exit status 0]"));
      }
    }
    Process farm = new ProcessBuilder(argv).start();
    farm.getOutputStream().close();
    try (var output = farm.getInputStream();
        var errors = farm.getErrorStream()) {
      String said = new String(output.readAllBytes(), StandardCharsets.UTF_8);
      String complaint = new String(errors.readAllBytes(), StandardCharsets.UTF_8);
      Stream<String> lines = said.lines().filter(line -> !line.matches("[0-9:.]+ \\[.*"));
      assertThat(lines).as(complaint).containsExactlyElementsOf(expected);
    }
  }

  @Test
  void startsNothingWhereTheNetworkCannotBeMade() throws Exception {
    try (Jails jails = Jails.open(folder.resolve("jails"), false)) {
      Path script = folder.resolve("jails/scripts/outside.sh");
      // As if the host's program were of a version that knows another option.
      Files.writeString(script, Files.readString(script).replace("--mtu=", "--most="));
      try (Jail jail = jails.create(Commands.host())) {
        Command command =
            Commands.networked(Commands.asBuilder("echo started"), Command.Network.OUTSIDE);
        assertThat(Commands.said(jail, command))
            .contains("slirp4netns gave this run no network: ", "--most=65520")
            .doesNotContain("started");
        assertThat(jail.run(command, OutputStream.nullOutputStream()))
            .isInstanceOf(Exit.NotStarted.class);
        // The next run of the root is none the worse for it.
        assertThat(Commands.said(jail, Commands.asBuilder("echo started")))
            .isEqualTo("started\n[exit status 0]");
      }
    }
  }

  @Test
  void namesOfTheHostsOwnServerAreAskedThroughTheNetwork() {
    NameServers servers = NameServers.of("""
        # by hand
        nameserver 127.0.0.53
        nameserver\t192.0.2.53
        nameserver 2001:db8::53
        nameserver fe80::1%eth0
        search example.org
        options edns0 trust-ad
        """);
    assertThat(servers.onLoopback()).isTrue();
    assertThat(servers.onlyOnLoopback()).isFalse();
    assertThat(servers.lackIpv4()).isFalse();
    assertThat(servers.seenThrough("198.51.100.3")).isEqualTo("""
        # by hand
        nameserver 198.51.100.3
        nameserver\t192.0.2.53
        search example.org
        options edns0 trust-ad
        """);
    assertThat(NameServers.of("nameserver ::1\n").onlyOnLoopback()).isTrue();
    assertThat(NameServers.of("nameserver ::1\n").lackIpv4()).isTrue();
    assertThat(NameServers.of("").lackIpv4()).isFalse();
    assertThat(NameServers.of("").onlyOnLoopback()).isFalse();
  }
}
