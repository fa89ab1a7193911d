package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.jail.Commands.asBuilder;
import static org.slipway.jail.Commands.asRoot;
import static org.slipway.jail.Commands.said;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Jails in a kept base: what they write is theirs, setuid gives nothing, and the base stays while
 * they may come again.
 */
final class BaseInUseTest {
  private static final String COLLECT =
      "for p in /bin/sh /usr/bin/env /usr/bin/id; do for f in $p $(ldd $p | grep -o '/[^ ]*'); do"
          + " mkdir -p \"$1${f%/*}\" && cp -L $f \"$1$f\"; done; done;"
          + " mkdir \"$1/etc\"; chmod -R u+w,a+rX \"$1\"; chmod 4755 \"$1/usr/bin/id\"";

  @TempDir
  Path folder;

  @Test
  void aBaseIsNotDeletedUnderAFarmAndJailsLeaveItAsItWas() throws Exception {
    Path system = Files.createDirectory(folder.resolve("system"));
    assertThat(HostProcess.run(List.of("sh", "-c", COLLECT, "sh", system.toString()), 30))
        .isNull();
    Bases bases = new Bases(folder.resolve("bases"));
    KeptBase base =
        bases.create(new BaseName("a"), new BaseSource.Folder(system), BaseProgress.NONE);
    try (Jails jails = new Opening(folder.resolve("jails"), false)
        .open(Set.of(Containment.RUNC, Containment.CRUN, Containment.UNSHARE))) {
      Assumptions.assumeTrue(jails.backEnd().layered(), "no overlay mounts below " + folder);
      try (Jail jail = jails.create(new JailSpec("test", base.base(), List.of()))) {
        assertThat(said(jail, asBuilder("id -u")))
            .endsWith("[exit status 0]")
            .doesNotStartWith("0");
        assertThat(said(jail, asRoot("echo x >/etc/new; echo y >/usr/bin/id; read l </etc/new")))
            .contains("exit status 0");
      }
      assertThatThrownBy(() -> bases.delete(base.name(), false))
          .hasMessageContaining(
              "is used by jails of process " + ProcessHandle.current().pid());
      assertThat(bases.use(base.name())).isEqualTo(base);
      assertThat(bases.read(base, BaseProgress.NONE)).isEqualTo(base.id().orElseThrow());
    } catch (JailException e) {
      Assumptions.abort("no jail can be made here: " + e.getMessage());
    }
    bases.delete(base.name(), false);
    assertThat(bases.list()).isEmpty();
  }
}
