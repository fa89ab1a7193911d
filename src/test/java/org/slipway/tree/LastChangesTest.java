package org.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When folders were last changed, asked of real histories. */
final class LastChangesTest {
  private static final List<String> FOLDERS = List.of("devel/a", "devel/b", "www/c", "www/none");

  @TempDir
  private Path temp;

  private Instant time(PortsTree tree, CommitId id) throws IOException {
    return tree.commit(id).time();
  }

  @Test
  void tellsTheLastCommitThatTouchedEachFolder() throws IOException {
    try (Fork fork = new Fork(temp.resolve("fork.git"));
        PortsTree tree = PortsTree.inPlace(fork.folder(), temp.resolve("trees"))) {
      CommitId first = fork.file("devel/a/Makefile", "1")
          .file("devel/b/files/patch", "1")
          .file("www/c/Makefile", "1")
          .commit("Begin");
      CommitId second = fork.file("devel/b/files/patch", "2").commit("Patch b");
      CommitId third = fork.file("www/c/Makefile", "2").file("Makefile", "x").commit("Bump c");
      fork.file("Makefile", "y").commit("Change the top only");
      assertThat(tree.lastChanges(third, FOLDERS))
          .isEqualTo(Map.of(
              "devel/a", time(tree, first),
              "devel/b", time(tree, second),
              "www/c", time(tree, third)));
      assertThat(tree.lastChanges(tree.fetch(), List.of("devel/b")))
          .isEqualTo(Map.of("devel/b", time(tree, second)));
      assertThat(tree.lastChanges(first, List.of("devel/b")))
          .isEqualTo(Map.of("devel/b", time(tree, first)));
    }
  }

  @Test
  void looksBehindAMergeForWhatItBroughtIn() throws IOException {
    try (Fork fork = new Fork(temp.resolve("fork.git"));
        PortsTree tree = PortsTree.inPlace(fork.folder(), temp.resolve("trees"))) {
      fork.file("devel/a/Makefile", "1").file("devel/b/Makefile", "1").commit("Begin");
      CommitId ours = fork.file("devel/a/Makefile", "2").commit("Ours");
      CommitId base = tree.firstParents(ours, 2).get(1);
      CommitId theirs = fork.file("devel/a/Makefile", "1")
          .file("devel/b/Makefile", "2")
          .commit(
              "Theirs",
              java.util.Optional.of(org.eclipse.jgit.lib.ObjectId.fromString(base.hex())));
      String who = "Ada <ada@example.org> 1800000000 +0000\n";
      CommitId merge = fork.file("devel/a/Makefile", "2")
          .raw(
              "parent " + ours + "\nparent " + theirs + "\nauthor " + who + "committer " + who,
              "Merge\n");
      assertThat(tree.lastChanges(merge, FOLDERS))
          .isEqualTo(Map.of("devel/a", time(tree, ours), "devel/b", time(tree, theirs)));
    }
  }

  @Test
  void doesNotTakeTheBeginningOfAShallowCloneForAChange() throws IOException {
    try (Fork fork = new Fork(temp.resolve("fork.git"))) {
      fork.file("devel/a/Makefile", "1").file("devel/b/Makefile", "1").commit("Begin");
      CommitId cut = fork.file("Makefile", "1").commit("Where the clone begins");
      CommitId last = fork.file("devel/b/Makefile", "2").commit("Patch b");
      Files.writeString(fork.folder().resolve("shallow"), cut + "\n");
      try (PortsTree tree = PortsTree.inPlace(fork.folder(), temp.resolve("trees"))) {
        assertThat(tree.lastChanges(last, FOLDERS)).isEqualTo(Map.of("devel/b", time(tree, last)));
      }
    }
  }
}
