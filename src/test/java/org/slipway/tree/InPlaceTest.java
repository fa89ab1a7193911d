package org.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class InPlaceTest {
  @TempDir
  private Path temp;

  private PortsTree open(Path repository) throws IOException {
    return PortsTree.inPlace(repository, temp.resolve("checkouts"));
  }

  @Test
  void seesNewCommitsOfARepositoryWithFiles() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("ports"));
    try (WorkingTree work = WorkingTree.create(folder, "trunk");
        PortsTree tree = open(folder)) {
      assertThat(tree.head()).isEmpty();
      assertThatThrownBy(tree::fetch)
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("has no commit at HEAD yet");
      CommitId one = commit(work, folder, "1");
      assertThat(tree.fetch()).isEqualTo(one);
      Files.writeString(folder.resolve("f"), "not committed");
      try (Checkout checkout = tree.checkout(tree.resolve("trunk"))) {
        assertThat(checkout.commit()).contains(one);
        assertThat(checkout.directory().resolve("f")).hasContent("1");
      }
      CommitId two = commit(work, folder, "2");
      assertThat(tree.head()).contains(two);
      assertThat(tree.commit(two).changedPaths()).containsExactly("f");
    }
  }

  @Test
  void readsALinkedWorkTree() throws IOException {
    Path folder = Files.createDirectories(temp.resolve("main"));
    try (WorkingTree work = WorkingTree.create(folder, "main")) {
      CommitId one = commit(work, folder, "1");
      CommitId two = commit(work, folder, "2");
      // What git worktree add writes.
      Path git = Files.createDirectories(folder.resolve(".git/worktrees/linked"));
      Path linked = Files.createDirectories(temp.resolve("linked"));
      Files.writeString(folder.resolve(".git/refs/heads/side"), one + "\n");
      Files.writeString(git.resolve("HEAD"), "ref: refs/heads/side\n");
      Files.writeString(git.resolve("commondir"), "../..\n");
      Files.writeString(git.resolve("gitdir"), linked.resolve(".git") + "\n");
      Files.writeString(linked.resolve(".git"), "gitdir: " + git + "\n");
      try (PortsTree tree = open(linked)) {
        assertThat(tree.fetch()).isEqualTo(one);
        assertThat(tree.resolve("main")).isEqualTo(two);
        try (Checkout checkout = tree.checkout(two)) {
          assertThat(checkout.directory().resolve("f")).hasContent("2");
        }
      }
    }
  }

  @Test
  void writesNothingInTheRepositoryAndWantsNoLock() throws IOException {
    try (Fork fork = new Fork(temp.resolve("fork.git"))) {
      CommitId one = fork.file("f", "1").commit("One");
      CommitId two = fork.file("f", "2").commit("Two");
      List<String> before = state(fork.folder());
      try (PortsTree tree = PortsTree.inPlace(fork.folder(), temp.resolve("a"));
          PortsTree other = PortsTree.inPlace(fork.folder(), temp.resolve("b"));
          Checkout first = tree.checkout(tree.fetch());
          Checkout second = other.checkout(other.resolve("main"))) {
        assertThat(first.commit()).contains(two);
        assertThat(second.directory()).isNotEqualTo(first.directory());
        assertThat(tree.between(Optional.of(one), two, 10)).hasSize(1);
        assertThat(tree.firstParents(two, 10)).hasSize(2);
      }
      assertThat(state(fork.folder())).isEqualTo(before);
    }
  }

  @Test
  void removesNothingFromTheCheckoutsFolderThatItDidNotMake() throws IOException {
    Path checkouts = Files.createDirectories(temp.resolve("checkouts"));
    Files.writeString(checkouts.resolve("mine"), "kept");
    Path half = Files.createDirectories(checkouts.resolve("0".repeat(40)).resolve("tree"));
    try (Fork fork = new Fork(temp.resolve("fork.git"));
        PortsTree tree = open(fork.folder())) {
      assertThat(tree.head()).isEmpty();
      assertThat(checkouts.resolve("mine")).hasContent("kept");
      assertThat(half).doesNotExist();
    }
  }

  @Test
  void leavesOutWhatTheRepositoryLacksAndRemembersItThroughMoves() throws IOException {
    try (Fork fork = new Fork(temp.resolve("fork.git"));
        PortsTree tree = open(fork.folder())) {
      CommitId one = fork.file("a/lost", "will be lost").file("f", "1").commit("One");
      CommitId two = fork.file("f", "2").commit("Two");
      String object = fork.lose(one, "a/lost");
      for (CommitId id : List.of(one, two)) {
        try (Checkout checkout = tree.checkout(id)) {
          assertThat(checkout.omitted()).containsOnlyKeys("a/lost");
          assertThat(checkout.omitted().get("a/lost")).contains("lacks its object " + object);
          assertThat(checkout.resolve("a/lost")).isEmpty();
          assertThat(checkout.resolve("f")).isPresent();
        }
      }
    }
  }

  @Test
  void refusesWhatIsNoRepositoryInOneSentence() throws IOException {
    Files.createDirectories(temp.resolve("plain/objects"));
    refuses(temp.resolve("plain"), "is no git repository");
    refuses(temp.resolve("absent"), "there is no folder");
    refuses(Files.writeString(temp.resolve("file"), ""), "is no folder");
    Path broken = Files.createDirectories(temp.resolve("broken"));
    Files.writeString(broken.resolve(".git"), "gitdir: ../nowhere\n");
    refuses(broken, "is no git repository");
    Files.writeString(broken.resolve(".git"), "\0rubbish");
    refuses(broken, "is no git repository");
    Path inside = Files.createDirectories(temp.resolve("ports/devel"));
    try (WorkingTree work = WorkingTree.create(temp.resolve("ports"), "main")) {
      assertThat(work.commits()).isZero();
      refuses(inside, "is no git repository");
      Files.writeString(temp.resolve("ports/.git/config"), """
          [core]
          repositoryformatversion = 1
          [extensions]
          objectFormat = sha256
          """);
      refuses(temp.resolve("ports"), "names its objects by sha256");
    }
  }

  private void refuses(Path place, String message) {
    assertThatThrownBy(() -> open(place))
        .isInstanceOf(TreeException.class)
        .hasMessageContaining(place.toString())
        .hasMessageContaining(message)
        .message()
        .doesNotContain("Exception", "\n");
  }

  private static CommitId commit(WorkingTree work, Path folder, String content) throws IOException {
    Files.writeString(folder.resolve("f"), content);
    return work.commitAll("Ada", "ada@example.org", content, Instant.ofEpochSecond(1_700_000_000));
  }

  /** Every file and folder with its time and size: a file made and removed moves a folder's time. */
  private static List<String> state(Path top) throws IOException {
    try (Stream<Path> walk = Files.walk(top)) {
      List<Path> all = walk.sorted().toList();
      List<String> lines = new ArrayList<>();
      for (Path path : all) {
        lines.add(path + " " + Files.size(path) + " "
            + Files.getLastModifiedTime(path, LinkOption.NOFOLLOW_LINKS));
      }
      return lines;
    }
  }
}
