package org.slipway.packages;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A package byte by byte, from a staged folder to the archive, read by other people's tar and JSON
 * readers. The manifest's values are those that pkg 2.8 made of the same input.
 */
final class PackageFormatTest {
  private static final String MANIFEST = """
      name: rich
      version: "1.0_2,1"
      origin: misc/rich
      comment: "A rich \u00e9 one"
      maintainer: a@example.org
      prefix: /usr/local
      www: https://example.org
      abi: "FreeBSD:14:amd64"
      desc: "100% \u00e9"
      categories: [ python, devel ]
      licenselogic: dual
      licenses: [ MIT, BSD2CLAUSE ]
      users: [ www ]
      groups: [ www, operator ]
      deps: { zed: {origin: a/zed, version: "1"}, bar: {origin: a/bar, version: 2} }
      dep_formula: "foo > 1, bar"
      options: { DOCS: off, NLS: on }
      annotations: { flavor: py311 }
      provides: [p2, p1]
      requires: [r2, r1]
      conflicts: [ "c2-*", "c1-*" ]
      shlibs_required_ignore: [ libx.so.1 ]
      shlibs_provided_ignore: [ liby.so.1 ]
      vital: true
      scripts: { pre-install: "echo 100% \u00e9\\n" }
      lua_scripts: { post-install: [ <<EOS
      print("100% \u00e9")
      EOS
      , 'print(2)' ] }
      """;

  private static final String PLIST = """
      @owner www
      @mode 04750
      bin/a
      @mode
      @owner
      bin/b
      bin/h
      @(root,operator,,schg,uarch) bin/locked
      @config etc/conf
      share/\u00fc%
      @dir share/d
      @dir(www,,0700,nodump) /var/d
      @cwd /opt
      @postexec echo %D
      """;

  @TempDir
  Path folder;

  private record Member(
      TarArchiveEntry entry,
      @SuppressWarnings("ArrayRecordComponent") byte[] bytes) {}

  @Test
  void writesEveryKeyAsPkgDoes() throws Exception {
    Map<String, Member> members = members(write(stage("stage")));
    JsonNode full = json(member(members, "+MANIFEST"));
    assertThat(names(full))
        .containsExactly(
            "name",
            "origin",
            "version",
            "comment",
            "maintainer",
            "www",
            "abi",
            "arch",
            "prefix",
            "flatsize",
            "dep_formula",
            "licenselogic",
            "licenses",
            "vital",
            "desc",
            "deps",
            "categories",
            "users",
            "groups",
            "shlibs_required_ignore",
            "shlibs_provided_ignore",
            "conflicts",
            "provides",
            "requires",
            "options",
            "annotations",
            "files",
            "config",
            "directories",
            "scripts",
            "lua_scripts");
    assertThat(full.get("arch").asText()).isEqualTo("freebsd:14:x86:64");
    assertThat(full.get("licenselogic").asText()).isEqualTo("or");
    assertThat(full.get("desc").asText()).isEqualTo("100%25 %c3%a9");
    assertThat(full.get("vital").isBoolean()).isTrue();
    assertThat(full.get("dep_formula").asText()).isEqualTo("foo > 1, bar");
    assertThat(full.get("deps").toString())
        .isEqualTo("{\"bar\":{\"origin\":\"a/bar\",\"version\":\"2\"},"
            + "\"zed\":{\"origin\":\"a/zed\",\"version\":\"1\"}}");
    assertThat(full.get("groups").toString()).isEqualTo("[\"operator\",\"www\"]");
    assertThat(full.get("conflicts").toString()).isEqualTo("[\"c1-*\",\"c2-*\"]");
    assertThat(full.get("options").toString()).isEqualTo("{\"DOCS\":\"off\",\"NLS\":\"on\"}");
    assertThat(full.get("config").toString()).isEqualTo("[\"/usr/local/etc/conf\"]");
    assertThat(full.get("scripts").get("pre-install").asText()).isEqualTo("echo 100%25 %c3%a9");
    assertThat(full.get("scripts").get("post-install").asText()).isEqualTo("cd /opt\necho /opt");
    assertThat(full.get("lua_scripts").get("post-install").get(0).asText())
        .isEqualTo("print(\"100% \u00e9\")");
    JsonNode compact = json(member(members, "+COMPACT_MANIFEST"));
    List<String> expected = new ArrayList<>(names(full));
    expected.removeAll(List.of("files", "config", "directories", "scripts", "lua_scripts"));
    assertThat(names(compact)).isEqualTo(expected);
  }

