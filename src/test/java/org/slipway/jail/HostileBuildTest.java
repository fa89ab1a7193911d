package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.jail.Commands.asBuilder;
import static org.slipway.jail.Commands.asRoot;
import static org.slipway.jail.Commands.host;
import static org.slipway.jail.Commands.said;
import static org.slipway.jail.Commands.script;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a build may try, in the jails that this host's best back end makes. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class HostileBuildTest {
  private Path folder;

  private Jails jails;

  @BeforeAll
  void open(@TempDir Path temporary) throws Exception {
    folder = temporary;
    jails = Jails.open(folder.resolve("jails"), true);
    Assumptions.assumeTrue(
        jails.containment() == Containment.RUNC || jails.containment() == Containment.CRUN,
        "builds are not fully contained here: " + jails.containment().sentence());
  }

  @AfterAll
  void close() throws Exception {
    jails.close();
  }

  private String tries(String script) throws Exception {
    try (Jail jail = jails.create(host())) {
      return said(jail, asBuilder(script));
    }
  }

  @Test
  void reachesNoNetworkAndNoPortOfTheHost() throws Exception {
    try (ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      String connect =
          "perl -MIO::Socket::INET -e 'IO::Socket::INET->new(PeerAddr => shift, Timeout => 5)"
              + " or print \"$!\"' ";
      assertThat(tries(connect + "1.1.1.1:80")).startsWith("Network is unreachable");
      assertThat(tries(connect + "127.0.0.1:" + port.getLocalPort()))
          .startsWith("Connection refused");
    }
    assertThat(tries("perl -MSocket -e 'socket(S, PF_INET, SOCK_RAW, 1) or print \"$!\"'"))
        .startsWith("Operation not permitted");
    assertThat(tries("tail -n +2 /proc/net/unix")).isEqualTo("[exit status 0]");
    assertThat(tries("tail -n +3 /proc/net/dev | tr -d ' ' | cut -d: -f1")).startsWith("lo\n");
  }

  @Test
  void seesTheHostsNetworkOnlyWhenItIsGiven() throws Exception {
    try (Jail jail = jails.create(host());
        ServerSocket port = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      Command command =
          asBuilder("cat /etc/resolv.conf; exec 3<>/dev/tcp/127.0.0.1/" + port.getLocalPort());
      Command networked = new Command(
          List.of("/bin/bash", "-c", command.argv().get(2)),
          command.environment(),
          "/",
          command.user(),
          Command.Network.HOST,
          command.limits(),
          Optional.empty());
      Assumptions.assumeTrue(Files.exists(Path.of("/bin/bash")), "no bash");
      assertThat(said(jail, networked))
          .isEqualTo(Files.readString(Path.of("/etc/resolv.conf")) + "[exit status 0]");
      assertThat(said(jail, asBuilder("cat /etc/resolv.conf"))).isEqualTo("[exit status 0]");
    }
  }

  @Test
  void findsNoFileOfTheFarmOrItsUser() throws Exception {
    Path canary = Files.writeString(folder.resolve("canary"), "secret");
    assertThat(tries("cat " + canary)).contains("No such file");
    assertThat(tries("ls -A /home /root /usr/local /var/tmp /tmp 2>&1 | grep -v :"))
        .doesNotContain("canary");
    assertThat(tries("ls -d /etc/shadow /etc/ssh /etc/sudoers /etc/machine-id /sys/kernel /boot"))
        .doesNotContain("\n/etc", "\n/sys", "\n/boot")
        .contains("No such file");
    assertThat(tries("ls -A /usr/local")).isEqualTo("[exit status 0]");
    assertThat(tries("for f in /proc/self/fd/*; do readlink $f; done | sort | uniq -c"))
        .doesNotContain(folder.toString(), "run/");
    assertThat(tries("tr '\\0' '\\n' </proc/1/environ")).doesNotContain("JOIN", "STATUS");
  }

  @Test
  void changesNothingThatOthersSee() throws Exception {
    Path pattern = Path.of("/proc/sys/kernel/core_pattern");
    String before = Files.readString(pattern);
    assertThat(tries("echo x >" + pattern)).contains("Read-only file system");
    assertThat(tries("echo x >/etc/x")).contains("Permission denied");
    assertThat(tries("echo x >/usr/bin/x")).contains("Read-only file system");
    assertThat(tries("echo x >/usr/local/x")).contains("Permission denied");
    assertThat(tries("hostname other || perl -e 'exit 1'")).contains("exit status 1");
    try (Jail jail = jails.create(host())) {
      assertThat(said(jail, asRoot("echo x >" + pattern))).contains("Read-only file system");
      assertThat(said(jail, asRoot("echo x >/etc/x && echo x >/usr/local/x")))
          .isEqualTo("[exit status 0]");
      assertThat(said(jail, asRoot("date -s 2001-01-01"))).contains("Operation not permitted");
      assertThat(said(jail, asRoot("rm -f /usr/bin/env"))).contains("Read-only file system");
    }
    assertThat(tries("ls /etc/x /usr/local/x")).contains("exit status 2");
    assertThat(Files.readString(pattern)).isEqualTo(before);
  }

  @Test
  void gainsNoRights() throws Exception {
    assertThat(tries("grep -E '^(Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs|Seccomp):' /proc/self/status"))
        .isEqualTo(
            "CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\nCapBnd:\t0000000000000000\n"
                + "CapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t2\n[exit status 0]");
    assertThat(tries("mknod disk b 8 0")).contains("Operation not permitted");
    assertThat(tries("unshare -Urm true")).contains("Operation not permitted");
    assertThat(tries("mount -t tmpfs none /tmp")).contains("exit status");
    try (Jail jail = jails.create(host())) {
      assertThat(said(jail, asRoot("mknod /disk b 8 0"))).contains("Operation not permitted");
      assertThat(said(jail, asRoot("mount -t tmpfs none /mnt || echo no"))).contains("no\n");
      assertThat(said(jail, asRoot("chroot / true"))).contains("Operation not permitted");
      assertThat(said(jail, asRoot("cp /usr/bin/id /usr/local/id && chmod 4755 /usr/local/id")))
          .isEqualTo("[exit status 0]");
      String mine = said(jail, asBuilder("id -u"));
      assertThat(said(jail, asBuilder("/usr/local/id -u"))).isEqualTo(mine);
    }
  }

  @Test
  void isRefusedItsJailAfterReplacingAMountPoint() throws Exception {
    // A mount that is not there in every run can be replaced in the others.
    try (Jail jail = jails.create(host())) {
      assertThat(said(jail, asRoot("rm /etc/resolv.conf && ln -s /etc/passwd /etc/resolv.conf")))
          .isEqualTo("[exit status 0]");
      assertThatThrownBy(() -> said(jail, asBuilder("true")))
          .isInstanceOf(JailException.class)
          .hasMessageContaining("/etc/resolv.conf");
    }
  }

  @Test
  void stopsForkingAtItsLimit() throws Exception {
    Limits limits = new Limits(Duration.ofSeconds(60), Duration.ofSeconds(60), 1 << 20, 0, 64);
    String bomb = "i=0; while [ $i -lt 500 ]; do sleep 1000 & i=$((i + 1)); done; echo all";
    try (Jail jail = jails.create(host())) {
      ByteArrayOutputStream output = new ByteArrayOutputStream();
      Exit exit = jail.run(script(Command.User.BUILDER, limits, bomb), output);
      assertThat(exit.succeeded()).isFalse();
      assertThat(output.toString(StandardCharsets.UTF_8)).doesNotContain("all");
    }
  }

  @Test
  void diesAloneWhenItTakesTooMuchMemory() throws Exception {
    long limit = 96L << 20;
    Limits limits = new Limits(Duration.ofSeconds(60), Duration.ofSeconds(60), 1 << 20, limit, 64);
    try (ControlGroups groups = ControlGroups.find("slipway-test-" + folder.getFileName())) {
      Optional<ControlGroup> group = groups.create("probe", limits);
      Assumptions.assumeTrue(
          group.flatMap(ControlGroup::memory).isPresent(), "no memory control group here");
      group.get().close();
    }
    try (Jail jail = jails.create(host())) {
      // The shell goes on after its child is killed, as make would.
      String eat = "perl -e '$x = \"x\" x (1 << 29); print length $x'; exit 1";
      assertThat(
              jail.run(script(Command.User.BUILDER, limits, eat), OutputStream.nullOutputStream()))
          .isInstanceOfSatisfying(Exit.OutOfMemory.class, exit -> {
            assertThat(exit.limitBytes()).isEqualTo(limit);
            assertThat(exit.usage().peakMemoryBytes()).hasValue(limit);
          });
      assertThat(said(jail, asBuilder("true"))).isEqualTo("[exit status 0]");
    }
  }

  @Test
  void seesOnlyTheProcessesOfItsOwnRun() throws Exception {
    assertThat(tries("for p in /proc/[0-9]*; do cat $p/comm; done 2>/dev/null | sort -u"))
        .doesNotContain("java", "runc", "crun", "unshare");
    assertThat(tries("kill -KILL -1; kill -KILL 1; echo alive; exit 6"))
        .endsWith("alive\n[exit status 6]");
  }

  @Test
  void looksIntoNoScriptOfTheFarmsThatStartedIt() throws Exception {
    // The script tells its number, and starts who wants to see its input, files and memory.
    String spy = "for f in environ fd/0 fd/3 mem; do for p in 1 $1; do "
        + "(exec 5<>/proc/$p/$f) 2>/dev/null && echo opens $p $f; "
        + "(exec 5</proc/$p/$f) 2>/dev/null && echo reads $p $f; done; done; "
        + "head -n 1 /proc/$1/comm";
    for (Command.User user : Command.User.values()) {
      try (Jail jail = jails.create(host())) {
        Command command = new Command(
            List.of(Jail.SHELL, "-c", "sh -c '" + spy + "' spy $$; read x; echo $x"),
            Map.of("PATH", "/usr/bin:/bin"),
            "/wrkdirs",
            user,
            Command.Network.NONE,
            Commands.LIMITS,
            Optional.of(new ByteArrayInputStream(new byte[] {'q', '\n'})));
        String said = said(jail, command);
        if (user == Command.User.BUILDER) {
          assertThat(said).isEqualTo("sh\nq\n[exit status 0]");
        } else {
          assertThat(said).startsWith("opens 1").endsWith("sh\nq\n[exit status 0]");
        }
      }
    }
  }

  @Test
  void refusesWhatItCannotMount() {
    assertThatThrownBy(() -> jails.create(host(new Mount(Path.of("/no/such"), "/xports", false))))
        .isInstanceOf(JailException.class)
        .hasMessageContaining("/no/such");
    assertThatThrownBy(() -> jails.create(host(new Mount(folder, "/usr/ports", false))))
        .isInstanceOf(JailException.class)
        .hasMessageContaining("/usr/ports");
    JailSpec empty = new JailSpec("empty", new Base.Directory(folder), List.of());
    assertThatThrownBy(() -> jails.create(empty))
        .isInstanceOf(JailException.class)
        .hasMessageContaining("bin/sh");
  }
}
