package org.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.eclipse.jgit.lib.ObjectId;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class CheckoutTest {
  @TempDir
  private Path temp;

  private Fork fork;
  private PortsTree tree;

  @BeforeEach
  void start() throws IOException {
    fork = new Fork(temp.resolve("fork.git"));
    tree = open();
  }

  @AfterEach
  void stop() {
    tree.close();
    fork.close();
  }

  private PortsTree open() throws IOException {
    return PortsTree.open(
        fork.folder().toString(), "main", temp.resolve("trees/p.git"), temp.resolve("checkouts"));
  }

  @Test
  void writesFilesFoldersModesAndLinks() throws IOException {
    fork.file("devel/a/Makefile", "PORTNAME=a\n")
        .program("Mk/Scripts/run.sh", "#!/bin/sh\n")
        .link("devel/b", "a")
        .link("devel/a/up", "../../Mk");
    try (Checkout checkout = next()) {
      Path top = checkout.directory();
      assertThat(top.resolve("devel/a/Makefile")).hasContent("PORTNAME=a\n");
      assertThat(mode(top)).isEqualTo("rwxr-xr-x");
      assertThat(mode(top.resolve("devel"))).isEqualTo("rwxr-xr-x");
      assertThat(mode(top.resolve("devel/a/Makefile"))).isEqualTo("rw-r--r--");
      assertThat(mode(top.resolve("Mk/Scripts/run.sh"))).isEqualTo("rwxr-xr-x");
      assertThat(Files.readSymbolicLink(top.resolve("devel/b"))).hasToString("a");
      assertThat(Files.readSymbolicLink(top.resolve("devel/a/up"))).hasToString("../../Mk");
      assertThat(checkout.omitted()).isEmpty();
    }
  }

  @Test
  void movesAFreeFolderByWritingOnlyWhatDiffers() throws IOException {
    fork.file("same", "1").file("goes/away", "1").file("changes", "1").program("mode", "1");
    fork.file("a-file", "1").file("a-folder/f", "1");
    FileTime old = FileTime.fromMillis(1_000_000);
    Path before;
    try (Checkout first = next()) {
      before = first.directory();
      Files.setLastModifiedTime(before.resolve("same"), old);
    }
    fork.without("goes").file("changes", "2").file("mode", "1");
    fork.without("a-file").file("a-file/f", "2").without("a-folder").file("a-folder", "2");
    try (Checkout second = next()) {
      Path top = second.directory();
      assertThat(before).doesNotExist();
      assertThat(listing(top)).containsExactly("a-file/f", "a-folder", "changes", "mode", "same");
      assertThat(top.resolve("changes")).hasContent("2");
      assertThat(mode(top.resolve("mode"))).isEqualTo("rw-r--r--");
      assertThat(Files.getLastModifiedTime(top.resolve("same"))).isEqualTo(old);
      assertThat(top.resolve("goes")).doesNotExist();
    }
  }

  @Test
  void sharesAFolderBetweenUsersOfOneCommitAndNeverMovesOneInUse() throws IOException {
    Checkout first = next(fork.file("f", "1"));
    try (Checkout shared = tree.checkout(first.commit().orElseThrow())) {
      assertThat(shared.directory()).isEqualTo(first.directory());
      first.close();
      first.close();
      try (Checkout second = next(fork.file("f", "2"))) {
        assertThat(shared.directory().resolve("f")).hasContent("1");
        assertThat(second.directory().resolve("f")).hasContent("2");
      }
    }
  }

  @Test
  void keepsNoMoreThanAFewFreeFolders() throws IOException {
    List<Checkout> open = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      open.add(next(fork.file("f", "" + i)));
    }
    open.forEach(Checkout::close);
    assertThat(folders()).hasSize(4).contains(open.get(6).commit().orElseThrow().hex());
  }

  @Test
  void takesWholeFoldersOverAfterARestartAndRemovesHalfOnes() throws IOException {
    CommitId whole;
    CommitId half;
    try (Checkout first = next(fork.file("f", "1"));
        Checkout second = next(fork.file("f", "2"))) {
      whole = first.commit().orElseThrow();
      half = second.commit().orElseThrow();
    }
    tree.close();
    Path place = temp.resolve("checkouts/p");
    FileTime old = FileTime.fromMillis(1_000_000);
    Files.setLastModifiedTime(place.resolve(whole.hex()).resolve("tree/f"), old);
    // As after a kill in the middle of a move: the mark is gone, the files are neither's.
    Files.delete(place.resolve(half.hex()).resolve("whole"));
    Files.writeString(place.resolve(half.hex()).resolve("tree/f"), "neither");
    Files.createDirectories(place.resolve("0".repeat(40)).resolve("tree"));
    Files.writeString(place.resolve("0".repeat(40)).resolve("whole"), "rubbish");
    tree = open();
    assertThat(folders()).containsExactly(whole.hex());
    try (Checkout first = tree.checkout(whole);
        Checkout second = tree.checkout(half)) {
      assertThat(Files.getLastModifiedTime(first.directory().resolve("f"))).isEqualTo(old);
      assertThat(second.directory().resolve("f")).hasContent("2");
    }
  }

  @Test
  void givesEveryThreadTheFilesOfItsCommit() throws Exception {
    List<CommitId> commits = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      commits.add(fork.file("f", "" + i).file("g" + i, "").commit("c" + i));
    }
    tree.fetch();
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      List<Future<?>> done = new ArrayList<>();
      for (int i = 0; i < 200; i++) {
        int which = i % 4;
        done.add(threads.submit(() -> {
          try (Checkout checkout = tree.checkout(commits.get(which))) {
            assertThat(checkout.directory().resolve("f")).hasContent("" + which);
            assertThat(listing(checkout.directory())).hasSize(which + 2);
          }
          return null;
        }));
      }
      for (Future<?> each : done) {
        each.get();
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void leavesOutWhatLeadsOutOfTheTreeAndSaysSo() throws IOException {
    Files.createDirectories(temp.resolve("outside"));
    fork.file("good", "1")
        .link("absolute", "/etc/passwd")
        .link("dots", "../../outside")
        .link("a/b/c/top", "../../..")
        .link("chain", "a/b/c/top/../../outside")
        .link("into-git", ".git/config")
        .file("../escape", "1")
        .file(".GIT/config", "1")
        .file("n".repeat(300), "1");
    try (Checkout checkout = next()) {
      assertThat(listing(checkout.directory())).containsExactly("a/b/c/top", "good");
      assertThat(checkout.omitted())
          .containsOnlyKeys(
              "absolute", "dots", "chain", "into-git", "../escape", ".GIT/config", "n".repeat(300))
          .containsEntry("absolute", "is a symbolic link that leads out of the tree");
      assertThat(checkout.directory().resolveSibling("escape")).doesNotExist();
    }
    // The list survives a restart and shrinks when the fork is mended.
    tree.close();
    tree = open();
    fork.without("absolute").file("dots", "now a file").without("..");
    try (Checkout mended = next()) {
      assertThat(mended.omitted())
          .containsOnlyKeys("chain", "into-git", ".GIT/config", "n".repeat(300));
      assertThat(mended.directory().resolve("dots")).hasContent("now a file");
    }
  }

  @Test
  void neverWritesThroughALinkThatTheTreeHoldsInPlaceOfAFolder() throws IOException {
    try (Checkout first = next(fork.file("devel/a", "1").file("other/f", "1"))) {
      assertThat(first.directory().resolve("devel/a")).hasContent("1");
    }
    fork.without("devel").link("devel", "other");
    try (Checkout second = next()) {
      assertThat(listing(second.directory())).containsExactly("devel", "other/f");
    }
    fork.without("devel").file("devel/f", "2");
    try (Checkout third = next()) {
      assertThat(third.directory().resolve("other/f")).hasContent("1");
      assertThat(third.directory().resolve("devel/f")).hasContent("2");
    }
  }

  @Test
  void holdsTheSameAfterAMoveAsWhenWrittenFromNothing() throws IOException {
    // Also what no git would commit: one name as a file, a folder and a link at once.
    List<String> paths = List.of("a", "a/f", "a/b", "a/b/c", "a/../x", "b", "b/f", "c", "c/.git/f");
    Random chance = new Random(7);
    PortsTree local = PortsTree.inPlace(fork.folder(), temp.resolve("moved"));
    for (int i = 0; i < 60; i++) {
      String path = paths.get(chance.nextInt(paths.size()));
      switch (chance.nextInt(4)) {
        case 0 -> fork.file(path, "" + chance.nextInt(3));
        case 1 -> fork.program(path, "" + chance.nextInt(3));
        case 2 -> fork.link(path, List.of("a", "../b", "/etc", "c/f").get(chance.nextInt(4)));
        default -> fork.without(path);
      }
      CommitId id = fork.commit("c" + i);
      try (Checkout moved = local.checkout(id);
          PortsTree other = PortsTree.inPlace(fork.folder(), temp.resolve("fresh" + i));
          Checkout fresh = other.checkout(id)) {
        assertThat(contents(moved.directory())).isEqualTo(contents(fresh.directory()));
        assertThat(moved.omitted()).isEqualTo(fresh.omitted());
      }
    }
    local.close();
  }

  @Test
  void leavesOutAFileWhoseObjectIsMissingAndWritesTheRest() throws IOException {
    CommitId id = fork.file("lost", "will be lost").file("kept", "1").commit("One");
    tree.fetch();
    tree.close();
    String name;
    try (var walk = org.eclipse.jgit.treewalk.TreeWalk.forPath(
        fork.repository(),
        "lost",
        fork.repository().parseCommit(ObjectId.fromString(id.hex())).getTree())) {
      name = walk.getObjectId(0).name();
    }
    // The mirror's pack is replaced by loose objects without the one.
    Path objects = temp.resolve("trees/p.git/objects");
    try (Stream<Path> packs = Files.list(objects.resolve("pack"))) {
      for (Path pack : packs.toList()) {
        Files.delete(pack);
      }
    }
    try (Stream<Path> loose = Files.walk(fork.folder().resolve("objects"))) {
      for (Path object : loose.filter(Files::isRegularFile).toList()) {
        Path to =
            objects.resolve(fork.folder().resolve("objects").relativize(object).toString());
        Files.createDirectories(to.getParent());
        Files.copy(object, to, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
      }
    }
    Files.delete(objects.resolve(name.substring(0, 2)).resolve(name.substring(2)));
    tree = open();
    try (Checkout checkout = tree.checkout(id)) {
      assertThat(listing(checkout.directory())).containsExactly("kept");
      assertThat(checkout.omitted()).containsOnlyKeys("lost");
      assertThat(checkout.omitted().get("lost")).contains("lacks its object " + name);
    }
  }

  private Checkout next() throws IOException {
    fork.commit("Next");
    return tree.checkout(tree.fetch());
  }

  private Checkout next(Fork changed) throws IOException {
    assertThat(changed).isSameAs(fork);
    return next();
  }

  private List<String> folders() throws IOException {
    try (Stream<Path> list = Files.list(temp.resolve("checkouts/p"))) {
      return list.map(path -> path.getFileName().toString()).sorted().toList();
    }
  }

  private static List<String> listing(Path top) throws IOException {
    try (Stream<Path> walk = Files.walk(top)) {
      return walk.filter(path -> !Files.isDirectory(path, java.nio.file.LinkOption.NOFOLLOW_LINKS))
          .map(path -> top.relativize(path).toString())
          .sorted()
          .toList();
    }
  }

  private static List<String> contents(Path top) throws IOException {
    List<String> contents = new ArrayList<>();
    for (String name : listing(top)) {
      Path file = top.resolve(name);
      contents.add(name + " "
          + (Files.isSymbolicLink(file)
              ? Files.readSymbolicLink(file)
              : mode(file) + " " + Files.readString(file)));
    }
    try (Stream<Path> walk = Files.walk(top)) {
      walk.filter(Files::isDirectory)
          .sorted()
          .forEach(path -> contents.add(top.relativize(path) + "/"));
    }
    return contents;
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
