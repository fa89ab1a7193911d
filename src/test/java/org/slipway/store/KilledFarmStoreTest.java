package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.plan.Inventory;

/** The embedded database when its process is killed as by kill -9: what was committed is there. */
final class KilledFarmStoreTest {
  /** Rounds of a kill while it writes; more by {@code -Dslipway.kills=N}. */
  private static final int KILLS = Integer.getInteger("slipway.kills", 2);

  private final Random random = new Random();

  @TempDir
  Path folder;

  @Test
  void losesNothingThatWasCommittedBeforeAKill() throws Exception {
    List<String> said = new ArrayList<>();
    for (int round = 0; round < KILLS; round++) {
      try (WriterProcess writer = WriterProcess.start(folder)) {
        int lines = 1 + random.nextInt(400);
        String line = writer.line();
        assertThat(line).as("the database opens after kill %d", round).isEqualTo("open");
        while (line != null && lines-- > 0) {
          said.add(line);
          line = writer.line();
        }
        if (line != null) {
          said.add(line);
        }
        said.addAll(writer.kill());
      }
      assertKept(said);
    }
  }

  @Test
  void opensAfterAKillWhileItWasBeingMade() throws Exception {
    for (int round = 0; round < KILLS; round++) {
      Path fresh = folder.resolve("db" + round);
      try (WriterProcess writer = WriterProcess.start(fresh)) {
        // A moment within making the tables, found by the file that it makes; any moment is right.
        while (!fresh.resolve("farm.mv.db").toFile().exists() && !writer.gone(1)) {
          Thread.onSpinWait();
        }
        writer.gone(random.nextInt(600));
        writer.kill();
      }
      FarmStore.open(DatabaseSettings.embedded(fresh), InstantSource.system()).close();
    }
  }

  private void assertKept(List<String> said) throws IOException {
    try (FarmStore store =
        FarmStore.open(DatabaseSettings.embedded(folder), InstantSource.system())) {
      Inventory inventory = store.inventory(new JobName("job"));
      for (String line : said) {
        String[] words = line.split(" ", -1);
        if (words.length > 1) {
          BuildId build = new BuildId(Long.parseLong(words[1]));
          BuildRecord record = store.build(build).orElseThrow(() -> new AssertionError(line));
          switch (words[0]) {
            case "begun" -> assertThat(record.job()).hasToString("job");
            case "planned" -> assertThat(record.counts().total()).as(line).isEqualTo(3);
            case "claimed" ->
              assertThat(store.find(build, Sample.spec(words[2])).orElseThrow().attempt())
                  .as(line)
                  .isEqualTo(Integer.parseInt(words[3]));
            case "built" -> {
              assertThat(store.find(build, Sample.spec(words[2])).orElseThrow().state())
                  .as(line)
                  .isEqualTo(PackageState.BUILT);
              assertThat(
                      inventory.find(Sample.known(words[2], words[3], words[3]).key()))
                  .as(line)
                  .isPresent();
            }
            case "done" -> assertThat(record.state()).as(line).isEqualTo(BuildState.DONE);
            default -> throw new AssertionError(line);
          }
        }
      }
    }
  }
}
