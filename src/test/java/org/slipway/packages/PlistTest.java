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
        "lib/libx.so\n@postexec echo %D %F %B %f 100%% %q\n@postunexec true\n", "/usr/local");
    assertThat(plist.scripts())
        .containsEntry(
            "post-install", "echo /usr/local lib/libx.so /usr/local/lib libx.so 100% %q\n")
        .containsEntry("post-deinstall", "true\n");
  }

  @Test
  void ignoresCommentsEmptyLinesAndARepeatedLine() throws Exception {
    assertThat(Plist.parse("@comment x\n\nbin/a\nbin/a\n", "/usr/local").items())
        .hasSize(1);
  }

  @Test
  void unrollsLoopsAndVariables() throws Exception {
    Plist plist = Plist.parse("""
            @var NAME app
            @for COLOR red blue
            @for SIZE 16 32
            share/%%NAME%%/%%COLOR%%-%%SIZE%%
            @end
            @end
            share/%%OTHER%%
            """, "/usr/local");
    assertThat(plist.items())
        .extracting(Plist.Item::path)
        .containsExactly(
            "/usr/local/share/app/red-16",
            "/usr/local/share/app/red-32",
            "/usr/local/share/app/blue-16",
            "/usr/local/share/app/blue-32",
            "/usr/local/share/%%OTHER%%");
  }

  @Test
  void takesAnotherListIn() throws Exception {
    PlistRules rules = new PlistRules(
        "/usr/local",
        Keywords.NONE,
        name -> name.equals("more") ? Optional.of("bin/b\n") : Optional.empty());
    assertThat(Plist.parse("bin/a\n@include more\n", rules).items())
        .extracting(Plist.Item::path)
        .containsExactly("/usr/local/bin/a", "/usr/local/bin/b");
    assertThatThrownBy(() -> Plist.parse("@include less\n", rules))
        .hasMessage("plist line 1: there is no list \"less\" to include here");
  }

  @Test
  void namesTheListThatIsTakenIn() {
    PlistRules rules = new PlistRules(
        "/usr/local", Keywords.NONE, name -> Optional.of("bin/b\n@include " + name + "\n"));
    assertThatThrownBy(() -> Plist.parse("@include more\n", rules))
        .hasMessage("more line 2: a list that is taken in cannot take in another");
  }

  @Test
  void stopsALoopThatWouldNotEnd() {
    String values = "a b c d e f g h ".repeat(20);
    String list = "@for A " + values + "\n@for B " + values + "\n@for C " + values
        + "\n@for D x y\n@comment\n@end\n@end\n@end\n@end\n";
    assertThatThrownBy(() -> Plist.parse(list, "/usr/local"))
        .isInstanceOf(PlistException.class)
        .hasMessageContaining("the list unrolls to more than 2000000 lines");
  }

  @Test
  void keepsFileFlagsInOneOrder() throws Exception {
    Plist plist = Plist.parse("@(root,,,uchange,schg) bin/a\n@dir(,,,nodump) d\n", "/usr/local");
    assertThat(plist.items())
        .extracting(item -> item.flags().text())
        .containsExactly("schg,uchg", "nodump");
  }

  @Test
  void asksTheStageForADirectorysModeInParenthesesOnly() throws Exception {
    Plist plist = Plist.parse("@dir a\n@dir(www,,) b\n@dir(,,0700) c\n", "/usr/local");
    assertThat(plist.items())
        .extracting(item -> item.attributes(0711).mode())
        .containsExactly(0755, 0711, 0700);
  }

  @Test
  void changesDirectoryInTheScriptsToo() throws Exception {
    Plist plist = Plist.parse("@cwd /opt/a b\n@postexec echo %D\n@cwd\n", "/usr/local");
    assertThat(plist.scripts())
        .containsEntry("post-install", "cd '/opt/a b'\necho /opt/a b\ncd /usr/local\n")
        .containsEntry("pre-deinstall", "cd '/opt/a b'\ncd /usr/local\n")
        .containsEntry("post-deinstall", "cd '/opt/a b'\ncd /usr/local\n");
  }

  @Test
  void installsBelowAnotherPrefixThanItWasStaged() throws Exception {
    Plist plist = Plist.parse("@override_prefix /opt\nbin/a\n/etc/b\n", "/usr/local");
    assertThat(plist.items())
        .extracting(item -> item.staged() + " " + item.path())
        .containsExactly("/usr/local/bin/a /opt/bin/a", "/etc/b /etc/b");
  }

  @Test
  void standsInForTheFrameworksCommonestKeywords() throws Exception {
    Plist plist = Plist.parse("""
            @info share/info/a.info
            @shell bin/sh
            @rmempty etc/e
            @rmtry etc/t
            @preexec one
            @exec two
            @unexec three
            """, "/usr/local");
    assertThat(plist.items())
        .extracting(Plist.Item::path)
        .containsExactly("/usr/local/share/info/a.info", "/usr/local/bin/sh");
    assertThat(plist.scripts().get("pre-install")).isEqualTo("one\n");
    assertThat(plist.scripts().get("post-install"))
        .startsWith("indexinfo \"${PKG_ROOTDIR:-}\"'/usr/local/share/info'\n")
        .contains("\"${PKG_ROOTDIR:-}\"'/etc/shells'")
        .endsWith("two\n");
    assertThat(plist.scripts().get("pre-deinstall")).contains("grep -vxF").endsWith("three\n");
    assertThat(plist.scripts().get("post-deinstall"))
        .contains("! -s \"${PKG_ROOTDIR:-}\"'/usr/local/etc/e'")
        .contains("rm -f \"${PKG_ROOTDIR:-}\"'/usr/local/etc/t'");
  }

  @Test
  void takesPlainLinesAloneForTheLastFile() throws Exception {
    Plist plist = Plist.parse("lib/a\n@(root,,) lib/b\n@dir lib/c\n@postexec %F\n", "/usr/local");
    assertThat(plist.scripts()).containsEntry("post-install", "lib/a\n");
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
        "@(root,wheel,0755,schg,bad) bin/x",
        "@() bin/x",
        "@(root,wheel,0755,,,) bin/x",
        "@owner a b",
        "@postexec echo %F",
        "@postexec",
        "@sample etc/plain",
        "@sample a b c",
        "@file",
        "@for A",
        "@for A b",
        "@end",
        "@var",
        "@include",
        "@name x",
        "@mode u=z",
        "@!x"
      })
  void refusesWithTheLine(String line) {
    assertThatThrownBy(() -> Plist.parse("@comment first\n" + line + "\n", "/usr/local"))
        .isInstanceOf(PlistException.class)
        .hasMessageStartingWith("plist line 2: ");
  }
}
