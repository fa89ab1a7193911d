package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.jail.Commands.asBuilder;
import static org.slipway.jail.Commands.asRoot;
import static org.slipway.jail.Commands.said;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Roots over an unpacked base system: here a handful of the host's programs with their libraries. */
final class DirectoryBaseTest {
  private static final String COLLECT =
      "for p in /bin/sh /usr/bin/env /bin/cat /usr/bin/id /bin/ls; do"
          + " for f in $p $(ldd $p | grep -o '/[^ ]*'); do"
          + " mkdir -p \"$1${f%/*}\" && cp -L $f \"$1$f\"; done; done; chmod -R u+w,a+rX \"$1\"";

  @TempDir
  Path folder;

  private Path base;

  @BeforeEach
  void makesABase() throws Exception {
    base = Files.createDirectory(folder.resolve("base"));
    assertThat(HostProcess.run(List.of("sh", "-c", COLLECT, "sh", base.toString()), 30))
        .isNull();
    Root.file(
        Root.folder(base.resolve("etc"), "rwxr-xr-x").resolve("passwd"), "toor:x:0:0::/:/bin/sh\n");
  }

  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"JAIL", "PROOT"})
  void showsTheBaseAndNothingOfTheHostAndLeavesTheBaseAsItWas(Containment kind) throws Exception {
    try (Jails jails = new Opening(folder.resolve("jails"), false).open(Set.of(kind))) {
      Assumptions.assumeTrue(jails.backEnd().layered(), "no overlay mounts below " + folder);
      JailSpec spec = new JailSpec("test", new Base.Directory(base), List.of());
      try (Jail jail = jails.create(spec)) {
        assertThat(said(jail, asBuilder("ls /usr/bin; cat /etc/passwd")))
            .startsWith("env\nid\ntoor:x:0:0::/:/bin/sh\nbuilder:")
            .endsWith("[exit status 0]");
        assertThat(
                said(jail, asRoot("echo new >/etc/new; echo changed >/usr/bin/env; cat /etc/new")))
            .isEqualTo("new\n[exit status 0]");
      }
      try (Jail jail = jails.create(spec)) {
        assertThat(said(jail, asBuilder("ls /etc/new"))).contains("exit status 2");
      }
      // Links in a base are meant from its own top.
      Files.move(base.resolve("bin/sh"), base.resolve("bin/shell"));
      Files.createSymbolicLink(base.resolve("bin/sh"), Path.of("/bin/shell"));
      try (Jail jail = jails.create(spec)) {
        assertThat(said(jail, asBuilder("ls -l " + Jail.SHELL)))
            .startsWith("---x--x--x")
            .endsWith("[exit status 0]");
      }
      assertThat(base.resolve("etc/new")).doesNotExist();
      assertThat(base.resolve("usr/bin/env")).hasSameBinaryContentAs(Path.of("/usr/bin/env"));
    } catch (JailException e) {
      Assumptions.abort(kind + " cannot be tried here: " + e.getMessage());
    }
  }
}
