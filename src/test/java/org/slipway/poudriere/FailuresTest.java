package org.slipway.poudriere;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

class FailuresTest {
  @ParameterizedTest
  @CsvSource({
    "check-sanity,       '',               CHECK_SANITY,   SANITY",
    "fetch,              fetch,            FETCH,          FETCH",
    "fetch,              ???,              FETCH,          FETCH",
    "checksum,           fetch_timeout,    CHECKSUM,       CHECKSUM",
    "extract,            checksum,         EXTRACT,        CHECKSUM",
    "patch,              patch,            PATCH,          PATCH",
    "build-depends,      depend_package,   BUILD_DEPENDS,  DEPENDENCY",
    "lib-depends,        LIB_DEPENDS,      LIB_DEPENDS,    DEPENDENCY",
    "configure,          configure_error,  CONFIGURE,      CONFIGURE",
    "configure,          clang,            CONFIGURE,      CONFIGURE",
    "configure,          linker_error,     CONFIGURE,      CONFIGURE",
    "build,              clang,            BUILD,          COMPILE",
    "build,              bad_C++_code,     BUILD,          COMPILE",
    "build,              linker_error,     BUILD,          LINK",
    "build,              process_failed,   BUILD,          COMPILE",
    "build,              WRKDIR,           BUILD,          FS_VIOLATION",
    "stage,              install_error,    STAGE,          STAGE",
    "stage,              clang,            STAGE,          COMPILE",
    "package,            '',               PACKAGE,        PACKAGE",
    "build/timeout,      runaway_process,  BUILD,          TIMEOUT",
    "configure/runaway,  configure_error,  CONFIGURE,      SILENT",
    "build_fs_violation, mtree,            BUILD,          FS_VIOLATION",
    "stage_fs_violation, mtree,            STAGE,          FS_VIOLATION",
    "stage-qa,           '',               STAGE_QA,       STAGE",
    "check-plist,        '',               CHECK_PLIST,    PLIST",
    "leftovers,          mtree,            LEFTOVERS,      LEFTOVER",
    "crashed,            crashed,          CHECK_SANITY,   CRASHED",
    "stuck_in_queue,     stuck_in_queue,   CHECK_SANITY,   CRASHED",
    "'',                 '',               CHECK_SANITY,   UNKNOWN",
    "nonsense,           clang,            CHECK_SANITY,   COMPILE",
    "nonsense,           nonsense,         CHECK_SANITY,   UNKNOWN",
  })
  void knowsTheClassOfWhatPoudriereSays(
      String phase, String guess, Phase where, FailureClass failure) {
    BuildResult.Failed failed = Failures.of(settled(phase, guess));

    assertThat(failed.phase()).isEqualTo(where);
    assertThat(failed.failure()).isEqualTo(failure);
  }

  @Test
  void saysWhereTheClassComesFrom() {
    assertThat(Failures.of(settled("build", "linker_error")).message())
        .isEqualTo("it failed in poudriere's phase build, whose log looks like linker_error");
    assertThat(Failures.of(settled("fetch", "fetch")).message())
        .isEqualTo("it failed in poudriere's phase fetch");
    assertThat(Failures.of(settled("", "???")).message())
        .isEqualTo("it failed in poudriere's phase unknown");
  }

  private static Settled settled(String phase, String guess) {
    return new Settled(
        Settled.Kind.FAILED,
        OriginSpec.parse("devel/foo"),
        PackageName.parse("foo-1"),
        Optional.empty(),
        phase,
        guess);
  }
}
