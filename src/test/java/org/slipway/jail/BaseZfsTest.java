package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bases as ZFS datasets, against a zfs that records what it is asked and makes plain folders. */
final class BaseZfsTest {
  @TempDir
  Path folder;

  private final List<String> asked = new ArrayList<>();
  private Path kept = Path.of("");
  private Bases bases = new Bases(Path.of(""));
  private String mounted = "";
  private String fails = "nothing";

  @BeforeEach
  void open() {
    kept = folder.resolve("bases");
    mounted = kept.toString();
    bases = new Bases(
        kept, BaseLimits.DEFAULT, InstantSource.system(), place -> BaseZfs.of(place, this::zfs));
  }

  @Test
  void keepsABaseAsAReadOnlyDatasetWithACleanSnapshot() throws Exception {
    make();
    assertThat(asked)
        .containsExactly(
            "create -o atime=off -o mountpoint=BASES/.new-a/root tank/bases/new:a",
            "unmount tank/bases/new:a",
            "rename tank/bases/new:a tank/bases/a",
            "set mountpoint=BASES/a/root tank/bases/a",
            "snapshot tank/bases/a@clean",
            "set readonly=on tank/bases/a");
    assertThat(bases.use(new BaseName("a")).id()).isPresent();
    asked.clear();
    bases.delete(new BaseName("a"), false);
    assertThat(asked).containsExactly("destroy -r tank/bases/a");
    assertThat(BasesTest.names(kept)).isEmpty();
  }

  @Test
  void leavesNothingWhereAStepFails() throws Exception {
    for (String step : List.of("create", "unmount", "rename", "snapshot", "set readonly=on")) {
      asked.clear();
      fails = step;
      assertThatThrownBy(this::make)
          .isInstanceOf(BaseException.class)
          .hasMessageContaining("zfs " + step)
          .hasMessageContaining("failed: dataset is busy");
      assertThat(BasesTest.names(kept)).as(step).isEmpty();
      assertThat(asked).as(step).contains("destroy -r tank/bases/new:a");
    }
    fails = "nothing";
    make();
  }

  @Test
  void keepsTheBaseWhereAJailsCloneHoldsIt() throws Exception {
    make();
    fails = "destroy";
    assertThatThrownBy(() -> bases.delete(new BaseName("a"), false))
        .hasMessage("zfs destroy -r tank/bases/a failed: dataset is busy");
    assertThat(bases.list()).hasSize(1);
  }

  @Test
  void usesPlainFoldersWhereTheFolderIsNoDataset() throws Exception {
    mounted = "/";
    make();
    assertThat(asked).isEmpty();
  }

  private void make() throws IOException {
    Path release = SampleBase.release(folder.resolve("release"));
    bases.create(
        new BaseName("a"),
        new BaseSource.Archive(release.resolve("base.txz").toString(), List.of(), Optional.empty()),
        BaseProgress.NONE);
  }

  private String zfs(List<String> argv) throws IOException {
    assertThat(argv.get(0)).isEqualTo("zfs");
    String words = String.join(" ", argv.subList(1, argv.size())).replace(kept.toString(), "BASES");
    if (argv.get(1).equals("list")) {
      return "tank/bases\t" + mounted + "\n";
    }
    asked.add(words);
    if (words.startsWith(fails)) {
      throw new IOException("dataset is busy");
    }
    if (argv.get(1).equals("create")) {
      Files.createDirectory(kept.resolve(".new-a/root"));
    }
    return "";
  }
}
