package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.tree.CommitId;
import org.slipway.tree.PortsTree;
import org.slipway.tree.WorkingTree;

class KeptChangesTest {
  private static final Instant BEGAN = Instant.parse("2025-03-04T05:06:07Z");

  @TempDir
  Path temp;

  @Test
  void knowsTheSecondTimeWhatItFoundTheFirst() throws Exception {
    Path fork = temp.resolve("fork");
    Files.createDirectories(fork.resolve("a/b"));
    Files.writeString(fork.resolve("a/b/Makefile"), "1");
    try (WorkingTree git = WorkingTree.create(fork, "main")) {
      git.commitAll("A", "a@example.org", "Begin", BEGAN);
    }
    KeptChanges kept = new KeptChanges(temp.resolve("changes"));
    try (PortsTree tree = PortsTree.inPlace(fork, temp.resolve("checkouts"))) {
      CommitId head = tree.head().orElseThrow();
      assertThat(kept.of(tree, head, Set.of("a/b", "a/none"))).isEqualTo(Map.of("a/b", BEGAN));
      Path file = temp.resolve("changes").resolve(head.hex());
      assertThat(file).hasContent("a/b " + BEGAN.getEpochSecond() + "\na/none -\n");

      // What stands there counts, so it was not looked for again.
      Files.writeString(file, "a/b 1741064768\na/none 5\nnonsense\nc x\n");
      assertThat(kept.of(tree, head, Set.of("a/b", "a/none")))
          .isEqualTo(Map.of("a/b", BEGAN.plusSeconds(1), "a/none", Instant.ofEpochSecond(5)));
      assertThat(kept.of(tree, head, Set.of("a/b", "c"))).containsOnlyKeys("a/b");

      Files.write(file, new byte[] {(byte) 0xff, '\n'});
      assertThat(kept.of(tree, head, Set.of("a/b"))).isEqualTo(Map.of("a/b", BEGAN));
    }
  }
}
