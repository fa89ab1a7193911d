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
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Builds that want to read or change what is not theirs, or leave what harms who collects it. */
abstract class HostileFiles extends HostileGround {
  HostileFiles(Containment kind) {
    super(kind);
  }

  @Test
  void findsNothingOfTheFarmInEnvironmentsAndOpenFiles() throws Exception {
    String home = System.getenv("HOME");
    for (Command.User user : Command.User.values()) {
      try (Jail jail = jails.create(host())) {
        String seen = said(
            jail,
            script(
                user,
                Commands.LIMITS,
                "for p in /proc/[0-9]*; do tr '\\0' '\\n' <$p/environ; done 2>/dev/null; env"));
        assertThat(seen).doesNotContain("JOIN", "STATUS", folder.toString());
        assertThat(seen.lines()).noneMatch(line -> line.equals("HOME=" + home));
        assertThat(
                said(
                    jail,
                    script(
                        user,
                        Commands.LIMITS,
                        "cd /proc/self/fd; for f in *; do readlink $f; done | grep -v ^pipe: | sort -u")))
            .matches("(/dev/null\n)?(/proc/[0-9]+/fd\n)?\\[exit status 0]");
        assertThat(
                said(
                    jail,
                    script(
                        user,
                        Commands.LIMITS,
                        "i=3; while [ $i -lt 256 ]; do [ -e /proc/$$/fd/$i ] && echo $i; i=$((i + 1)); done; :")))
            // 10 is where a shell keeps the script that it reads.
            .matches("(10\n)?\\[exit status 0]");
      }
    }
  }

  @Test
  void findsNoFileOfTheFarmOrItsUser() throws Exception {
    Path canary = Files.writeString(folder.resolve("canary"), "secret");
    assertThat(tries("cat " + canary)).contains("No such file");
    assertThat(triesAsRoot("cat " + canary)).contains("No such file");
    assertThat(triesAsRoot("find / -xdev -name canary 2>/dev/null")).startsWith("[exit");
    assertThat(triesAsRoot("ls -A /home /root /usr/local /var/tmp /tmp | grep -v :"))
        .isEqualTo("\n\n\n\n[exit status 0]");
    assertThat(tries("ls -d /etc/shadow /etc/ssh /etc/sudoers /etc/machine-id /sys/kernel /boot"))
        .doesNotContain("\n/etc", "\n/sys", "\n/boot")
        .contains("No such file");
    assertThat(tries("ls -A /usr/local")).isEqualTo("[exit status 0]");
  }

  @Test
  void changesNoMountThatIsForReading() throws Exception {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Files.writeString(tree.resolve("Makefile"), "all:\n");
    Mount mount = new Mount(tree, "/xports", false);
    try (Jail jail = jails.create(host(mount))) {
      String writes = "(echo x >/xports/x); (echo x >>/xports/Makefile); rm -f /xports/Makefile;"
          + " chmod 777 /xports; mount -o remount,rw,bind /xports";
      for (Command.User user : Command.User.values()) {
        assertThat(said(jail, script(user, Commands.LIMITS, writes)).split("Read-only file", -1))
            .hasSizeGreaterThanOrEqualTo(4);
      }
    }
    try (var left = Files.list(tree)) {
      assertThat(left).containsExactly(tree.resolve("Makefile"));
    }
    assertThat(tree.resolve("Makefile")).hasContent("all:\n");
  }

