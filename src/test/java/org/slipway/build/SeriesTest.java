package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Containment;
import org.slipway.jail.Jails;

/** Phases that share a jailed run. */
final class SeriesTest {
  @TempDir
  static Path scratch;

  private static Jails jails;

  @TempDir
  Path folder;

  @BeforeAll
  static void openJails() throws IOException {
    jails = Jails.open(scratch.toAbsolutePath(), true);
  }

  @AfterAll
  static void closeJails() throws IOException {
    jails.close();
  }

  @Test
  void endsWhatAPhaseLeavesRunningBeforeTheNext() throws Exception {
    Assumptions.assumeTrue(
        jails.containment() != Containment.PROOT && jails.containment() != Containment.JAIL,
        "runs have no namespace of processes here");
    SmallTree tree = new SmallTree(folder);
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    // What is killed may stand in the list of processes for a moment more, without its words.
    BuildResult result = new PackageBuilder(
            jails, folder.resolve("distfiles"), folder.resolve("spool"))
        .build(tree.request(tree.port("misc/stays", """
                DISTFILES=
                NO_BUILD=yes
                PLIST_FILES=
                do-extract:
                	@mkdir -p ${WRKDIR}
                	@setsid sh -c 'trap "" TERM HUP; echo $$$$ >${WRKDIR}/pid; exec sleep 600' </dev/null >/dev/null 2>&1 &
                	@until grep -qs 600 /proc/$$(cat ${WRKDIR}/pid)/cmdline; do sleep 0.05; done
                	@grep -q 600 /proc/$$(cat ${WRKDIR}/pid)/cmdline && echo it runs in extract
                do-patch:
                	@i=0; while grep -q 600 /proc/$$(cat ${WRKDIR}/pid)/cmdline 2>/dev/null && [ $$i -lt 100 ]; do \\
                	  i=$$((i + 1)); sleep 0.05; done; [ $$i -lt 100 ] && echo it is gone in patch
                do-install:
                	@:
                """).port()), log, phase -> {});
    assertThat(log.toString(StandardCharsets.UTF_8))
        .contains("it runs in extract\n", "it is gone in patch\n");
    assertThat(result).isInstanceOf(BuildResult.Built.class);
  }
}
