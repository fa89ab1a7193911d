package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.jail.Commands.asRoot;
import static org.slipway.jail.Commands.said;
import static org.slipway.jail.Commands.script;

import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** Root phases that replace the tools of their base, in roots over an unpacked base system. */
abstract class HostileBase extends HostileGround {
  HostileBase(Containment kind) {
    super(kind);
  }

  private static final String COLLECT =
      "for p in /bin/sh /usr/bin/env /bin/cat /bin/ls /bin/rm /bin/ln /bin/mv /bin/cp /bin/chmod"
          + " /bin/sleep /usr/bin/perl; do for f in $p $(ldd $p | grep -o '/[^ ]*'); do"
          + " mkdir -p \"$1${f%/*}\" && cp -L $f \"$1$f\"; done; done; chmod -R u+w,a+rX \"$1\"";

  private Path base() throws Exception {
    Assumptions.assumeTrue(jails.backEnd().layered(), "no overlay mounts below " + folder);
    Path base = Files.createTempDirectory(folder, "base");
    Root.folder(base, "rwxr-xr-x");
    assertThat(HostProcess.run(List.of("sh", "-c", COLLECT, "sh", base.toString()), 30))
        .isNull();
    return base;
  }

  @Test
  void isTakenDownWithoutAnyOfTheToolsThatItReplaced() throws Exception {
    JailSpec spec = new JailSpec("test", new Base.Directory(base()), List.of());
    String mark = "7" + Integer.toUnsignedString(folder.hashCode());
    Limits brief = new Limits(Duration.ofSeconds(1), Duration.ofSeconds(9), 1 << 20, 0, 64);
    try (Jail jail = jails.create(spec)) {
      String replace = "for p in env cat ls rm kill umount; do rm -f /bin/$p /usr/bin/$p; done; "
          + "cp /usr/bin/perl /bin/kill; rm -f /lib64/ld-*; sh -c : 2>/dev/null || echo broken";
      assertThat(said(
              jail,
              script(
                  Command.User.ROOT,
                  Commands.LIMITS,
                  "PATH=/bin:/usr/bin; sleep " + mark + " & " + replace)))
          .contains("exit status");
      // Its own next program is whatever it made of it.
      Exit next =
          jail.run(script(Command.User.ROOT, brief, "true"), OutputStream.nullOutputStream());
      assertThat(next.succeeded()).isFalse();
    }
    assertThat(BackEndsTest.running(mark)).isEmpty();
    try (Jail jail = jails.create(spec)) {
      assertThat(said(jail, asRoot("ls /bin/kill"))).contains("No such file");
    }
  }

  @Test
  void getsTheRuntimeNeitherToWriteItselfNorToFillTheFarmsFiles() throws Exception {
    JailSpec spec = new JailSpec("test", new Base.Directory(base()), List.of());
    try (Jail jail = jails.create(spec)) {
      // The first program of the next run, with the file that tells the farm its outcome.
      String hostile = """
          cat >/usr/bin/env <<'E'
          #!/usr/bin/perl
          open F, '>&=', 3; $SIG{PIPE} = 'IGNORE'; $l = qq(started\\n0\\n) . q(x) x 4096;
          for (1 .. 50000) { syswrite F, $l or last } seek F, 1 << 40, 0; syswrite F, $l;
          E
          chmod 755 /usr/bin/env""";
      assertThat(said(jail, asRoot(hostile))).isEqualTo("[exit status 0]");
      jail.run(asRoot("true"), OutputStream.nullOutputStream());
      try (var files = Files.walk(folder.resolve("jails"))) {
        assertThat(files.filter(file -> file.endsWith("run/status")))
            .isNotEmpty()
            .allMatch(file -> file.toFile().length() <= 128);
      }
      // The runtime itself as the first program of a run.
      assertThat(said(jail, asRoot("true"))).contains("[");
    }
    try (Jail jail = jails.create(spec)) {
      assertThat(
              said(jail, asRoot("mv /usr/bin/env /usr/bin/e; ln -s /proc/self/exe /usr/bin/env")))
          .isEqualTo("[exit status 0]");
      assertThat(jail.run(asRoot("true"), OutputStream.nullOutputStream()).succeeded())
          .isFalse();
    }
    assertThat(Files.isWritable(Path.of("/bin/sh"))).isEqualTo(Files.isWritable(Path.of("/bin")));
    try (Jail jail = jails.create(spec)) {
      assertThat(said(jail, asRoot("echo well"))).isEqualTo("well\n[exit status 0]");
    }
  }
}
