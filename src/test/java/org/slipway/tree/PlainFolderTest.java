package org.slipway.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PlainFolderTest {
  @TempDir
  private Path temp;

  private Path top;

  @BeforeEach
  void start() throws IOException {
    top = Files.createDirectories(temp.toRealPath().resolve("ports"));
    file("devel/a/Makefile");
    file("Mk/bsd.port.mk");
  }

  private void file(String path) throws IOException {
    Path file = top.resolve(path);
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.writeString(file, path);
  }

  private void link(String path, String target) throws IOException {
    Path link = top.resolve(path);
    Files.createDirectories(Objects.requireNonNull(link.getParent()));
    Files.createSymbolicLink(link, Path.of(target));
  }

  @Test
  void standsAsItIsWithoutACommitAndSurvivesBeingClosed() throws IOException {
    Path outside = Files.createDirectories(temp.resolve("outside"));
    link("out", outside.toString());
    Files.createSymbolicLink(temp.resolve("usr-ports"), top);
    Checkout checkout = Checkout.ofFolder(temp.resolve("usr-ports"));
    assertThat(checkout.directory()).isEqualTo(top);
    assertThat(checkout.commit()).isEmpty();
    assertThat(checkout.omitted()).isEmpty();
    checkout.close();
    checkout.close();
    assertThat(top.resolve("devel/a/Makefile")).hasContent("devel/a/Makefile");
  }

  @Test
  void refusesWhatIsNoFolder() throws IOException {
    Path file = Files.writeString(temp.resolve("file"), "");
    Files.createSymbolicLink(temp.resolve("loop"), Path.of("loop"));
    for (Path place :
        List.of(file, temp.resolve("absent"), file.resolve("x"), temp.resolve("loop"))) {
      assertThatThrownBy(() -> Checkout.ofFolder(place))
          .isInstanceOf(TreeException.class)
          .hasMessageContaining(place.toString())
          .message()
          .doesNotContain("Exception");
    }
  }

  @Test
  void followsNamesDotsAndLinksInsideTheTree() throws IOException {
    link("devel/b", "a");
    link("devel/a/framework", "../../Mk");
    link("editors/e/Makefile", "../../devel/b/Makefile");
    link("top", ".");
    try (Checkout checkout = Checkout.ofFolder(top)) {
      for (int again = 0; again < 2; again++) {
        means(checkout, "devel/a/Makefile", "devel/a/Makefile");
        means(checkout, "devel/a", "devel/a");
        means(checkout, "devel//a/./../a/", "devel/a");
        means(checkout, "devel/b/Makefile", "devel/a/Makefile");
        means(checkout, "devel/b/framework/bsd.port.mk", "Mk/bsd.port.mk");
        // Up from where the link leads to, not from where it stands.
        means(checkout, "devel/b/framework/../devel/a", "devel/a");
        means(checkout, "editors/e/Makefile", "devel/a/Makefile");
        means(checkout, "top/top/top/Mk", "Mk");
        assertThat(checkout.resolve(".")).contains(top);
        assertThat(checkout.resolve("devel/..")).contains(top);
        assertThat(checkout.resolve("top")).contains(top);
      }
    }
  }

  @Test
  void findsNothingWhereTheKernelFindsNothing() throws IOException {
    link("dangling", "nowhere");
    link("loop", "loop");
    link("a", "b");
    link("b", "a");
    for (String path : List.of(
        "",
        "absent",
        "devel/absent",
        "absent/../devel/a",
        "devel/a/Makefile/",
        "devel/a/Makefile/.",
        "devel/a/Makefile/..",
        "devel/a/Makefile/x",
        "dangling",
        "loop",
        "a",
        "a\0b",
        "n".repeat(300),
        "devel/../".repeat(2_000) + "devel")) {
      nothing(path);
    }
  }

  @Test
  void neverLeavesTheTree() throws IOException {
    Files.createDirectories(temp.resolve("outside"));
    Files.writeString(temp.resolve("outside/f"), "secret");
    link("absolute", temp.resolve("outside").toString());
    link("absolute-inside", top.resolve("Mk").toString());
    link("rooted", "/Mk");
    link("dots", "../outside");
    link("there-and-back", "../ports/Mk");
    link("devel/deep", "../../outside/f");
    link("chain", "devel/deep");
    for (String path : List.of(
        "/etc/passwd",
        top + "/Mk",
        "..",
        "../outside/f",
        "../ports/Mk",
        "devel/../../ports/Mk",
        "absolute/f",
        "absolute",
        "absolute-inside",
        "rooted",
        "dots/f",
        "there-and-back",
        "devel/deep",
        "chain")) {
      nothing(path);
    }
  }

  @Test
  void followsFortyLinksAndNoMore() throws IOException {
    link("l1", "Mk");
    for (int i = 2; i <= 41; i++) {
      link("l" + i, "l" + (i - 1));
    }
    try (Checkout checkout = Checkout.ofFolder(top)) {
      means(checkout, "l40", "Mk");
    }
    nothing("l41");
  }

  @Test
  void takesNeitherPipesNorSocketsForFiles() throws Exception {
    Process mkfifo = new ProcessBuilder("mkfifo", top.resolve("pipe").toString()).start();
    assertThat(mkfifo.waitFor()).isZero();
    link("to-pipe", "pipe");
    nothing("pipe");
    nothing("to-pipe");
  }

  @Test
  void agreesWithTheKernelOnATreeMadeByChance() throws IOException {
    Random chance = new Random(4);
    List<String> names = List.of("p", "q", "r", ".", "..");
    for (int i = 0; i < 400; i++) {
      Path at = top.resolve(path(chance, names.subList(0, 3)));
      Path above = Objects.requireNonNull(at.getParent());
      if (Files.isDirectory(above)
          && above.toRealPath().equals(above)
          && !Files.exists(at, LinkOption.NOFOLLOW_LINKS)) {
        switch (chance.nextInt(4)) {
          case 0 -> Files.createSymbolicLink(at, Path.of(path(chance, names)));
          case 1 -> Files.writeString(at, "");
          default -> Files.createDirectory(at);
        }
      }
    }
    int found = 0;
    try (Checkout checkout = Checkout.ofFolder(top)) {
      for (int i = 0; i < 3_000; i++) {
        String path = path(chance, names);
        Optional<Path> expected = kernel(path);
        assertThat(checkout.resolve(path)).as(path).isEqualTo(expected);
        found += expected.isPresent() ? 1 : 0;
      }
    }
    assertThat(found).isBetween(300, 2_700);
  }

  /** Who leaves the tree does not come back: no name in these paths is the tree's own. */
  private Optional<Path> kernel(String path) {
    try {
      return Optional.of(top.resolve(path).toRealPath()).filter(real -> real.startsWith(top));
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String path(Random chance, List<String> names) {
    return chance
        .ints(1 + chance.nextInt(4), 0, names.size())
        .mapToObj(names::get)
        .collect(Collectors.joining("/"));
  }

  private void means(Checkout checkout, String path, String real) throws IOException {
    assertThat(checkout.resolve(path)).as(path).contains(top.resolve(real));
  }

  private void nothing(String path) throws IOException {
    try (Checkout checkout = Checkout.ofFolder(top)) {
      assertThat(checkout.resolve(path)).as(path).isEmpty();
      assertThat(checkout.resolve(path)).as(path + " again").isEmpty();
    }
  }
}
