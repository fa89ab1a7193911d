package org.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
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
    // What JGit has measured of the file system it keeps there, in memory.
    assertThat(reader.getUserConfig().getSections()).isSubsetOf("filesystem");
    assertThat(reader.getSystemConfig().getSections()).isSubsetOf("filesystem");
    assertThat(Path.of("no-git-settings")).doesNotExist();
    assertThat(reader.getenv("GIT_DIR")).isNull();
  }

  private static List<CommitId> ids(List<Commit> commits) {
    return commits.stream().map(Commit::id).toList();
  }
}
