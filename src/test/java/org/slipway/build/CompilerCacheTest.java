package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Jails;

/** The real ccache, in the folder that a job's builds share. */
final class CompilerCacheTest {
  /** Calls the compiler as FreeBSD's bsd.ccache.mk has a port's own make do: by the links' folder. */
  private static final String PORT = """
      DISTFILES=
      PLIST_FILES=share/one.o
      PATH:=	${CCACHE_WRAPPER_PATH}:${PATH}
      do-build:
      	@cp ${.CURDIR}/one.c ${WRKDIR}/
      	@cd ${WRKDIR} && env PATH=${PATH} CCACHE_DIR=${CCACHE_DIR} cc -c one.c -o one.o
      	@env CCACHE_DIR=${CCACHE_DIR} ${CCACHE_BIN} --print-stats | grep -E '^(direct_cache_hit|cache_miss)'
      do-install:
      	@mkdir -p ${STAGEDIR}${PREFIX}/share
      	@cp ${WRKDIR}/one.o ${STAGEDIR}${PREFIX}/share/
      """;

  @TempDir
  Path folder;

  @Test
  void compilesOnceWhatTwoBuildsCompile() throws Exception {
    Assumptions.assumeTrue(
        Files.exists(Path.of("/usr/bin/ccache")) && Files.isDirectory(Path.of("/usr/lib/ccache")),
        "this host, which is the base, has no ccache in Debian's place; install it");
    SmallTree tree = new SmallTree(folder);
    SmallTree.Draft draft = tree.port("misc/cached", PORT);
    Files.writeString(folder.resolve("tree/misc/cached/one.c"), "int one(void) { return 1; }\n");
    BuildRequest request = SmallTree.wishing(
        tree.request(draft.port()),
        new BuildRequest.Wishes(
            BuildRequest.Mode.PACKAGE,
            List.of(),
            Optional.empty(),
            0,
            OptionalLong.empty(),
            Optional.of(folder.resolve("ccache")),
            Optional.empty()));
    try (Jails jails = Jails.open(folder.resolve("jails"), true)) {
      PackageBuilder builder =
          new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"));
      assertThat(log(builder, request)).contains("cache_miss\t1", "direct_cache_hit\t0");
      assertThat(log(builder, request)).contains("cache_miss\t1", "direct_cache_hit\t1");
    }
  }

  private static List<String> log(PackageBuilder builder, BuildRequest request) throws Exception {
    ByteArrayOutputStream log = new ByteArrayOutputStream();
    BuildResult result = builder.build(request, log, phase -> {});
    assertThat(result)
        .as(log.toString(StandardCharsets.UTF_8))
        .isInstanceOf(BuildResult.Built.class);
    return log.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
