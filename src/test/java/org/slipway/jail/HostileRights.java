package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.jail.Commands.asBuilder;
import static org.slipway.jail.Commands.asRoot;
import static org.slipway.jail.Commands.host;
import static org.slipway.jail.Commands.said;
import static org.slipway.jail.Commands.script;

import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Year;
import java.time.ZoneOffset;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Builds that want more rights than they have. */
abstract class HostileRights extends HostileGround {
  HostileRights(Containment kind) {
    super(kind);
  }

  @Test
  void hasNoneAndGetsNone() throws Exception {
    String seccomp = filters() ? "2" : "0";
    assertThat(tries("grep -E '^(Cap(Prm|Eff|Amb)|NoNewPrivs|Seccomp):' /proc/self/status"))
        .isEqualTo("CapPrm:\t0000000000000000\nCapEff:\t0000000000000000\n"
            + "CapAmb:\t0000000000000000\nNoNewPrivs:\t1\nSeccomp:\t" + seccomp
            + "\n[exit status 0]");
    if (filters()) {
      assertThat(tries("grep ^CapBnd: /proc/self/status"))
          .isEqualTo("CapBnd:\t0000000000000000\n[exit status 0]");
    }
  }

  @Test
  void makesNoDevice() throws Exception {
    assertThat(tries("mknod disk b 8 0")).contains("Operation not permitted");
    assertThat(triesAsRoot("mknod /disk b 8 0")).contains("Operation not permitted");
    assertThat(triesAsRoot("mknod /kmsg c 1 11")).contains("Operation not permitted");
    assertThat(tries("ls /dev | grep -vE '^(null|zero|full|u?random|tty|ptmx|pts|shm|fd|std.*"
            + "|console|core|mqueue)$'"))
        .isEqualTo("[exit status 1]");
  }

  @Test
  void changesNoSettingOfTheKernel() throws Exception {
    Path pattern = Path.of("/proc/sys/kernel/core_pattern");
    String before = Files.readString(pattern);
    for (String setting : List.of(
        "/proc/sys/kernel/core_pattern", "/proc/sys/vm/drop_caches", "/proc/sys/fs/file-max")) {
      assertThat(tries("echo x >" + setting)).containsPattern("Read-only file|Permission denied");
      assertThat(triesAsRoot("echo x >" + setting)).contains("Read-only file system");
    }
    assertThat(triesAsRoot("mount -o remount,rw /proc/sys; echo x >" + pattern))
        .contains("Read-only file system");
    assertThat(triesAsRoot("ls /sys/kernel /sys/fs/cgroup")).contains("No such file");
    assertThat(Files.readString(pattern)).isEqualTo(before);
  }

  @Test
  void mountsNothing() throws Exception {
    assertThat(tries("mount -t tmpfs none /tmp; echo $?")).doesNotContain("0\n[");
    assertThat(triesAsRoot("mount -t tmpfs none /mnt || echo no")).contains("no\n");
    assertThat(triesAsRoot("umount /proc || echo no")).contains("no\n");
    // Without a filter too: the kernel gives no user namespace to who is in a changed root.
    assertThat(tries("unshare -Urm true")).contains("Operation not permitted");
    assertThat(triesAsRoot("unshare -m true")).contains("Operation not permitted");
    if (filters()) {
      assertThat(triesAsRoot("chroot / true")).contains("Operation not permitted");
    }
  }

  @Test
  void hasNoMountThatTakesSetuidPrograms() throws Exception {
    Mount given = new Mount(Files.createDirectory(folder.resolve("given")), "/xports", false);
    Mount taken = new Mount(Files.createDirectory(folder.resolve("taken")), "/packages", true);
    JailSpec spec = new JailSpec(
        "test", new Base.Host(), List.of(given, taken), List.of(new Tmpfs("/m", 1 << 20, 0)), 0);
    try (Jail jail = jails.create(spec)) {
      String mounts = said(jail, asBuilder("cat /proc/self/mountinfo"));
      assertThat(mounts).contains(" /xports ", " /packages ", " /m ", " / ");
      assertThat(mounts.lines().filter(line -> line.contains(" - ")))
          .allMatch(line -> line.matches(".* nosuid[ ,].*|.*,nosuid[ ,].*")
              // A runtime's own masks: one device, an empty read-only folder, a part of proc, in
              // which
              // nothing can be run (SB_I_NOEXEC).
              || line.matches(".* /(proc|dev|sys)/[^ ]+ [^-]*- devtmpfs .*")
              || line.matches(".* /proc/[^ ]+ ro[ ,][^-]*- (tmpfs|proc) .*"));
    }
  }

