package org.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RevisionsTest {
  @TempDir
  private Path temp;

  private Fork fork;
  private PortsTree tree;
  private CommitId one;
  private CommitId two;
  private CommitId three;

  @BeforeEach
  void start() throws IOException {
    fork = new Fork(temp.resolve("fork.git"));
    one = fork.file("f", "1").commit("One");
    two = fork.file("f", "2").commit("Two");
    three = fork.file("f", "3").commit("Three");
    tree = PortsTree.inPlace(fork.folder(), temp.resolve("checkouts"));
  }

  @AfterEach
  void stop() {
    tree.close();
    fork.close();
  }

  @Test
  void knowsBranchesTagsIdsAndHead() throws IOException {
    fork.ref("refs/heads/2026Q4", two);
    fork.ref("refs/heads/feature/x", one);
    fork.ref("refs/tags/plain", one);
    fork.ref("refs/remotes/origin/main", two);
    fork.ref("refs/remotes/origin/HEAD", two);
    fork.tag("signed", one);
    for (String word : List.of("HEAD", "main", "heads/main", "refs/heads/main", three.hex())) {
      assertThat(tree.resolve(word)).as(word).isEqualTo(three);
    }
    for (String word : List.of(
        "2026Q4",
        "origin/main",
        "origin",
        two.hex().substring(0, 12),
        two.hex().toUpperCase(Locale.ROOT))) {
      assertThat(tree.resolve(word)).as(word).isEqualTo(two);
    }
    for (String word : List.of("feature/x", "plain", "signed", "tags/signed", "refs/tags/signed")) {
      assertThat(tree.resolve(word)).as(word).isEqualTo(one);
    }
  }

  @Test
  void goesBackFromAnyOfThem() throws IOException {
    fork.tag("signed", three);
    for (String word : List.of("HEAD~2", "main^^", "main~1~", "signed~2", three.hex() + "^~1")) {
      assertThat(tree.resolve(word)).as(word).isEqualTo(one);
    }
    assertThat(tree.resolve("HEAD~0")).isEqualTo(three);
    assertThat(tree.resolve("HEAD^0")).isEqualTo(three);
    refuses("HEAD~3", "goes back to before the first commit");
    refuses("HEAD~999999", "goes back to before the first commit");
    refuses("main^2", "asks for parent 2 of a commit that has 1");
  }

  @Test
  void namesWhatIsNearAMisspeltName() throws IOException {
    for (String name : List.of("2026Q1", "2026Q2", "2026Q3", "2026Q4")) {
      fork.ref("refs/heads/" + name, two);
    }
    fork.ref("refs/remotes/origin/stable", two);
    String has = fork.folder() + " has no branch, tag or commit ";
    refuses("mian", has + "\"mian\"; near it is main");
    refuses("2026q5", has + "\"2026q5\"; near it are 2026Q1, 2026Q2, 2026Q3");
    refuses("stable", has + "\"stable\"; near it is origin/stable");
    refuses("nothing-like-it", has + "\"nothing-like-it\"; it has 2026Q1, 2026Q2, 2026Q3 and more");
    refuses("0".repeat(40), "has no branch, tag or commit \"" + "0".repeat(40) + "\"");
  }

  @Test
  void refusesANameThatMeansTwoCommits() throws IOException {
    fork.ref("refs/heads/v1", two);
    fork.tag("v1", one);
    refuses(
        "v1",
        "means more than one commit in " + fork.folder() + "; say refs/tags/v1 or refs/heads/v1");
    fork.tag("v1", two);
    assertThat(tree.resolve("v1")).isEqualTo(two);
  }

  @Test
  void refusesAnIdsBeginningThatIsNotUnique() throws IOException {
    Map<String, CommitId> seen = new HashMap<>();
    CommitId last = three;
    CommitId twin = null;
    // Some 300 commits until two begin with the same four of 65,536 digits.
    for (int i = 0; twin == null && i < 5_000; i++) {
      last = fork.commit("c" + i);
      twin = seen.putIfAbsent(last.hex().substring(0, 4), last);
    }
    assertThat(twin).isNotNull();
    refuses(last.hex().substring(0, 4), "begins the ids of ");
    assertThat(tree.resolve(last.hex().substring(0, 16))).isEqualTo(last);
  }

  @Test
  void doesNotTakeAFileForACommit() throws IOException {
    String file = fork.object(three, "f");
    refuses(file.substring(0, 12), "has no branch, tag or commit");
    refuses(file, "has no branch, tag or commit");
    fork.ref("refs/tags/file", new CommitId(file));
    refuses("file", "names no commit but a blob");
  }

  @Test
  void refusesWhatIsNoName() {
    for (String word : List.of(
        "",
        "..",
        "a..b",
        "../../config",
        "main\n",
        "\u001b[2J",
        "main:f",
        ":/One",
        "main@{0}",
        "@{u}",
        "main^{tree}",
        "main~99999999999",
        "~1",
        "a b",
        "x".repeat(10_000))) {
      assertThatThrownBy(() -> tree.resolve(word))
          .as(word)
          .isInstanceOf(TreeException.class)
          .hasMessageContaining("cannot name a commit")
          .message()
          .hasSizeLessThan(250)
          .doesNotContain("\n", "\u001b");
    }
    refuses("config", "has no branch, tag or commit");
    refuses("FETCH_HEAD", "has no branch, tag or commit");
  }

  @Test
  void tellsNothingOfAFileThatAReferenceLeadsTo() throws IOException {
    Files.writeString(temp.resolve("secret"), "the secret\n");
    Files.writeString(fork.folder().resolve("refs/heads/evil"), "ref: refs/../../secret\n");
    assertThatThrownBy(() -> tree.resolve("evil"))
        .isInstanceOf(TreeException.class)
        .message()
        .doesNotContain("the secret");
    Files.writeString(fork.folder().resolve("HEAD"), "ref: refs/../../secret\n");
    assertThatThrownBy(() -> tree.resolve("HEAD"))
        .isInstanceOf(TreeException.class)
        .message()
        .doesNotContain("the secret");
  }

  @Test
  void knowsInAMirrorTheBranchAndItsCommits() throws IOException {
    fork.ref("refs/heads/other", one);
    try (PortsTree mirror = PortsTree.open(
        fork.folder().toString(), "main", temp.resolve("trees/m.git"), temp.resolve("mirrored"))) {
      assertThatThrownBy(() -> mirror.resolve("HEAD"))
          .isInstanceOf(TreeException.class)
          .hasMessage(
              fork.folder() + " has no branch, tag or commit \"HEAD\"; there is no commit yet");
      mirror.fetch();
      assertThat(mirror.resolve("main")).isEqualTo(three);
      assertThat(mirror.resolve("HEAD~1")).isEqualTo(two);
      assertThat(mirror.resolve(one.abbreviated())).isEqualTo(one);
      assertThatThrownBy(() -> mirror.resolve("other"))
          .hasMessage(fork.folder() + " has no branch, tag or commit \"other\"; it has main");
    }
  }

  private void refuses(String word, String message) {
    assertThatThrownBy(() -> tree.resolve(word))
        .as(word)
        .isInstanceOf(TreeException.class)
        .hasMessageContaining(message);
  }
}