  @Test
  void packsFilesThenDirectoriesWithOwnersFlagsAndLinks() throws Exception {
    Map<String, Member> members = members(write(stage("stage")));
    assertThat(members.values().stream().map(PackageFormatTest::shown).toList())
        .containsExactly(
            "0 +COMPACT_MANIFEST 644 root:wheel 0",
            "0 +MANIFEST 644 root:wheel 0",
            "0 /usr/local/bin/a 4750 www:wheel 1000",
            "2 /usr/local/bin/b - root:wheel 1000 -> a",
            "1 /usr/local/bin/h 4750 www:wheel 1000 -> /usr/local/bin/a",
            "0 /usr/local/bin/locked 640 root:operator 1000 schg,uarch",
            "0 /usr/local/etc/conf 640 root:wheel 1000",
            "0 /usr/local/share/\u00fc% 640 root:wheel 1000",
            "5 /usr/local/share/d/ 755 root:wheel 1000",
            "5 /var/d/ 700 www:wheel 1000 nodump");
  }

  @Test
  void sumsAndSizesWhatItPacks() throws Exception {
    Map<String, Member> members = members(write(stage("stage")));
    JsonNode full = json(member(members, "+MANIFEST"));
    String sum = HexFormat.of()
        .formatHex(MessageDigest.getInstance("SHA-256").digest("hello\n".getBytes(UTF_8)));
    assertThat(full.get("files").get("/usr/local/bin/h").toString())
        .isEqualTo("{\"sum\":\"" + sum + "\",\"uname\":\"www\",\"gname\":\"wheel\","
            + "\"perm\":\"04750\",\"mtime\":1000}");
    JsonNode link = full.get("files").get("/usr/local/bin/b");
    assertThat(link.get("symlink_target").asText()).isEqualTo("a");
    assertThat(link.get("sum").asText()).isEqualTo(Digest.of("a").hex());
    assertThat(full.get("files").get("/usr/local/bin/locked").get("fflags").asText())
        .isEqualTo("schg,uarch");
    assertThat(full.get("files").has("/usr/local/share/%c3%bc%25")).isTrue();
    assertThat(full.get("directories").get("/var/d").toString())
        .isEqualTo(
            "{\"uname\":\"www\",\"gname\":\"wheel\",\"perm\":\"0700\",\"fflags\":\"nodump\"}");
    // The file of two names once, the link's text, and three files of one byte.
    assertThat(full.get("flatsize").asLong()).isEqualTo(6 + 1 + 3);
  }

  @Test
  void givesTheSameBytesForTheSameStageWhoeverMadeIt() throws Exception {
    Path one = stage("one");
    Path other = folder.resolve("other");
    Random random = new Random(3);
    List<String> backwards = new ArrayList<>(List.of(
        "var/d/",
        "usr/local/share/d/",
        "usr/local/share/\u00fc%",
        "usr/local/etc/conf",
        "usr/local/bin/locked",
        "usr/local/bin/h"));
    for (String name : backwards) {
      Path from = one.resolve(name);
      Path to = other.resolve(name);
      Files.createDirectories(to.getParent());
      if (name.endsWith("/")) {
        Files.createDirectories(to);
      } else {
        Files.write(to, Files.readAllBytes(from));
        Files.setPosixFilePermissions(to, Files.getPosixFilePermissions(from));
        Files.setLastModifiedTime(to, FileTime.fromMillis(random.nextLong(1L << 40)));
      }
    }
    Files.createLink(other.resolve("usr/local/bin/a"), other.resolve("usr/local/bin/h"));
    Files.createSymbolicLink(other.resolve("usr/local/bin/b"), Path.of("a"));
    assertThat(write(other)).hasSameBinaryContentAs(write(one));
  }