  @Test
  void becomesNobodyElseByASetuidProgram() throws Exception {
    try (Jail jail = jails.create(host())) {
      assertThat(said(jail, asRoot("cp /usr/bin/id /usr/local/id && chmod 4755 /usr/local/id")))
          .isEqualTo("[exit status 0]");
      String mine = said(jail, asBuilder("id -u"));
      assertThat(mine).startsWith(Integer.toString(IdMap.BUILDER));
      assertThat(said(jail, asBuilder("/usr/local/id -u"))).isEqualTo(mine);
    }
  }

  @Test
  void hasNoTerminalToTypeInto() throws Exception {
    // Process 1 leads a session that was made inside: no terminal of the farm is its own.
    assertThat(tries("set -- $(cat /proc/self/stat); echo $6 $7"))
        .matches("[1-9][0-9]* 0\n\\[exit status 0]");
    assertThat(tries("tty; (: </dev/tty) 2>&1 | grep -o 'No such device.*'"))
        .isEqualTo("not a tty\nNo such device or address\n[exit status 0]");
    String push = "perl -e 'open T, q(+<), q(/dev/ptmx); $c = q(x); "
        + "print ioctl(T, 0x5412, $c) ? q(typed) : $!'";
    if (filters()) {
      assertThat(tries(push)).startsWith("Operation not permitted");
    }
  }

  @Test
  void setsNeitherClockNorName() throws Exception {
    String name = InetAddress.getLocalHost().getHostName();
    assertThat(tries("hostname other || perl -e 'exit 1'")).contains("exit status 1");
    assertThat(triesAsRoot("hostname other; echo $?")).doesNotContain("0\n[");
    assertThat(triesAsRoot("date -s 2001-01-01")).contains("Operation not permitted");
    assertThat(InetAddress.getLocalHost().getHostName()).isEqualTo(name);
    assertThat(Year.now(ZoneOffset.UTC).getValue()).isGreaterThan(2020);
  }

  @Test
  void seesOnlyTheProcessesOfItsOwnRun() throws Exception {
    assertThat(tries("for p in /proc/[0-9]*; do cat $p/comm; done 2>/dev/null | sort -u"))
        .doesNotContain("java", "runc", "crun", "unshare");
    assertThat(tries("kill -KILL -1; kill -KILL 1; echo alive; exit 6"))
        .endsWith("alive\n[exit status 6]");
  }

  @Test
  void cannotWriteToTheProgramThatMadeItsJail() throws Exception {
    Path runtime = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin", "/usr/local/bin").stream()
        .map(place -> Path.of(place, kind.name().toLowerCase(Locale.ROOT)))
        .filter(Files::isExecutable)
        .findFirst()
        .orElseThrow();
    String before = digest(runtime);
    // As CVE-2019-5736 had it: the jail's first program is the runtime itself once more.
    try (Jail jail = jails.create(host())) {
      assertThat(
              said(jail, asRoot("for p in /proc/[0-9]*; do (echo x >>$p/exe) && echo wrote; done")))
          .doesNotContain("wrote");
      // The fallback's is gone when the jail's first program runs, which is the shell.
      List<Command.User> users =
          kind == Containment.UNSHARE ? List.of() : List.of(Command.User.values());
      for (Command.User user : users) {
        Command itself = new Command(
            List.of("/proc/1/exe", "--version"),
            Map.of(),
            "/wrkdirs",
            user,
            Command.Network.NONE,
            Commands.LIMITS,
            Optional.empty());
        assertThat(said(jail, itself)).doesNotContain(kind.name().toLowerCase(Locale.ROOT));
      }
      assertThat(said(jail, asRoot("ls -l /proc/1/exe"))).contains(Jail.SHELL);
    }
    assertThat(digest(runtime)).isEqualTo(before);
  }

  private static String digest(Path file) throws Exception {
    return HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest(Files.readAllBytes(file)));
  }

  @Test
  void doesNotKeepWhatAScriptOfTheRootPhaseSet() throws Exception {
    try (Jail jail = jails.create(host())) {
      assertThat(said(jail, script(Command.User.ROOT, Commands.LIMITS, "ulimit -n 50; umask 0")))
          .isEqualTo("[exit status 0]");
      assertThat(said(jail, asBuilder("umask; test $(ulimit -n) -gt 50")))
          .endsWith("[exit status 0]");
    }
  }
}
