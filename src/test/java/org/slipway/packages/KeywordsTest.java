package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Keyword files as pkg-keywords(5) describes them; what pkg made of each was tried. */
final class KeywordsTest {
  @TempDir
  Path folder;

  @Test
  void runsActionsOnTheLineOrOnOneOfItsWords() throws Exception {
    Plist plist =
        parse("actions: [file(2), \"dir(1)\"]\narguments: true\n", "@k share/d \"bin/a\"");
    assertThat(plist.items())
        .extracting(item -> item.kind() + " " + item.path())
        .containsExactly("FILE /usr/local/bin/a", "DIRECTORY /usr/local/share/d");
  }

  @Test
  void fillsScriptsIn() throws Exception {
    Plist plist = parse("""
        actions: []
        arguments: true
        post-install: <<EOS
        echo %D %F %f %B %1 %2 %% %q
        EOS
        pre-deinstall-lua: <<EOS
        s = string.gsub("%@", '%.x$', "")
        EOS
        """, "bin/a\n@k one two");
    assertThat(plist.scripts())
        .containsEntry(
            "post-install",
            "# args: one two\necho /usr/local bin/a a /usr/local/bin one two % %q\n");
    assertThat(plist.luaScripts())
        .containsEntry(
            "pre-deinstall",
            List.of("-- args: one two\ns = string.gsub(\"one two\", '%.x$', \"\")"));
  }

  @Test
  void preformatsTheLineWhereThatIsAsked() throws Exception {
    String script = "actions: []\npost-install: \"%@\"\n";
    assertThat(parse(script, "bin/a\n@k run %D/%f").scripts())
        .containsEntry("post-install", "run %D/%f\n");
    assertThat(
            parse(script + "preformat_arguments: true\n", "bin/a\n@k run %D/%f").scripts())
        .containsEntry("post-install", "run /usr/local/a\n");
  }

  @Test
  void givesItsAttributesToWhatItLists() throws Exception {
    Plist plist = parse(
        "actions: [file]\nattributes: { owner: bin, group: games, mode: \"u=rw,g=r\" }\n",
        "@k bin/a\n@k(root,,0755) bin/b\n");
    assertThat(plist.items())
        .extracting(item -> item.attributes(0))
        .containsOnly(new PackageContent.Attributes(0640, "bin", "games"));
  }

  @Test
  void passesMessagesAndDeprecationsOn() throws Exception {
    Plist plist = parse("""
        actions: [comment]
        deprecated: true
        deprecation_message: "use @dir"
        messages: [ { message: "hello", type: remove } ]
        """, "@k x\n");
    assertThat(plist.messages())
        .containsExactly(new Manifest.Message(
            "hello", Optional.of("remove"), Optional.empty(), Optional.empty()));
    assertThat(plist.remarks()).containsExactly("@k is deprecated: use @dir");
  }

  @Test
  void changesDirectoryOwnerAndModeThroughActions() throws Exception {
    Plist plist = parse("actions: [setprefix(1), setowner(2), setmode(3)]\narguments: true\n", """
            @k /opt www 0600
            a
            """);
    assertThat(plist.items().get(0).path()).isEqualTo("/opt/a");
    assertThat(plist.items().get(0).attributes(0755))
        .isEqualTo(new PackageContent.Attributes(0600, "www", "wheel"));
    assertThat(plist.scripts()).containsEntry("post-install", "cd /opt\n");
  }

  @Test
  void takesTheFrameworksSampleWithItsCheck() throws Exception {
    Keywords keywords = Keywords.of(Map.of("sample", """
        actions: [file(1)]
        arguments: true
        prepackaging: "return(0)"
        post-install-lua: "copy(%1)"
        """));
    Plist plist = Plist.parse(
        "@sample etc/a.sample etc/b\n",
        new PlistRules("/usr/local", keywords, name -> Optional.empty()));
    assertThat(plist.luaScripts())
        .containsEntry("post-install", List.of("-- args: etc/a.sample etc/b\ncopy(etc/a.sample)"));
    for (String wrong : List.of("@sample etc/a", "@sample a a", "@sample a b c", "@sample")) {
      assertThatThrownBy(() ->
              Plist.parse(wrong, new PlistRules("/usr/local", keywords, name -> Optional.empty())))
          .hasMessage("plist line 1: @sample takes \"x.sample\", or a source and a target");
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "prepackaging: 'return 0' | @k x | plist line 1: Keywords/k.ucl has a prepackaging script in Lua, which is not supported",
        "actions: [remove] | @k x | plist line 1: Keywords/k.ucl: \"remove\" is no action",
        "actions: [file(1)] | @k x | plist line 1: file(1) is asked for, but the line has 0 words",
        "post-install: 'a %3' | @k x | plist line 1: %3 is asked for, but the line has 0 words",
        "post-install: 'a %f' | @k x | plist line 1: %f needs a file before it",
        "attributes: { mode: 'u+x' } | @k x | plist line 1: Keywords/k.ucl: \"u+x\" is no mode",
        "actions: [ | @k x | plist line 1: Keywords/k.ucl, line 2: expected ]",
        "actions: [] | @other x | plist line 1: the keyword @other is not known",
      })
  void refusesWithTheLine(String file, String line, String message) {
    assertThatThrownBy(() -> parse(file + "\n", line))
        .isInstanceOf(PlistException.class)
        .hasMessageStartingWith(message);
  }

  @Test
  void cannotChangeWhatPkgItselfKnows() throws Exception {
    Keywords keywords = Keywords.of(Map.of("dir", "actions: [file]\n"));
    Plist plist = Plist.parse(
        "@dir share/x\n", new PlistRules("/usr/local", keywords, name -> Optional.empty()));
    assertThat(plist.items().get(0).kind()).isEqualTo(Plist.Kind.DIRECTORY);
  }

  @Test
  void readsAFolderAndNothingThroughLinks() throws Exception {
    Files.writeString(folder.resolve("one.ucl"), "actions: [file]\n");
    Files.writeString(folder.resolve("other.txt"), "no keyword\n");
    Path secret = Files.writeString(folder.resolve("secret"), "actions: [dir]\n");
    Files.createSymbolicLink(folder.resolve("two.ucl"), secret);
    Keywords keywords = Keywords.ofFolder(folder);
    assertThat(keywords.find("one")).isPresent();
    assertThat(keywords.find("two")).isEmpty();
    assertThat(keywords.find("other")).isEmpty();
    Files.write(folder.resolve("large.ucl"), new byte[(1 << 18) + 1]);
    assertThatThrownBy(() -> Keywords.ofFolder(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("large.ucl has more than 256 KiB");
  }

  private static Plist parse(String file, String list) throws Exception {
    return Plist.parse(
        list,
        new PlistRules("/usr/local", Keywords.of(Map.of("k", file)), name -> Optional.empty()));
  }
}
