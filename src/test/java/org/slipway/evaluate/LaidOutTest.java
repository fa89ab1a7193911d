package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class LaidOutTest {
  @TempDir
  private Path temp;

  @Test
  void removesTheOldestUnusedAndNoneOfTheLastWeek() throws Exception {
    for (int days = 1; days <= 40; days++) {
      folder("d" + days, days);
    }
    LaidOut.prune(temp);
    assertThat(temp.resolve("d32")).exists();
    assertThat(temp.resolve("d33")).doesNotExist();
    assertThat(temp.resolve("d40")).doesNotExist();
    for (int i = 0; i < 40; i++) {
      folder("young" + i, 6);
    }
    LaidOut.prune(temp);
    assertThat(temp.resolve("d6")).exists();
    assertThat(temp.resolve("d8")).doesNotExist();
    assertThat(temp.resolve("young39")).isNotEmptyDirectory();
  }

  @Test
  void keepsWhatIsUsedAgain() throws Exception {
    for (int i = 0; i < 32; i++) {
      folder("young" + i, 1);
    }
    Path mk = Files.createDirectories(temp.resolve("aside/Mk"));
    Files.writeString(mk.resolve("a.mk"), "A=1\n");
    BriefMakefiles brief = new BriefMakefiles(temp);
    Path used = brief.of(Optional.of(mk), Optional.of("used")).orElseThrow();
    Path unused = brief.of(Optional.of(mk), Optional.of("unused")).orElseThrow();
    age(used, 30);
    age(unused, 30);
    assertThat(brief.of(Optional.of(mk), Optional.of("used"))).contains(used);
    brief.of(Optional.of(mk), Optional.of("another"));
    assertThat(used).isNotEmptyDirectory();
    assertThat(unused).doesNotExist();
  }

  private void folder(String name, int daysAgo) throws IOException {
    Path folder = Files.createDirectory(temp.resolve(name));
    Files.writeString(folder.resolve("sys.mk"), "");
    age(folder, daysAgo);
  }

  private static void age(Path folder, int days) throws IOException {
    Files.setLastModifiedTime(
        folder, FileTime.from(Instant.now().minus(Duration.ofDays(days)).minusSeconds(60)));
  }
}
