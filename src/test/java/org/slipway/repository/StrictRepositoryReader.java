package org.slipway.repository;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * A pkg client's view of a repository, stricter than any client: written from the description of
 * the format alone and sharing no code with what writes repositories. Whatever is not exactly as
 * described is an {@link AssertionError}.
 */
public final class StrictRepositoryReader {
  private static final Pattern ABI = Pattern.compile("[A-Za-z]+:[0-9.]+:([a-z0-9_]+|\\*)");
  private static final List<String> REQUIRED_TEXTS =
      List.of("name", "origin", "version", "comment", "desc", "maintainer", "www", "prefix");

  private static final List<String> CATALOGUE =
      List.of("meta", "meta.conf", "data.pkg", "packagesite.pkg");

  private final Path root;
  private final StrictSignatures signatures;
  private final ObjectMapper json = new ObjectMapper()
      .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
      .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);

  private StrictRepositoryReader(Path root, StrictSignatures signatures) {
    this.root = root;
    this.signatures = signatures;
  }

  /**
   * Reads and checks a repository to its last byte.
   *
   * @param fingerprints the folder with {@code trusted/}, and {@code revoked/} if there is one
   */
  public static RepositoryContents read(Path repositoryRoot, Path fingerprints) throws IOException {
    return read(repositoryRoot, StrictSignatures.fingerprints(fingerprints, 1));
  }

  /** The same for a client of any form. */
  static RepositoryContents read(Path repositoryRoot, StrictSignatures signatures)
      throws IOException {
    return new StrictRepositoryReader(repositoryRoot, signatures).read();
  }

  private RepositoryContents read() throws IOException {
    byte[] meta = Files.readAllBytes(root.resolve("meta.conf"));
    check(meta.length <= 1 << 20, "meta.conf has more than 1 MiB");
    check(
        MessageDigest.isEqual(meta, Files.readAllBytes(root.resolve("meta"))),
        "meta and meta.conf differ");
    JsonNode conf = json.readTree(meta);
    check(conf.path("version").isInt() && conf.path("version").intValue() == 2, "meta: version");
    check(conf.path("packing_format").asText().equals("tzst"), "meta: packing_format");
    check(conf.path("manifests").asText().equals("packagesite.yaml"), "meta: manifests");
    check(conf.path("data").asText().equals("data"), "meta: data");
    check(conf.path("manifests_archive").asText().equals("packagesite"), "meta: archive");

    boolean files = Files.exists(root.resolve("files.pkg"));
    check(conf.path("filesite").asText().equals(files ? "files" : ""), "meta: filesite");
    String data = text(signedMember("data.pkg", "data"));
    String site = text(signedMember("packagesite.pkg", "packagesite.yaml"));
    check(data.indexOf('\n') == data.length() - 1 || data.indexOf('\n') < 0, "data: one line");
    JsonNode catalogue = json.readTree(data);
    check(catalogue.path("groups").isArray(), "data: groups");
    check(catalogue.path("expired_packages").isArray(), "data: expired_packages");
    check(catalogue.path("packages").isArray(), "data: packages");
    check(
        Files.getLastModifiedTime(root.resolve("meta.conf"))
            .equals(Files.getLastModifiedTime(root.resolve("data.pkg"))),
        "meta.conf and data.pkg have not one time");
    requireSameLines(site, data, catalogue.path("packages"));

    SortedMap<String, RepositoryContents.PackageContents> packages = new TreeMap<>();
    Set<String> paths = new HashSet<>();
    for (JsonNode line : catalogue.path("packages")) {
      String path = line.path("path").asText();
      check(paths.add(path), "two packages at " + path);
      RepositoryContents.PackageContents found = onePackage(line, path);
      check(packages.put(found.name(), found) == null, "two packages " + found.name());
    }
    if (files) {
      StrictFiles.check(text(signedMember("files.pkg", "files")), packages);
    }
    requireSnapshot(data, packages.size());
    requireNothingElse(paths);
    return new RepositoryContents(packages);
  }

  private RepositoryContents.PackageContents onePackage(JsonNode line, String path)
      throws IOException {
    requireManifest(line, path);
    check(line.path("repopath").asText().equals(path), path + ": repopath differs from path");
    String fullName = line.path("name").asText() + "-" + line.path("version").asText();
    Path file = root.resolve(path);
    requirePlace(file, path, fullName, line.path("sum").asText());
    check(Files.isRegularFile(file), path + " is not there");
    byte[] bytes = Files.readAllBytes(file);
    check(line.path("pkgsize").isIntegralNumber(), path + ": pkgsize is no number");
    check(line.path("pkgsize").longValue() == bytes.length, path + ": pkgsize is wrong");
    check(line.path("sum").asText().equals(sha256(bytes)), path + ": sum is wrong");

    List<StrictTar.Member> members = StrictTar.read(unzstd(bytes));
    check(members.size() >= 2, path + ": no manifests");
    requireManifestMember(members.get(0), "+COMPACT_MANIFEST", path);
    requireManifestMember(members.get(1), "+MANIFEST", path);
    JsonNode compact = json.readTree(members.get(0).bytes());
    JsonNode full = json.readTree(members.get(1).bytes());
    check(
        without(line, "path", "repopath", "sum", "pkgsize").equals(fields(compact)),
        path + ": the catalogue is not the compact manifest");
    check(
        without(full, "files", "directories", "config", "scripts", "lua_scripts")
            .equals(fields(compact)),
        path + ": the compact manifest is not the manifest's");
    List<StrictTar.Member> payload = members.subList(2, members.size());
    StrictPayload.check(path, payload, full);
    return new RepositoryContents.PackageContents(
        line.path("name").asText(), full, sha256(bytes), payload);
  }

  private static void requireManifest(JsonNode manifest, String path) {
    for (String key : REQUIRED_TEXTS) {
      check(manifest.path(key).isTextual(), path + ": no text \"" + key + "\"");
      check(!manifest.path(key).asText().isEmpty(), path + ": empty \"" + key + "\"");
    }
    check(manifest.path("flatsize").isIntegralNumber(), path + ": flatsize");
    check(manifest.path("comment").asText().indexOf('\n') < 0, path + ": comment of two lines");
    // A client of 2.8 crashes where this legacy twin of abi is not there.
    check(manifest.path("arch").asText().matches("[a-z]+:[0-9.]+:[a-z0-9_:*]+"), path + ": arch");
    check(ABI.matcher(manifest.path("abi").asText()).matches(), path + ": abi");
    check(
        Set.of("single", "and", "or").contains(manifest.path("licenselogic").asText()),
        path + ": licenselogic");
    check(
        manifest.path("desc").asText().chars().allMatch(c -> c < 128), path + ": desc not encoded");
    manifest.path("deps").properties().forEach(dep -> {
      check(dep.getValue().path("origin").isTextual(), path + ": dep without origin");
      check(dep.getValue().path("version").isTextual(), path + ": dep without version");
    });
    manifest
        .path("options")
        .forEach(value -> check(Set.of("on", "off").contains(value.asText()), path + ": option"));
  }

  private static void requireManifestMember(StrictTar.Member member, String name, String path) {
    check(member.name().equals(name), path + ": " + member.name() + " in the place of " + name);
    check(member.isFile() && member.mode() == 0644, path + ": mode of " + name);
    check(member.owner().equals("root:wheel"), path + ": owner of " + name);
    check(member.mtimeSeconds() == 0, path + ": time of " + name);
  }

  /** Each line of the one text is, byte for byte, an object of the other. */
  private void requireSameLines(String site, String data, JsonNode packages) throws IOException {
    check(site.isEmpty() || site.endsWith("\n"), "packagesite.yaml: last line has no end");
    List<String> lines = site.lines().toList();
    check(lines.size() == packages.size(), "data and packagesite.yaml differ in length");
    check(
        data.endsWith("\"packages\":[" + String.join(",", lines) + "]}\n"),
        "data does not hold packagesite.yaml's lines");
    for (int i = 0; i < lines.size(); i++) {
      check(json.readTree(lines.get(i)).equals(packages.get(i)), "line " + i + " differs");
    }
  }

  /** Its name, or its name with the sum's beginning and a link to it where people look. */
  private void requirePlace(Path file, String path, String fullName, String sum)
      throws IOException {
    String name = file.getFileName().toString();
    if (name.equals(fullName + ".pkg")) {
      check(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS), path + " is a link");
      return;
    }
    String hashed = fullName + "~" + sum.substring(0, 10) + ".pkg";
    check(name.equals(hashed), path + " is not the place of " + fullName);
    Path folder = file.resolveSibling("");
    check(folder.getFileName().toString().equals("Hashed"), path + " is not in Hashed");
    if (isPooled()) {
      String line = fullName + " " + sum + " " + Files.size(file);
      check(
          Files.readAllLines(root.resolve(".packages")).contains(line),
          path + " is not in the list of packages");
      return;
    }
    Path link = folder.resolveSibling(fullName + ".pkg");
    check(
        Files.readSymbolicLink(link).toString().equals("Hashed/" + hashed),
        link + " does not lead to " + path);
  }

  /** Whether the packages lie with those of other snapshots. */
  private boolean isPooled() throws IOException {
    Path all = root.resolve("All");
    return Files.isSymbolicLink(all) && Files.readSymbolicLink(all).toString().equals("../.pool");
  }

  /** What a snapshot says of itself, signed like the catalogue; a folder's repository has none. */
  private void requireSnapshot(String data, int packages) throws IOException {
    Path file = root.resolve("snapshot.json");
    if (!Files.exists(file)) {
      return;
    }
    byte[] text = Files.readAllBytes(file);
    List<byte[]> beside = new ArrayList<>();
    for (String name : signatures.files("snapshot.json")) {
      beside.add(Files.readAllBytes(root.resolve(name)));
    }
    signatures.require("snapshot.json", text, beside);
    JsonNode said = json.readTree(text);
    check(said.path("id").asText().equals(root.getFileName().toString()), "snapshot.json: id");
    check(said.path("packages").intValue() == packages, "snapshot.json: packages");
    check(
        said.path("data").asText().equals(sha256(data.getBytes(StandardCharsets.UTF_8))),
        "snapshot.json: data");
  }

  private void requireNothingElse(Set<String> listed) throws IOException {
    Set<String> expected = new HashSet<>(listed);
    expected.addAll(CATALOGUE);
    if (Files.exists(root.resolve("files.pkg"))) {
      expected.add("files.pkg");
    }
    if (Files.exists(root.resolve("snapshot.json"))) {
      expected.add("snapshot.json");
      expected.addAll(signatures.files("snapshot.json"));
    }
    Path start = root.toRealPath();
    if (isPooled()) {
      // They were looked at one by one; of the list, no other may be in it.
      expected.removeAll(listed);
      check(
          Files.readAllLines(root.resolve(".packages")).size() == listed.size(),
          "the list of packages has others than the catalogue");
    }
    try (Stream<Path> all = Files.walk(start)) {
      for (Path path : all.filter(p -> !Files.isDirectory(p)).toList()) {
        String name = start.relativize(path).toString();
        boolean free = name.startsWith(".")
            || name.startsWith("Latest/")
            || (Files.isSymbolicLink(path)
                && listed.stream().anyMatch(l -> l.contains("/Hashed/")));
        check(
            expected.remove(name) || free, name + " is in the repository but not in its catalogue");
      }
    }
    check(expected.isEmpty(), "missing: " + expected);
  }

  /** Checks what signs a text, which stands before it, and gives the text. */
  private byte[] signedMember(String archive, String member) throws IOException {
    List<StrictTar.Member> members =
        StrictTar.read(unzstd(Files.readAllBytes(root.resolve(archive))));
    List<String> names = new ArrayList<>(signatures.names(member));
    names.add(member);
    check(
        members.stream().map(StrictTar.Member::name).toList().equals(names),
        archive + " has not the members " + names);
    for (StrictTar.Member one : members) {
      check(one.isFile() && one.mode() == 0644, archive + ": mode of " + one.name());
      check(one.owner().equals("root:wheel"), archive + ": owner of " + one.name());
      // Only an empty repository's packagesite.yaml, which has no line, may be empty.
      boolean mayBeEmpty = one.name().equals("packagesite.yaml");
      check(mayBeEmpty || one.bytes().length > 0, archive + ": " + one.name() + " is empty");
    }
    byte[] text = members.get(members.size() - 1).bytes();
    signatures.require(
        archive,
        text,
        members.subList(0, members.size() - 1).stream()
            .map(StrictTar.Member::bytes)
            .toList());
    return text;
  }

  private static Map<String, JsonNode> fields(JsonNode object) {
    Map<String, JsonNode> fields = new LinkedHashMap<>();
    object.properties().forEach(field -> fields.put(field.getKey(), field.getValue()));
    return fields;
  }

  private static Map<String, JsonNode> without(JsonNode object, String... keys) {
    Map<String, JsonNode> fields = fields(object);
    for (String key : keys) {
      fields.remove(key);
    }
    return fields;
  }

  /** A member's bytes, whatever signs it. */
  static byte[] member(Path archive, String name) throws IOException {
    return StrictTar.read(unzstd(Files.readAllBytes(archive))).stream()
        .filter(member -> member.name().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError(archive + " has no " + name))
        .bytes();
  }

  private static byte[] unzstd(byte[] bytes) throws IOException {
    try (InputStream in =
        new BufferedInputStream(new ZstdInputStream(new ByteArrayInputStream(bytes)))) {
      return in.readAllBytes();
    }
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  static void check(boolean holds, String otherwise) {
    if (!holds) {
      throw new AssertionError(otherwise);
    }
  }
}
