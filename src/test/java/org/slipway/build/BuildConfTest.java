package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;

class BuildConfTest {
  @TempDir
  Path folder;

  private BuildRequest request(int jobs) throws IOException {
    SmallTree tree = new SmallTree(Files.createTempDirectory(folder, "tree"));
    BuildRequest any = tree.request(tree.port("misc/a", "").port());
    return new BuildRequest(
        any.port(),
        new Target(SmallTree.TARGET.abi(), new Base.Directory(folder.resolve("base")), "a base"),
        any.tree(),
        any.kit(),
        List.of(),
        Optional.empty(),
        any.limits(),
        jobs,
        new BuildRequest.Wishes(
            BuildRequest.Mode.PACKAGE,
            List.of(folder.resolve("private")),
            Optional.empty(),
            0,
            OptionalLong.empty(),
            Optional.of(folder.resolve("ccache")),
            Optional.empty()));
  }

  @Test
  void namesTheBasesCompilerCacheOnlyWhereItHasOne() throws IOException {
    Files.createDirectories(folder.resolve("base/usr/bin"));
    assertThat(BuildConf.text(request(2), List.of())).doesNotContain("CCACHE");
    Files.createFile(folder.resolve("base/usr/bin/ccache"));
    Files.createDirectories(folder.resolve("base/usr/lib/ccache"));
    assertThat(BuildConf.text(request(2), List.of()))
        .contains(
            "WITH_CCACHE_BUILD=\tyes\n",
            "NO_CCACHE_DEPEND=\tyes\n",
            "CCACHE_DIR=\t/ccache\n",
            "CCACHE_BIN=\t/usr/bin/ccache\n",
            "CCACHE_WRAPPER_PATH=\t/usr/lib/ccache\n");
  }

  @Test
  void saysHowManyJobsThereAreAndWhichOverlays() throws IOException {
    assertThat(BuildConf.text(request(3), List.of("CHOWN=\t/bin/chown")))
        .contains(
            "MAKE_JOBS_NUMBER=\t3\n", "OVERLAYS+=\t/overlays/private\n", "CHOWN=\t/bin/chown\n")
        .doesNotContain("DISABLE_MAKE_JOBS");
    assertThat(BuildConf.text(request(1), List.of())).contains("DISABLE_MAKE_JOBS=\tslipway\n");
  }
}
