package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Command;

/** What a build takes from an overlay, and not from the tree below it. */
final class OverlayBuildTest {
  private static final String LINES = "SHA256 (a.tar) = " + "0".repeat(64) + "\nSIZE (a.tar) = ";

  @TempDir
  Path folder;

  private SmallTree tree;
  private Path overlay;

  @BeforeEach
  void layOut() throws IOException {
    tree = new SmallTree(folder);
    overlay = Files.createDirectories(folder.resolve("links/private"));
  }

  @Test
  void readsTheDistinfoThatAPortNamesThere() throws Exception {
    write("misc/a/distinfo", LINES + "7\n");
    assertThat(Fetching.distinfo(request("/overlays/private/misc/a/distinfo"))
            .files()
            .get("a.tar"))
        .extracting(Distinfo.Distfile::sizeBytes)
        .isEqualTo(7L);
    // Its master may be the tree's.
    assertThat(Fetching.distinfo(request("/xports/misc/a/distinfo")).files().get("a.tar"))
        .extracting(Distinfo.Distfile::sizeBytes)
        .isEqualTo(3L);
  }

  @Test
  void readsNoDistinfoOutsideOfTheOverlay() throws Exception {
    write("../secret", LINES + "7\n");
    Files.createSymbolicLink(overlay.resolve("link"), folder.resolve("links/secret"));
    for (String name : List.of("../secret", "link", "gone")) {
      BuildRequest request = request("/overlays/private/" + name);
      assertThatThrownBy(() -> Fetching.distinfo(request))
          .isInstanceOf(PhaseFailure.class)
          .hasMessage("there is no " + name + " in overlay private; run make makesum");
    }
  }

  @Test
  void buildsInTheOverlaysFolderOnlyWhereThatIsAPort() throws Exception {
    write("misc/a/files/patch-x", "x\n");
    assertThat(make().argv()).containsSequence("-C", "/xports/misc/a");
    write("misc/a/Makefile", "\n");
    assertThat(make().argv()).containsSequence("-C", "/overlays/private/misc/a");
    Files.move(overlay.resolve("misc"), overlay.resolve("other"));
    Files.createSymbolicLink(overlay.resolve("misc"), Path.of("other"));
    assertThat(make().argv()).containsSequence("-C", "/xports/misc/a");
  }

  @Test
  void givesMakeTheOverlaysKitBeforeTheProgramsOwn() throws Exception {
    assertThat(make().environment()).containsEntry("MAKESYSPATH", "/kit");
    write(".slipway/kit/sys.mk", "\n");
    assertThat(make().environment())
        .containsEntry("MAKESYSPATH", "/overlays/private/.slipway/kit:/kit");
  }

  private void write(String name, String text) throws IOException {
    Path file = overlay.resolve(name);
    Files.createDirectories(file.resolveSibling(".").normalize());
    Files.writeString(file, text);
  }

  private Command make() throws IOException {
    return new Steps(request("/xports/misc/a/distinfo"), Instant.EPOCH, Optional.empty())
        .make(Phase.BUILD);
  }

  private BuildRequest request(String distinfo) throws IOException {
    SmallTree.Draft port =
        tree.port("misc/a", "").distfile("a.tar", new byte[3]).variable("DISTINFO_FILE", distinfo);
    BuildRequest.Wishes wishes = new BuildRequest.Wishes(
        BuildRequest.Mode.PACKAGE,
        List.of(overlay),
        Optional.empty(),
        0,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty());
    return SmallTree.wishing(tree.request(port.port()), wishes);
  }
}
