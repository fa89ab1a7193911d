package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PlistTest {
  @Test
  void takesPathsBelowThePrefixAndAbsoluteOnes() throws Exception {
    Plist plist =
        Plist.parse("bin/foo\n/var/db/foo/x\n@dir share/foo\n@dir /var/run/foo/\n", "/usr/local");
    assertThat(plist.items())
        .extracting(item -> item.kind() + " " + item.path())
        .containsExactly(
            "FILE /usr/local/bin/foo",
            "FILE /var/db/foo/x",
            "DIRECTORY /usr/local/share/foo",
            "DIRECTORY /var/run/foo");
  }

  @Test
  void givesOwnersAndModes() throws Exception {
    Plist plist = Plist.parse("""
            @owner www
            @mode 0640
            etc/a
            @(root,operator,4755) bin/su
            @mode
            @owner
            bin/plain
            @dir(www,www,0750) www
            """, "/usr/local");
    assertThat(plist.items())
        .extracting(item -> item.attributes(0555).toString())
        .containsExactly(
            new PackageContent.Attributes(0640, "www", "wheel").toString(),
            new PackageContent.Attributes(04755, "root", "operator").toString(),
            new PackageContent.Attributes(0555, "root", "wheel").toString(),
            new PackageContent.Attributes(0750, "www", "www").toString());
  }

  @Test
  void followsCwdAndBack() throws Exception {
    Plist plist = Plist.parse("@cwd /opt\na\n@cwd\nb\n@cwd /\netc/c\n", "/usr/local");
    assertThat(plist.items())
        .extracting(Plist.Item::path)
        .containsExactly("/opt/a", "/usr/local/b", "/etc/c");
  }

  @Test
  void copiesASampleWhereThereIsNoFileYet() throws Exception {
    Plist plist = Plist.parse("@sample etc/foo.conf.sample\n", "/usr/local");
    assertThat(plist.items())
        .containsExactly(new Plist.Item(
            Plist.Kind.FILE,
            "/usr/local/etc/foo.conf.sample",
            Optional.empty(),
            Optional.empty(),
            Optional.empty()));
    assertThat(plist.scripts().get("post-install"))
        .contains("cp -p \"${PKG_ROOTDIR:-}\"'/usr/local/etc/foo.conf.sample'")
        .contains("\"${PKG_ROOTDIR:-}\"'/usr/local/etc/foo.conf'");
    assertThat(plist.scripts().get("pre-deinstall")).contains("cmp -s");
  }

  @Test
  void quotesNamesForTheShell() throws Exception {
    Plist plist = Plist.parse("@sample etc/a'$(id).sample\n", "/usr/local");
    assertThat(plist.scripts().get("post-install")).contains("'/usr/local/etc/a'\\''$(id).sample'");
  }

  @Test
  void expandsCommands() throws Exception {
    Plist plist = Plist.parse(
        "lib/libx.so\n@postexec echo %D %F %B %f 100%%\n@postunexec true\n", "/usr/local");
    assertThat(plist.scripts())
        .containsEntry("post-install", "echo /usr/local lib/libx.so /usr/local/lib libx.so 100%\n")
        .containsEntry("post-deinstall", "true\n");
  }

  @Test
  void ignoresCommentsEmptyLinesAndARepeatedLine() throws Exception {
    assertThat(Plist.parse("@comment x\n\nbin/a\nbin/a\n", "/usr/local").items())
        .hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../etc/passwd",
        "bin/../../x",
        "/usr/./x",
        "bin/\u0007x",
        "@dir /",
        "@glib-schemas x",
        "@mode u+x",
        "@mode 99999",
        "@(root,wheel,0755,schg) bin/x",
        "@(root,wheel,0755,,,) bin/x",
        "@owner a b",
        "@postexec echo %q",
        "@postexec echo %F",
        "@postexec",
        "@sample etc/plain",
        "@sample a b c",
        "@file",
        "@!x"
      })
  void refusesWithTheLine(String line) {
    assertThatThrownBy(() -> Plist.parse("@comment first\n" + line + "\n", "/usr/local"))
        .isInstanceOf(PlistException.class)
        .hasMessageStartingWith("plist line 2: ");
  }
}