  @Test
  void changesNothingThatTheNextJailSees() throws Exception {
    assertThat(tries("echo x >/etc/x")).contains("Permission denied");
    assertThat(tries("echo x >/usr/bin/x")).contains("Read-only file system");
    assertThat(tries("echo x >/usr/local/x")).contains("Permission denied");
    assertThat(triesAsRoot("echo x >/etc/x && echo x >/usr/local/x")).isEqualTo("[exit status 0]");
    assertThat(triesAsRoot("rm -f /usr/bin/env")).contains("Read-only file system");
    assertThat(tries("ls /etc/x /usr/local/x")).contains("exit status 2");
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
  void handsOutNothingOfTheHostByALinkAndHoldsNobodyUpByAPipe() throws Exception {
    Path canary = Files.writeString(folder.resolve("secret"), "secret");
    Limits brief = new Limits(Duration.ofSeconds(30), Duration.ofSeconds(1), 1 << 20, 0, 64);
    Limits small = new Limits(Duration.ofMinutes(1), Duration.ofMinutes(1), 1 << 20, 0, 64);
    try (Jail jail = jails.create(host())) {
      assertThat(said(
              jail,
              asBuilder("ln -s " + canary + " link; ln -s /proc/self/mem mem;"
                  + " mkfifo pipe; truncate -s 1T sparse; mkdir out; ln link out/hard")))
          .isEqualTo("[exit status 0]");
      // What a farm collects it has read by the jail's own user, in the jail, from a stream.
      assertThat(said(jail, asBuilder("cat link"))).contains("No such file");
      ByteArrayOutputStream archive = new ByteArrayOutputStream();
      assertThat(jail.run(asBuilder("tar -cf - link out pipe"), archive).succeeded())
          .isTrue();
      assertThat(archive.toString(StandardCharsets.ISO_8859_1)).doesNotContain("secret\0secret");
      assertThat(jail.run(
              script(Command.User.BUILDER, brief, "cat pipe"), OutputStream.nullOutputStream()))
          .isInstanceOf(Exit.Silent.class);
      ByteArrayOutputStream kept = new ByteArrayOutputStream();
      assertThat(jail.run(script(Command.User.BUILDER, small, "head -c 100000000 sparse"), kept))
          .isInstanceOf(Exit.Exited.class);
      assertThat(kept.size()).isEqualTo(1 << 20);
    }
  }

  @Test
  void isRemovedWhateverItLeaves() throws Exception {
    try (Jail jail = jails.create(host())) {
      assertThat(said(
              jail,
              asRoot("mkdir -p /wrkdirs/a/b && touch /wrkdirs/a/b/c /wrkdirs/i"
                  + " && chmod 0 /wrkdirs/a/b/c /wrkdirs/a/b /wrkdirs/a; chattr +i /wrkdirs/i;"
                  + " chown 12345 /wrkdirs/i; touch -- /wrkdirs/-rf \"/wrkdirs/a\nb\"")))
          .contains("Operation not permitted")
          .endsWith("[exit status 0]");
      String deep =
          "perl -e 'chdir(q(/wrkdirs)); for (1 .. 3000) { mkdir(q(d)); chdir(q(d)) or die }'";
      assertThat(said(jail, asRoot(deep))).isEqualTo("[exit status 0]");
    }
    try (var left = Files.list(folder.resolve("jails"))) {
      assertThat(left).noneMatch(path -> path.toString().contains("left"));
    }
    assertThat(tries("ls -A")).isEqualTo("[exit status 0]");
  }

  @Test
  void looksIntoNoScriptOfTheFarmsThatStartedIt() throws Exception {
    // The script tells its number, and starts who wants to see its input, files and memory.
    String spy = "for f in %s; do for p in 1 $1; do "
        + "(exec 5<>/proc/$p/$f) 2>/dev/null && echo opens $p $f; "
        + "(exec 5</proc/$p/$f) 2>/dev/null && echo reads $p $f; done; done; "
        + "head -n 1 /proc/$1/comm";
    // Who may open a pipe waits for its other end.
    Map<Command.User, String> wanted =
        Map.of(Command.User.BUILDER, "environ fd/0 fd/3 mem", Command.User.ROOT, "environ");
    for (Command.User user : Command.User.values()) {
      try (Jail jail = jails.create(host())) {
        Command command = new Command(
            List.of(
                Jail.SHELL,
                "-c",
                "sh -c '" + spy.formatted(wanted.get(user)) + "' spy $$; read x; echo $x"),
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
