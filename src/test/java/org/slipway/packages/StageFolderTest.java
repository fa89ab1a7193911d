package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class StageFolderTest {
  @TempDir
  Path folder;

  private Path root;

  @BeforeEach
  void makeStage() throws Exception {
    root = folder.resolve("stage");
    Files.createDirectories(root.resolve("usr/local/bin"));
    Files.writeString(root.resolve("usr/local/bin/a"), "a");
  }

  @Test
  void namesAllThatIsMissingAtOnce() {
    assertThatThrownBy(() -> read("bin/x\n@dir share/y\nbin/a\n"))
        .isInstanceOf(PlistException.class)
        .hasMessage("the plist names 2 paths that are not in the stage: /usr/local/bin/x,"
            + " /usr/local/share/y");
  }

  @Test
  void keepsOutWhatLiesBehindALinkOutOfTheRoot() throws Exception {
    Files.createDirectories(folder.resolve("secret"));
    Files.writeString(folder.resolve("secret/key"), "key");
    Files.createSymbolicLink(root.resolve("usr/local/out"), folder.resolve("secret"));
    assertThatThrownBy(() -> read("out/key\n"))
        .isInstanceOf(PlistException.class)
        .hasMessageStartingWith("/usr/local/out/key lies behind a link that leads out of ");
  }

  @Test
  void followsALinkedFolderThatStaysBelowTheRoot() throws Exception {
    Files.createSymbolicLink(root.resolve("usr/local/sbin"), Path.of("bin"));
    assertThat(read("sbin/a\n").entries())
        .extracting(PackageContent.Entry::path)
        .containsExactly("/usr/local/sbin/a");
  }

  @Test
  void packsALinkAndNotWhatItPointsTo() throws Exception {
    Files.createSymbolicLink(root.resolve("usr/local/bin/l"), Path.of("/nowhere/at/all"));
    assertThat(read("bin/l\n").entries().get(0))
        .isInstanceOfSatisfying(
            PackageContent.Symlink.class,
            link -> assertThat(link.target()).isEqualTo("/nowhere/at/all"));
  }

  @Test
  void findsTheNamesOfOneFile() throws Exception {
    Files.createLink(root.resolve("usr/local/bin/b"), root.resolve("usr/local/bin/a"));
    Files.writeString(root.resolve("usr/local/bin/c"), "a");
    PackageContent content = read("bin/c\nbin/b\nbin/a\n");
    assertThat(content.entries())
        .extracting(entry -> entry.getClass().getSimpleName() + " " + entry.path())
        .containsExactly(
            "RegularFile /usr/local/bin/a",
            "HardLink /usr/local/bin/b",
            "RegularFile /usr/local/bin/c");
    assertThat(content.flatSizeBytes()).isEqualTo(2);
  }

  @Test
  void saysWhenAFolderIsListedAsAFile() {
    assertThatThrownBy(() -> read("bin\n"))
        .hasMessage("/usr/local/bin is a directory in the stage; write \"@dir /usr/local/bin\"");
    assertThatThrownBy(() -> read("@dir bin/a\n"))
        .hasMessage("@dir /usr/local/bin/a is no directory in the stage; write the path alone");
  }

  private PackageContent read(String plist) throws Exception {
    return StageFolder.read(root, Plist.parse(plist, "/usr/local"));
  }
}
