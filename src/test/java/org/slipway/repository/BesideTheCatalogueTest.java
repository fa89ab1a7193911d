package org.slipway.repository;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.SamplePackages;
import org.slipway.sign.KeyMaker;
import org.slipway.sign.KeyType;
import org.slipway.sign.Passphrase;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;

/** What the verifier sees of a snapshot's record, the files catalogue and the pkg to begin with. */
final class BesideTheCatalogueTest {
  @TempDir
  private Path home;

  private Path store;
  private Signer signer;
  private Signing signing;

  @BeforeEach
  void makeHome() throws IOException {
    store = Files.createDirectory(home.resolve("packages"));
    // Quicker to make than an RSA key.
    KeyMaker.make(home.resolve("keys"), "farm", KeyType.ECDSA, 256, Passphrase.none());
    signer = Signer.read(home.resolve("keys/farm.pem"), Passphrase.none());
    signing = Signing.fingerprints(List.of(signer));
  }

  @Test
  void findsNothingInSoundSnapshotsOfEveryForm() throws Exception {
    for (Layout layout : Layout.values()) {
      assertThat(messages(snapshot(signing, layout), fingerprints())).isEmpty();
    }
    Path pubkey = snapshot(Signing.publicKey(signer), Layout.HASHED);
    assertThat(messages(pubkey, new Trust.PublicKey(signer.key()))).isEmpty();
    Signer rsa = Signer.open(home.resolve("rsa"), "rsa", 2048);
    Path plain = snapshot(Signing.publicKey(rsa), Layout.FLAT);
    assertThat(messages(plain, new Trust.PublicKey(rsa.key()))).isEmpty();
    Path first = snapshot(Signing.fingerprints(List.of(rsa)), Layout.FLAT);
    assertThat(messages(first, new Trust.Fingerprints(Set.of(rsa.fingerprint()), Set.of())))
        .isEmpty();
    Path two = snapshot(Signing.fingerprints(List.of(rsa, signer)), Layout.HASHED);
    assertThat(messages(two, new Trust.Fingerprints(Set.of(rsa.fingerprint()), Set.of())))
        .isEmpty();
    assertThat(messages(two, fingerprints()))
        .as("a machine without pkg reads the first key's signature only")
        .containsExactly("Latest/pkg.pkg is signed by none of the trusted keys");
    Path unsigned = snapshot(Signing.unsigned(), Layout.FLAT);
    assertThat(messages(unsigned, new Trust.Nobody())).isEmpty();
    assertThat(messages(unsigned, fingerprints()))
        .contains(
            "snapshot.json is not signed for clients that have fingerprints",
            "files.pkg is not signed for clients that have fingerprints",
            "Latest/pkg.pkg is not signed for clients that have fingerprints");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
          "format":1 | "format":2 | has no format that is known here, which is 1
          "id":" | "id":"x | has no id of 16 hexadecimal digits
          "id":"HERE" | "id":"0123456789abcdef" | says that it is snapshot 0123456789abcdef where its folder is HERE
          "packages":3 | "packages":4 | says that there are 4 packages where the catalogue lists 3
          "packages":3 | "packages":"three" | says that there are three packages where the catalogue lists 3
          "data":" | "data":"0 | is of another catalogue: it says another SHA-256 of the text data
          "layout":"hashed" | "layout":"flat" | says layout flat where bar-1.0 is elsewhere
          "layout":"hashed" | "layout":"round" | has no layout that is known
          "form":"fingerprints" | "form":"unsigned" | says another form or other keys than signed the catalogue
          "form":"fingerprints" | "form":"pubkey" | says another form or other keys than signed the catalogue
          "keys":[" | "keys":["a | says another form or other keys than signed the catalogue
          "target":"Linux:3.2:x86_64" | "target":"Linux:3.3:x86_64" | says target Linux:3.3:x86_64 where bar-1.0 is for Linux:3.2:*
          "target":"Linux:3.2:x86_64" | "target":"*" | has a target that is no ABI
          "commit":"0 | "commit":"HEAD0 | has no sound commit
          "options":" | "options":"- | has no sound options
          "bmake":"20240808" | "bmake":[] | has builders that are no names with versions
          {"format" | {"id":"twice","format" | is no JSON: Duplicate field 'id'
          {"format" | [{"format" | is no JSON
          """)
  void seesWhatARecordSaysWrong(String from, String to, String message) throws Exception {
    Path root = snapshot(signing, Layout.HASHED);
    String here = root.getFileName().toString();
    Path record = root.resolve("snapshot.json");
    String text = Files.readString(record);
    assertThat(text).contains(from.replace("HERE", here));
    rewrite(root, text.replaceFirst(quoted(from.replace("HERE", here)), to));
    assertThat(messages(root, fingerprints()))
        .anyMatch(each -> each.startsWith("snapshot.json " + message.replace("HERE", here)))
        .allMatch(each -> each.startsWith("snapshot.json "));
  }

  @Test
  void seesARecordThatNobodySigned() throws Exception {
    Path root = snapshot(signing, Layout.HASHED);
    Path record = root.resolve("snapshot.json");
    String text = Files.readString(record);
    Files.writeString(record, text.replace("\"build\":17", "\"build\":18"));
    assertThat(messages(root, fingerprints()))
        .containsExactly(
            "snapshot.json has a wrong signature of the trusted key " + signer.fingerprint());
    rewrite(root, text);
    assertThat(messages(root, fingerprints())).isEmpty();
    Files.write(record, new byte[(1 << 20) + 1]);
    assertThat(messages(root, fingerprints())).containsExactly("snapshot.json has more than 1 MiB");
    Files.writeString(record, "[]");
    assertThat(messages(root, new Trust.Nobody()))
        .containsExactly("snapshot.json is no JSON object");
    Files.delete(record);
    assertThat(messages(root, fingerprints())).isEmpty();
  }

  @Test
  void seesAPkgToBeginWithThatIsNotTheListedOne() throws Exception {
    Path root = snapshot(signing, Layout.HASHED);
    Path sig = root.resolve("Latest/pkg.pkg.sig");
    byte[] good = Files.readAllBytes(sig);
    byte[] wrong = good.clone();
    wrong[40] ^= 1;
    Files.write(sig, wrong);
    assertThat(messages(root, fingerprints()))
        .containsExactly(
            "Latest/pkg.pkg has a wrong signature of the trusted key " + signer.fingerprint());
    Files.write(sig, Arrays.copyOf(good, 30));
    assertThat(messages(root, fingerprints()))
        .containsExactly("Latest/pkg.pkg has a signature that cannot be read: there is nothing"
            + " after a line CERT");
    Files.delete(sig);
    assertThat(messages(root, fingerprints()))
        .containsExactly("Latest/pkg.pkg is not signed for clients that have fingerprints");
    Files.write(sig, good);
    Path pkg = root.resolve("Latest/pkg.pkg");
    byte[] bytes = Files.readAllBytes(pkg);
    Files.delete(pkg);
    bytes[bytes.length / 2] ^= 1;
    Files.write(pkg, bytes);
    assertThat(messages(root, fingerprints()))
        .containsExactly("Latest/pkg.pkg is not the package pkg that the catalogue lists");
    Files.write(pkg, new byte[300_000]);
    assertThat(messages(root, fingerprints()))
        .containsExactly("Latest/pkg.pkg is not the package pkg that the catalogue lists");
  }

  @Test
  void seesAPkgToBeginWithWhereNoneIsListed() throws Exception {
    BuiltPackage foo = SamplePackages.script(store, "foo", "1.0", "one");
    Path root = new RepositoryWriter(signing, SamplePackages.ABI)
        .write(home.resolve("other"), List.of(entry(foo)))
        .directory();
    Files.createDirectory(root.resolve("Latest"));
    Files.write(root.resolve("Latest/pkg.pkg"), new byte[10]);
    assertThat(messages(root, fingerprints()))
        .containsExactly("Latest/pkg.pkg is there where the catalogue lists no package pkg");
  }

  @ParameterizedTest
  @CsvSource(delimiter = '|', quoteCharacter = '\0', textBlock = """
          >0;foo | >0;fool | has other files of foo-1.0 than its manifest
          >0;foo | >0;foo;more | has 2 files of foo-1.0 where its manifest has 1
          >0;foo | >1;foo | names a folder that it does not have
          >0;foo | >9999999999;foo | names a folder that it does not have
          >0;foo | foo | names a file of foo-1.0 before its folder
          foo 1.0 | foo 1.1 | has files of foo-1.1, which the catalogue does not list
          pkg 1.0 | foo 1.0 | has the files of foo-1.0 twice
          0 /usr/local/bin | 0 /usr/local/sbin | has other files of bar-1.0 than its manifest
          0 /usr/local/bin | 7 /usr/local/bin | has a folder that is not told as pkg tells it
          0 /usr/local/bin | /usr/local/bin | has a folder that is not told as pkg tells it
          0 /usr/local/bin | 0 /usr/local/bin;14 LONG | has more or longer folders than a file system
          ;pkg;; | ;pkg; | ends within the files of pkg-1.0
          /bin;; | /bin | ends within its folders
          """)
  void seesFilesThatPackagesDoNotHave(String from, String to, String message) throws Exception {
    Path root = snapshot(signing, Layout.FLAT);
    String text =
        "0 /usr/local/bin\n\nbar 1.0\n>0\nbar\n\nfoo 1.0\n>0\nfoo\n\npkg 1.0\n>0\npkg\n\n";
    assertThat(StrictRepositoryReader.member(root.resolve("files.pkg"), "files"))
        .asString(UTF_8)
        .isEqualTo(text);
    String wrong = message.equals("ends within its folders")
        ? "0 /usr/local/bin\n"
        : text.replace(
            from.replace(';', '\n'), to.replace(';', '\n').replace("LONG", "/x".repeat(2050)));
    assertThat(wrong).isNotEqualTo(text);
    files(root, "files.pkg", "files", wrong);
    assertThat(messages(root, fingerprints())).contains("files.pkg " + message);
  }

  /** As pkg up to 2.7 writes it: objects without anything between them. */
  @Test
  void readsTheFilesCatalogueOfOlderClients() throws Exception {
    Path root = snapshot(signing, Layout.FLAT);
    String meta = Files.readString(root.resolve("meta.conf"));
    Files.writeString(root.resolve("meta.conf"), meta.replace("\"files\"", "\"filesite.yaml\""));
    String text = "%s%s%s"
        .formatted(
            object("pkg", "/usr/local/bin/pkg"),
            object("foo", "/usr/local/bin/fo%6f"),
            object("bar", "/usr/local/bin/bar"));
    files(root, "filesite.pkg", "filesite.yaml", text);
    assertThat(messages(root, fingerprints())).isEmpty();
    files(root, "filesite.pkg", "filesite.yaml", text.replace("bin/bar", "bin/baz"));
    assertThat(messages(root, fingerprints()))
        .containsExactly("filesite.pkg has other files of bar-1.0 than its manifest");
    files(
        root,
        "filesite.pkg",
        "filesite.yaml",
        text.replace(object("bar", "/usr/local/bin/bar"), ""));
    assertThat(messages(root, fingerprints()))
        .containsExactly("filesite.pkg does not have the files of bar-1.0");
    files(root, "filesite.pkg", "filesite.yaml", text + "[]");
    assertThat(messages(root, fingerprints()))
        .containsExactly("filesite.pkg has something beside JSON objects");
    files(root, "filesite.pkg", "filesite.yaml", text.substring(0, text.length() - 9));
    assertThat(messages(root, fingerprints()))
        .singleElement()
        .asString()
        .startsWith("filesite.pkg is no JSON");
  }

  /** Whatever is damaged is found, in words, and nothing else happens. */
  @Test
  void findsSeededDamageInWords() throws Exception {
    Path root = snapshot(signing, Layout.HASHED);
    Random random = new Random(4);
    for (String name : List.of(
        "snapshot.json",
        "snapshot.json.sig",
        "snapshot.json.pub",
        "files.pkg",
        "Latest/pkg.pkg.sig")) {
      Path file = root.resolve(name);
      byte[] good = Files.readAllBytes(file);
      for (int round = 0; round < 12; round++) {
        byte[] bad = round % 3 == 0
            ? Arrays.copyOf(good, random.nextInt(good.length))
            : flipped(good, random);
        if (Arrays.equals(bad, good)) {
          continue;
        }
        Files.write(file, bad);
        for (String message : messages(root, fingerprints())) {
          assertThat(message)
              .as("%s, round %s", name, round)
              .startsWith(name.replaceFirst("\\.(sig|pub)$", ""));
        }
        if (!name.endsWith("sig") && !name.endsWith("pkg")) {
          assertThat(messages(root, fingerprints())).as("%s %s", name, round).isNotEmpty();
        }
      }
      Files.write(file, good);
    }
    assertThat(messages(root, fingerprints())).isEmpty();
  }

  private static byte[] flipped(byte[] good, Random random) {
    byte[] bad = good.clone();
    bad[random.nextInt(bad.length)] ^= (byte) (1 << random.nextInt(8));
    return bad;
  }

  private static String object(String name, String path) {
    return "{\"origin\":\"misc/%s\",\"name\":\"%s\",\"version\":\"1.0\",\"files\":[\"%s\"]}"
        .formatted(name, name, path);
  }

  /** Anew, and signed anew. */
  private void files(Path root, String file, String member, String text) throws IOException {
    Files.deleteIfExists(root.resolve(file));
    Files.write(root.resolve(file), SignedArchive.of(member, text.getBytes(ISO_8859_1), signing));
  }

  private void rewrite(Path root, String text) throws IOException {
    byte[] bytes = text.getBytes(UTF_8);
    Files.write(root.resolve("snapshot.json"), bytes);
    for (Map.Entry<String, byte[]> each :
        Detached.signatures("snapshot.json", bytes, signing).entrySet()) {
      Files.write(root.resolve(each.getKey()), each.getValue());
    }
  }

  private static String quoted(String text) {
    return java.util.regex.Pattern.quote(text);
  }

  private Path snapshot(Signing by, Layout layout) throws IOException {
    Provenance provenance = new Provenance(
        Optional.of("dev"),
        Optional.of("0123456789abcdef0123456789abcdef01234567"),
        Optional.of(SamplePackages.ABI.toString()),
        OptionalInt.empty(),
        Optional.of(Digest.of("options")),
        OptionalLong.of(17),
        Optional.of("plan-17"),
        new TreeMap<>(Map.of("bmake", "20240808")));
    List<RepositoryEntry> entries = List.of(
        entry(SamplePackages.script(store, "foo", "1.0", "one")),
        entry(SamplePackages.script(store, "bar", "1.0", "two")),
        entry(SamplePackages.script(store, "pkg", "1.0", "three")));
    return new RepositoryWriter(by, Terms.of(SamplePackages.ABI).with(layout).withFiles(true))
        .write(home.resolve("snapshots"), entries, provenance)
        .directory();
  }

  private RepositoryEntry entry(BuiltPackage built) {
    return new RepositoryEntry(built, store.resolve(built.fileName()));
  }

  private Trust fingerprints() throws IOException {
    return Trust.fingerprints(home.resolve("keys/fingerprints"));
  }

  private static List<String> messages(Path root, Trust trust) throws IOException {
    return new RepositoryVerifier(RepositoryFiles.of(root), trust, FolderWatch.NOBODY)
        .verify().findings().stream().map(Finding::toString).collect(Collectors.toList());
  }
}