  @Test
  void givesTheSameBytesWithAnyNumberOfThreads() throws Exception {
    byte[] bytes = new byte[17 << 20];
    Random random = new Random(5);
    for (int i = 0; i < bytes.length; i += 64) {
      bytes[i] = (byte) random.nextInt();
    }
    PackageContent content = new PackageContent(
        List.of(SamplePackages.file(folder, "/large", 0644, bytes)),
        List.of(),
        List.of(),
        Map.of());
    Manifest manifest =
        Manifest.of(PackageName.parse("l-1"), Origin.parse("misc/l"), "l", SamplePackages.ABI);
    PackageWriter.Settings settings = new PackageWriter.Settings(1, 0);
    Digest one = new PackageWriter(settings, 1)
        .write(manifest, content, folder.resolve("1"))
        .sum();
    Digest three = new PackageWriter(settings, 3)
        .write(manifest, content, folder.resolve("3"))
        .sum();
    assertThat(three).isEqualTo(one);
    assertThat(Digest.of(folder.resolve("3"))).isEqualTo(three);
    assertThat(member(members(folder.resolve("3")), "/large").bytes()).isEqualTo(bytes);
  }

  private Path stage(String name) throws IOException {
    Path root = folder.resolve(name);
    for (String path : List.of("bin/a", "bin/locked", "etc/conf", "share/\u00fc%")) {
      Path file = root.resolve("usr/local").resolve(path);
      Files.createDirectories(file.getParent());
      Files.writeString(file, path.equals("bin/a") ? "hello\n" : "x");
      Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-r-----"));
    }
    Files.createLink(root.resolve("usr/local/bin/h"), root.resolve("usr/local/bin/a"));
    Files.createSymbolicLink(root.resolve("usr/local/bin/b"), Path.of("a"));
    Files.createDirectories(root.resolve("usr/local/share/d"));
    Files.createDirectories(root.resolve("var/d"));
    return root;
  }

  private Path write(Path stage) throws Exception {
    MetadataReader.Metadata metadata =
        MetadataReader.read(Map.of("+MANIFEST", MANIFEST.getBytes(UTF_8)), SamplePackages.ABI);
    Plist plist = metadata.plist(PLIST, Keywords.NONE, name -> Optional.empty());
    Path target = folder.resolve(stage.getFileName() + ".pkg");
    new PackageWriter(new PackageWriter.Settings(3, 1000, LibraryRules.DEFAULT, false))
        .write(metadata.manifest(plist), StageFolder.read(stage, plist), target);
    return target;
  }

  private static Map<String, Member> members(Path file) throws IOException {
    Map<String, Member> members = new LinkedHashMap<>();
    try (InputStream in = new ZstdInputStream(Files.newInputStream(file));
        TarArchiveInputStream tar = new TarArchiveInputStream(in, "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        assertThat(members.put(entry.getName(), new Member(entry, tar.readAllBytes())))
            .isNull();
        assertThat(entry.getLongUserId() + entry.getLongGroupId()).isZero();
      }
    }
    return members;
  }

  private static Member member(Map<String, Member> members, String name) {
    return Objects.requireNonNull(members.get(name));
  }

  private static String shown(Member member) {
    TarArchiveEntry entry = member.entry();
    String flags = new TreeMap<>(entry.getExtraPaxHeaders()).getOrDefault("SCHILY.fflags", "");
    return ((char) entry.getLinkFlag()
            + " " + entry.getName()
            // A link's own mode is the system's.
            + " " + (entry.isSymbolicLink() ? "-" : Integer.toOctalString(entry.getMode() & 07777))
            + " " + entry.getUserName() + ":" + entry.getGroupName()
            + " " + entry.getLastModifiedTime().toMillis() / 1000
            + (entry.getLinkName().isEmpty() ? "" : " -> " + entry.getLinkName())
            + " " + flags)
        .strip();
  }

  private static JsonNode json(Member member) throws IOException {
    return new ObjectMapper().readTree(member.bytes());
  }

  private static List<String> names(JsonNode node) {
    List<String> names = new ArrayList<>();
    node.fieldNames().forEachRemaining(names::add);
    return names;
  }
}
