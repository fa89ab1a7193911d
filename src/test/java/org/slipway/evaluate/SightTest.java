package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;
import org.slipway.tree.Checkout;

/** What is seen of a base: what a process would see that has nothing else. */
final class SightTest {
  @TempDir
  private Path folder;

  private Path base;

  @BeforeEach
  void layOut() throws IOException {
    base = Files.createDirectories(folder.resolve("base"));
    Files.createDirectories(base.resolve("usr/bin"));
    Files.createDirectories(base.resolve("etc"));
    Files.writeString(base.resolve("usr/bin/cc"), "");
    Files.createDirectories(folder.resolve("tree"));
    Files.writeString(folder.resolve("secret"), "");
  }

  @Test
  void followsABasesAbsoluteLinksInsideTheBase() throws IOException {
    link("bin", "/usr/bin");
    link("etc/alternatives", "/usr");
    link("usr/bin/c++", "/etc/alternatives/bin/cc");
    link("usr/bin/relative", "../../bin/cc");
    assertThat(presence("/bin")).isEqualTo("folder");
    assertThat(presence("/bin/cc")).isEqualTo("file");
    assertThat(presence("/bin/c++")).isEqualTo("file");
    assertThat(presence("/usr/bin/relative")).isEqualTo("file");
    assertThat(presence("/bin/cc/")).isEqualTo("-");
    assertThat(presence("/bin/../bin/./cc")).isEqualTo("file");
    assertThat(presence("/")).isEqualTo("folder");
  }

  @Test
  void doesNotTakeTheHostsFilesForTheBases() throws IOException {
    Path host = Path.of("/bin/sh");
    assertThat(host).exists();
    link("usr/bin/sh", host.toString());
    link("usr/bin/secret", folder.resolve("secret").toString());
    link("usr/bin/up", "../../../secret");
    link("top", "/../../..");
    assertThat(presence("/usr/bin/sh")).isEqualTo("-");
    assertThat(presence("/usr/bin/secret")).isEqualTo("-");
    assertThat(presence("/usr/bin/up")).isEqualTo("-");
    assertThat(presence("/../secret")).isEqualTo("-");
    assertThat(presence("/top/usr/bin/cc")).as("above the root is the root").isEqualTo("file");
  }

  @Test
  void endsWhereLinksLeadInACircleOrTooFar() throws IOException {
    link("a", "/b");
    link("b", "a/x");
    link("self", "self");
    for (int at = 1; at <= 41; at++) {
      link("etc/l" + at, at == 1 ? "/usr" : "l" + (at - 1));
    }
    assertThat(presence("/a")).isEqualTo("-");
    assertThat(presence("/self/x")).isEqualTo("-");
    assertThat(presence("/etc/l40")).isEqualTo("folder");
    assertThat(presence("/etc/l41")).isEqualTo("-");
    assertThat(presence("/" + "x".repeat(300))).isEqualTo("-");
  }

  /** Absent names are seen in the folder's list, all others are looked at one by one. */
  @Test
  void seesTheSameWhereAFoldersNamesAreReadAtOnce() throws IOException {
    Path port = Files.createDirectories(folder.resolve("tree/misc/a"));
    Files.writeString(port.resolve("Makefile"), "A=\t1\n");
    Files.writeString(port.resolve("UPPER"), "");
    for (String old : List.of("Makefile", "UPPER")) {
      // What was written just now counts as another content each time.
      Files.setLastModifiedTime(port.resolve(old), FileTime.fromMillis(0));
    }
    Files.createDirectories(port.resolve("files"));
    Files.createSymbolicLink(port.resolve("dangling"), Path.of("nothing"));
    Files.createSymbolicLink(port.resolve("leads"), Path.of("Makefile"));
    Files.createSymbolicLink(folder.resolve("tree/misc/linked"), Path.of("a"));
    for (String in : List.of("/xports/misc/a", "/xports/misc/linked", "/xports/misc/none")) {
      for (String name : List.of(
          "Makefile",
          "makefile",
          "upper",
          "files",
          "files/x",
          "dangling",
          "leads",
          "absent",
          "\u00e9",
          "x".repeat(300))) {
        for (Place.Kind kind : List.of(Place.Kind.PRESENCE, Place.Kind.CONTENT)) {
          Sight around = sight();
          around.around(in);
          Place listed = new Place(kind, in + "/" + name);
          Place alone = new Place(kind, in + "/" + name);
          assertThat(around.look(listed)).as(in + " " + name).isEqualTo(sight().look(alone));
          assertThat(listed.fleeting()).as(in + " " + name).isEqualTo(alone.fleeting());
        }
      }
    }
  }

  @Test
  void readsAFoldersNamesAnewForEachQuestion() throws IOException {
    Path port = Files.createDirectories(folder.resolve("tree/misc/a"));
    Sight sight = sight();
    sight.around("/xports/misc/a");
    assertThat(sight.look(new Place(Place.Kind.PRESENCE, "/xports/misc/a/new"))).isEqualTo("-");
    Files.writeString(port.resolve("new"), "");
    sight.around("/xports/misc/a");
    assertThat(sight.look(new Place(Place.Kind.PRESENCE, "/xports/misc/a/new"))).isEqualTo("file");
  }

  private void link(String path, String target) throws IOException {
    Files.createSymbolicLink(base.resolve(path), Path.of(target));
  }

  private String presence(String path) throws IOException {
    return sight().look(new Place(Place.Kind.PRESENCE, path));
  }

  private Sight sight() throws IOException {
    Target target =
        new Target(Abi.parse("FreeBSD:14:amd64"), new Base.Directory(base), "14.2-amd64 sample");
    TreeFiles tree = new TreeFiles(Sources.of(Checkout.ofFolder(folder.resolve("tree"))));
    EvaluationRequest request = new EvaluationRequest(target, List.of("all"), Map.of(), "");
    return new Sight(tree, request, "here");
  }
}
