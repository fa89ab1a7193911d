package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class MetadataReaderTest {
  private static final String MANIFEST = """
      name: "py311-foo"
      version: "1.0_2,1"
      origin: devel/py-foo
      comment: <<EOD
      Foo for Python
      EOD
      maintainer: ports@example.org
      prefix: /usr/local
      www: https://example.org/
      categories: [ devel, python, ]
      licenselogic: single
      licenses: [ MIT ]
      users: [ www ]
      deps: { python311: {origin: lang/python311, version: 3.11.9}, }
      options: { DOCS: off, NLS: on, }
      annotations: { flavor: py311 }
      """;

  @Test
  void readsAFrameworksFolder() throws Exception {
    MetadataReader.Metadata metadata = read(Map.of(
        "+MANIFEST", MANIFEST,
        "+DESC", "About foo: 100% é\n\nWWW\n",
        "+DISPLAY", "Restart it.\n",
        "+POST_INSTALL", "#!/bin/sh\nldconfig\n"));
    Manifest manifest = metadata.manifest();
    assertThat(manifest.name()).isEqualTo(PackageName.parse("py311-foo-1.0_2,1"));
    assertThat(manifest.comment()).isEqualTo("Foo for Python");
    assertThat(manifest.desc()).isEqualTo("About foo: 100% é\n\nWWW");
    assertThat(manifest.categories()).containsExactly("devel", "python");
    assertThat(manifest.abi()).isEqualTo(SamplePackages.ABI);
    assertThat(manifest.deps())
        .containsEntry(
            "python311", new Manifest.Dependency(Origin.parse("lang/python311"), "3.11.9"));
    assertThat(manifest.options()).containsEntry("DOCS", false).containsEntry("NLS", true);
    assertThat(manifest.annotations()).containsEntry("flavor", "py311");
    assertThat(manifest.messages()).containsExactly(Manifest.Message.of("Restart it."));
    assertThat(metadata.scripts()).containsEntry("post-install", "#!/bin/sh\nldconfig\n");
  }

  @Test
  void refusesAManifestOfMoreValuesThanAnyPortHas() {
    String flood = MANIFEST + "conflicts: [" + "x,".repeat(1_000_000) + "]\n";
    assertThatThrownBy(() -> read(Map.of("+MANIFEST", flood, "+DESC", "Foo")))
        .isInstanceOf(MetadataException.class)
        .hasMessage("+MANIFEST, line 17: expected at most 1000000 values");
  }

  @Test
  void readsMessagesForOccasions() throws Exception {
    String display = """
        [
        { type: install
          message: <<EOM
        Run foo-setup.
        EOM
        }
        { type: upgrade, maximum_version: "1.0", message: "Run foo-upgrade." }
        ]
        """;
    assertThat(
            read(Map.of("+MANIFEST", MANIFEST, "+DISPLAY", display)).manifest().messages())
        .containsExactly(
            new Manifest.Message(
                "Run foo-setup.", Optional.of("install"), Optional.empty(), Optional.empty()),
            new Manifest.Message(
                "Run foo-upgrade.", Optional.of("upgrade"), Optional.empty(), Optional.of("1.0")));
  }

  @Test
  void takesATextInBracketsForAText() throws Exception {
    assertThat(read(Map.of("+MANIFEST", MANIFEST, "+DISPLAY", "[note: see {\n"))
            .manifest()
            .messages())
        .containsExactly(Manifest.Message.of("[note: see {"));
  }

  @Test
  void keepsAnAbiOfTheManifestsOwn() throws Exception {
    assertThat(read(Map.of("+MANIFEST", MANIFEST + "abi: 'Linux:3.2:*'\n"))
            .manifest()
            .abi())
        .isEqualTo(SamplePackages.ABI.anyArch());
  }

  @Test
  void readsScriptsAndPathsOfTheManifestItself() throws Exception {
    MetadataReader.Metadata metadata = read(Map.of(
        "+MANIFEST",
        MANIFEST + """
            files: {
              /usr/local/bin/a%25: "1$abc",
              /usr/local/bin/b: { sum: "-", uname: www, perm: "4755", fflags: "schg" }
            }
            config: [ /usr/local/bin/b ]
            directories: { /var/a: y, /var/b: { perm: 0700, gname: games } }
            dirs: [ /var/c/ ]
            scripts: { pre-install: "echo 100%25 %c3%a9" }
            lua_scripts: { post-install: [ "one%25", "two" ] }
            """,
        "pkg-post-install",
        "echo file\n",
        "pkg-post-install.lua",
        "three"));
    assertThat(metadata.items())
        .extracting(item -> item.kind() + " " + item.path() + " " + item.attributes(0644))
        .containsExactly(
            "FILE /usr/local/bin/a% " + PackageContent.Attributes.ofRoot(0644),
            "CONFIG /usr/local/bin/b "
                + new PackageContent.Attributes(04755, "www", "wheel", new FileFlags("schg")),
            "DIRECTORY /var/a " + PackageContent.Attributes.ofRoot(0644),
            "DIRECTORY /var/b " + new PackageContent.Attributes(0700, "root", "games"),
            "DIRECTORY /var/c " + PackageContent.Attributes.ofRoot(0644));
    assertThat(metadata.scripts())
        .containsEntry("pre-install", "echo 100% \u00e9")
        .containsEntry("post-install", "echo file\n");
    assertThat(metadata.luaScripts())
        .containsEntry("post-install", List.of("one%25", "two", "three"));
  }

  @Test
  void putsThePlistsPartBehindThePortsOwn() throws Exception {
    MetadataReader.Metadata metadata = read(Map.of(
        "+MANIFEST",
        MANIFEST + "files: { /usr/local/bin/a: { perm: '0700' } }\n",
        "+POST_INSTALL",
        "first"));
    Plist plist =
        metadata.plist("bin/a\nbin/b\n@postexec second\n", Keywords.NONE, name -> Optional.empty());
    assertThat(plist.scripts()).containsEntry("post-install", "first\nsecond\n");
    assertThat(plist.items())
        .extracting(item -> item.path() + " " + item.mode())
        .containsExactly("/usr/local/bin/a Optional[448]", "/usr/local/bin/b Optional.empty");
  }

  @Test
  void takesOlderWordsAndForms() throws Exception {
    Manifest manifest = read(Map.of(
            "+MANIFEST",
            MANIFEST.replace("licenselogic: single", "licenselogic: multi")
                + "arch: 'freebsd:14:x86:64'\nmessage: \"old\"\nmessages: [ \"new\" ]\n"))
        .manifest();
    assertThat(manifest.licenselogic()).isEqualTo("and");
    assertThat(manifest.abi()).isEqualTo(Abi.parse("FreeBSD:14:amd64"));
    assertThat(manifest.messages())
        .containsExactly(Manifest.Message.of("old"), Manifest.Message.of("new"));
    assertThat(read(Map.of("+MANIFEST", MANIFEST + "abi: '*'\n")).manifest().abi())
        .isEqualTo(Abi.ANY)
        .hasToString("*");
  }

  @Test
  void takesTheSiteFromTheDescriptionWhereThereIsNoOther() throws Exception {
    String without = MANIFEST.replace("www: https://example.org/\n", "");
    assertThat(read(Map.of("+MANIFEST", without, "+DESC", "Text\n\nwww: http://a.example\n"))
            .manifest()
            .www())
        .isEqualTo("http://a.example");
    assertThat(read(Map.of("+MANIFEST", without)).manifest().www()).isEqualTo("UNKNOWN");
    assertThat(read(Map.of("+MANIFEST", MANIFEST + "desc: own\n", "+DESC", "file"))
            .manifest()
            .desc())
        .isEqualTo("own");
  }

  @Test
  void fillsTheManifestsWordsIntoMessages() throws Exception {
    String display = "[ { message: 'see ${PREFIX}/etc, $PKGNAME and $PKGNAMES' } ]";
    assertThat(
            read(Map.of("+MANIFEST", MANIFEST, "+DISPLAY", display)).manifest().messages())
        .containsExactly(Manifest.Message.of("see /usr/local/etc, py311-foo and $PKGNAMES"));
  }

  @Test
  void saysWhatIsMissingOrWrong() {
    assertFault(Map.of(), "+MANIFEST is missing from the port's metadata");
    assertFault(Map.of("+MANIFEST", "name: x\n"), "+MANIFEST has no \"origin\"");
    assertFault(
        Map.of("+MANIFEST", MANIFEST.replace("py311-foo", "../x")),
        "+MANIFEST: \"../x-1.0_2,1\" is not a package name; write name-version");
    assertFault(
        Map.of("+MANIFEST", MANIFEST.replace("{origin: lang/python311", "{origin: ../..")),
        "+MANIFEST: \"../..\" is not an origin; write category/port");
    assertFault(Map.of("+MANIFEST", "a: [\n"), "+MANIFEST, line 2: expected ]");
    assertFault(
        Map.of("+MANIFEST", MANIFEST.replace("deps: {", "deps: [] #")),
        "+MANIFEST: \"deps\" is no section");
    assertFault(
        Map.of("+MANIFEST", MANIFEST + "scripts: { post-upgrade: x }\n"),
        "+MANIFEST: \"post-upgrade\" is no script; pkg has [pre-install, install, post-install,"
            + " pre-deinstall, deinstall, post-deinstall]");
    assertFault(
        Map.of("+MANIFEST", MANIFEST + "files: { /usr/../etc/x: '-' }\n"),
        "+MANIFEST: the path \"/usr/../etc/x\" has an empty, \".\" or \"..\" part");
    assertFault(
        Map.of("+MANIFEST", MANIFEST.replace("prefix: /usr/local", "prefix: usr")),
        "+MANIFEST: the prefix \"usr\" is not absolute");
    assertFault(
        Map.of("+MANIFEST", MANIFEST, "+LUA", "x"),
        "+LUA is a metadata file of a kind that is not supported");
  }

  private static void assertFault(Map<String, String> files, String message) {
    assertThatThrownBy(() -> read(files)).isInstanceOf(MetadataException.class).hasMessage(message);
  }

  private static MetadataReader.Metadata read(Map<String, String> files) throws Exception {
    Map<String, byte[]> bytes = new HashMap<>();
    files.forEach((name, text) -> bytes.put(name, text.getBytes(StandardCharsets.UTF_8)));
    return MetadataReader.read(bytes, SamplePackages.ABI);
  }
}
