package org.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PortsTreeTest {
  @TempDir
  private Path temp;

  private PortsTree open(String url) throws IOException {
    return PortsTree.open(url, "main", temp.resolve("trees/fork.git"), temp.resolve("checkouts"));
  }

  private Fork fork() throws IOException {
    return new Fork(temp.resolve("fork.git"));
  }

  @Test
  void knowsNoHeadBeforeTheFirstFetchAndTheBranchesHeadAfterIt() throws IOException {
    try (Fork fork = fork();
        PortsTree tree = open(fork.folder().toString())) {
      CommitId first = fork.file("Makefile", "a").commit("One");
      assertThat(tree.head()).isEmpty();
      assertThat(tree.fetch()).isEqualTo(first);
      CommitId second = fork.file("Makefile", "b").commit("Two");
      assertThat(tree.head()).contains(first);
      assertThat(tree.fetch()).isEqualTo(second);
      assertThat(tree.fetch()).isEqualTo(second);
      assertThat(tree.head()).contains(second);
    }
  }

  @Test
  void tellsACommitsAuthorTimeMessageAndPaths() throws IOException {
    try (Fork fork = fork();
        PortsTree tree = open(fork.folder().toUri().toString())) {
      CommitId first = fork.file("devel/a/Makefile", "1").file("Makefile", "").commit("Start");
      CommitId second = fork.without("devel/a/Makefile")
          .file("devel/b/Makefile", "1")
          .file("Makefile", "x")
          .commit("Move a to b\n\nIt has\na reason.\n");
      tree.fetch();
      Commit root = tree.commit(first);
      assertThat(root.parent()).isEmpty();
      assertThat(root.changedPaths()).containsExactly("Makefile", "devel/a/Makefile");
      Commit move = tree.commit(second);
      assertThat(move.parent()).contains(first);
      assertThat(move.author()).isEqualTo("Ada");
      assertThat(move.email()).isEqualTo("ada@example.org");
      assertThat(move.time()).isEqualTo(Instant.ofEpochSecond(1_700_000_001));
      assertThat(move.subject()).isEqualTo("Move a to b");
      assertThat(move.changedPaths())
          .containsExactly("Makefile", "devel/a/Makefile", "devel/b/Makefile");
    }
  }

  @Test
  void listsCommitsOldestFirstUpToALimitOfTheNewest() throws IOException {
    try (Fork fork = fork();
        PortsTree tree = open(fork.folder().toString())) {
      CommitId one = fork.file("f", "1").commit("One");
      CommitId two = fork.file("f", "2").commit("Two");
      CommitId three = fork.file("f", "3").commit("Three");
      tree.fetch();
      assertThat(ids(tree.between(Optional.empty(), three, 10))).containsExactly(one, two, three);
      assertThat(ids(tree.between(Optional.of(one), three, 10))).containsExactly(two, three);
      assertThat(ids(tree.between(Optional.of(one), three, 1))).containsExactly(three);
      assertThat(tree.between(Optional.of(three), three, 10)).isEmpty();
      CommitId unknown = new CommitId("0123456789012345678901234567890123456789");
      assertThat(ids(tree.between(Optional.of(unknown), three, 2))).containsExactly(two, three);
    }
  }

  @Test
  void takesAForcePushAndStillKnowsWhatItThrewAway() throws IOException {
    try (Fork fork = fork();
        PortsTree tree = open(fork.folder().toString())) {
      fork.file("f", "1").commit("One");
      CommitId dropped = fork.file("f", "2").commit("Dropped");
      tree.fetch();
      CommitId instead = fork.file("f", "3").commit("Instead", Optional.empty());
      assertThat(tree.fetch()).isEqualTo(instead);
      assertThat(ids(tree.between(Optional.of(dropped), instead, 10))).containsExactly(instead);
      assertThat(tree.commit(dropped).subject()).isEqualTo("Dropped");
      try (Checkout checkout = tree.checkout(dropped)) {
        assertThat(checkout.directory().resolve("f")).hasContent("2");
      }
    }
  }

  @Test
  void packsItsMirrorAndLosesNothingOfWhatAForcePushDropped() throws IOException {
    try (Fork fork = fork()) {
      CommitId dropped = fork.file("f", "dropped").commit("Dropped");
      Path mirror = temp.resolve("trees/fork.git");
      try (PortsTree tree = open(fork.folder().toString())) {
        tree.fetch();
        fork.file("f", "instead").commit("Instead", Optional.empty());
        tree.fetch();
      }
      // As a farm of an earlier release set it up, but with two packs for many.
      Files.writeString(mirror.resolve("config"), """
          [core]
          bare = true
          [gc]
          autoPackLimit = 2
          pruneExpire = never
          prunePackExpire = now
          """);
      try (PortsTree tree = open(fork.folder().toString())) {
        CommitId last = null;
        for (int i = 0; i < 5; i++) {
          last = fork.file("f", "" + i).commit("c" + i);
          tree.fetch();
        }
        assertThat(packs(mirror)).isLessThan(5);
        assertThat(tree.resolve("main")).isEqualTo(last);
        assertThat(tree.commit(dropped).subject()).isEqualTo("Dropped");
        try (Checkout checkout = tree.checkout(dropped)) {
          assertThat(checkout.directory().resolve("f")).hasContent("dropped");
        }
      }
    }
  }

  private static long packs(Path mirror) throws IOException {
    try (Stream<Path> files = Files.list(mirror.resolve("objects/pack"))) {
      return files.filter(file -> file.toString().endsWith(".pack")).count();
    }
  }

  @Test
  void refusesAPlaceWithoutARepositoryInOneSentence() throws IOException {
    String nowhere = temp.resolve("nowhere").toString();
    try (PortsTree tree = open(nowhere)) {
      assertThatThrownBy(tree::fetch)
          .isInstanceOf(TreeException.class)
          .hasMessageContaining(nowhere)
          .hasMessageContaining("check the tree's url")
          .message()
          .doesNotContain("Exception");
    }
    Path plain = Files.createDirectories(temp.resolve("plain"));
    try (PortsTree tree = open(plain.toString())) {
      assertThatThrownBy(tree::fetch)
          .isInstanceOf(TreeException.class)
          .hasMessageContaining(plain.toString());
    }
    try (PortsTree tree = open("ftp2://nowhere/x")) {
      assertThatThrownBy(tree::fetch)
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("ftp2://nowhere/x");
    }
  }

  @Test
  void saysWhichBranchesThereAreWhenTheWantedOneIsMissing() throws IOException {
    try (Fork fork = fork()) {
      fork.file("f", "1").commit("One");
      Path mirror = temp.resolve("trees/fork.git");
      try (PortsTree tree = PortsTree.open(
          fork.folder().toString(), "quarterly", mirror, temp.resolve("checkouts"))) {
        assertThatThrownBy(tree::fetch)
            .isInstanceOf(TreeException.class)
            .hasMessage(fork.folder() + " has no branch quarterly; it has main");
      }
      assertThatThrownBy(() -> PortsTree.open(
              fork.folder().toString(), "no such..branch", mirror, temp.resolve("checkouts")))
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("cannot name a branch");
    }
  }

  @Test
  void isOpenOnceAtATime() throws IOException {
    try (Fork fork = fork();
        PortsTree tree = open(fork.folder().toString())) {
      fork.file("f", "1").commit("One");
      tree.fetch();
      assertThatThrownBy(() -> open(fork.folder().toString()))
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("in use by a running farm");
    }
    try (PortsTree again = open(temp.resolve("fork.git").toString())) {
      assertThat(again.head()).isPresent();
    }
  }

  @Test
  void goesOnAfterAFarmThatWasKilledWhileFetching() throws IOException {
    try (Fork fork = fork()) {
      CommitId one = fork.file("f", "1").commit("One");
      try (PortsTree tree = open(fork.folder().toString())) {
        tree.fetch();
      }
      Path mirror = temp.resolve("trees/fork.git");
      Files.writeString(mirror.resolve("refs/heads/main.lock"), "");
      Files.writeString(mirror.resolve("packed-refs.lock"), "");
      CommitId two = fork.file("f", "2").commit("Two");
      try (PortsTree tree = open(fork.folder().toString())) {
        assertThat(tree.head()).contains(one);
        assertThat(tree.fetch()).isEqualTo(two);
      }
    }
  }

  @Test
  void refusesAMirrorThatIsSomethingElse() throws IOException {
    Files.createDirectories(temp.resolve("trees/fork.git"));
    assertThatThrownBy(() -> open("/anywhere"))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining("is no git repository; move it away");
  }

  @Test
  void takesCommitsWithStrangeLines() throws IOException {
    try (Fork fork = fork();
        PortsTree tree = open(fork.folder().toString())) {
      CommitId odd = fork.file("f", "1").raw("""
              author nobody at all
              committer X <x> 99999999999999999999 +9999
              encoding no-such-encoding
              """, "Gr\u00fc\u00dfe \u0001\u001b[2J\n");
      assertThat(tree.fetch()).isEqualTo(odd);
      Commit commit = tree.commit(odd);
      assertThat(commit.author()).isEqualTo("nobody at all");
      assertThat(commit.email()).isEmpty();
      assertThat(commit.subject()).startsWith("Gr");
      assertThat(commit.changedPaths()).containsExactly("f");
    }
  }

  @Test
  void saysThatACommitIsUnknown() throws IOException {
    CommitId unknown = new CommitId("0123456789012345678901234567890123456789");
    try (Fork fork = fork();
        PortsTree tree = open(fork.folder().toString())) {
      fork.file("f", "1").commit("One");
      tree.fetch();
      for (var ask : List.<org.assertj.core.api.ThrowableAssert.ThrowingCallable>of(
          () -> tree.commit(unknown), () -> tree.checkout(unknown))) {
        assertThatThrownBy(ask)
            .isInstanceOf(TreeException.class)
            .hasMessageContaining("lacks object " + unknown);
      }
    }
  }

  @Test
  void readsNoSettingsOfTheUser()
      throws IOException, org.eclipse.jgit.errors.ConfigInvalidException {
    HermeticGit.install();
    SystemReader reader = SystemReader.getInstance();
    assertThat(reader.getUserConfig().getSections()).isEmpty();
    assertThat(reader.getSystemConfig().getSections()).isEmpty();
    assertThat(Path.of("no-git-settings")).doesNotExist();
    assertThat(reader.getenv("GIT_DIR")).isNull();
  }

  @Test
  void measuresNoFileSystemWithFilesOfItsOwn() {
    HermeticGit.install();
    // The answer that stands, and not one that JGit found by writing in the folder.
    assertThat(FS.getFileStoreAttributes(temp).getFsTimestampResolution())
        .isEqualTo(Duration.ofSeconds(2));
    assertThat(temp).isEmptyDirectory();
  }

  @Test
  void tellsWhatDiffersBetweenAnyTwoCommits() throws IOException {
    try (Fork fork = fork();
        PortsTree tree = PortsTree.inPlace(fork.folder(), temp.resolve("checkouts"))) {
      fork.file("same", "1").file("content", "1").file("mode", "1").file("kind", "a");
      fork.file("gone/f", "1").file("folder/f", "1").file("moved-from", "long enough to be moved");
      CommitId first = fork.commit("One");
      fork.file("content", "2").program("mode", "1").link("kind", "a");
      fork.without("gone").without("folder").file("folder", "2").file("B", "2");
      fork.without("moved-from").file("moved-to", "long enough to be moved");
      CommitId second = fork.commit("Two");
      CommitId unrelated = fork.file("B", "3").commit("Root", Optional.empty());
      List<String> changed = List.of(
          "B", "content", "folder", "folder/f", "gone/f", "kind", "mode", "moved-from", "moved-to");
      assertThat(tree.changedPaths(first, second)).isEqualTo(changed);
      assertThat(tree.changedPaths(second, first)).isEqualTo(changed);
      assertThat(tree.changedPaths(second, second)).isEmpty();
      assertThat(tree.changedPaths(second, unrelated)).containsExactly("B");
      fork.lose(second, "content");
      assertThat(tree.changedPaths(first, second)).isEqualTo(changed);
    }
  }

  @Test
  void followsTheFirstParentsBackToTheRoot() throws IOException {
    try (Fork fork = fork();
        PortsTree tree = open(fork.folder().toString())) {
      CommitId one = fork.file("f", "1").commit("One");
      CommitId two = fork.file("f", "2").commit("Two");
      CommitId side =
          fork.file("g", "2").commit("Side", Optional.of(ObjectId.fromString(one.hex())));
      CommitId merge = fork.raw("""
          parent %s
          parent %s
          author Ada <ada@example.org> 1700000009 +0000
          committer Ada <ada@example.org> 1700000009 +0000
          """.formatted(two, side), "Merge\n");
      tree.fetch();
      assertThat(tree.firstParents(merge, 10)).containsExactly(merge, two, one);
      assertThat(tree.firstParents(merge, 2)).containsExactly(merge, two);
      assertThat(tree.firstParents(merge, 0)).isEmpty();
      assertThat(tree.resolve(merge.hex() + "^2")).isEqualTo(side);
      CommitId unknown = new CommitId("0123456789012345678901234567890123456789");
      assertThatThrownBy(() -> tree.firstParents(unknown, 1)).isInstanceOf(TreeException.class);
      assertThatThrownBy(() -> tree.changedPaths(merge, unknown))
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("lacks object " + unknown);
    }
  }

  private static List<CommitId> ids(List<Commit> commits) {
    return commits.stream().map(Commit::id).toList();
  }
}
