package org.slipway.repository;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.Manifest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageName;
import org.slipway.packages.PackageWriter;
import org.slipway.packages.RepositoryNote;
import org.slipway.packages.SamplePackages;
import org.slipway.sign.KeyMaker;
import org.slipway.sign.KeyType;
import org.slipway.sign.Passphrase;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;

/** What a snapshot's terms, forms and provenance make of it. */
final class SnapshotTermsTest {
  @TempDir
  Path home;

  private Path store;
  private Path snapshots;
  private Path keys;
  private Signer signer;

  @BeforeEach
  void makeHome() throws IOException {
    store = Files.createDirectory(home.resolve("packages"));
    snapshots = home.resolve("snapshots");
    keys = home.resolve("keys");
    signer = Signer.open(keys, "farm");
  }

  @Test
  void tellsWhatASnapshotWasMadeFrom() throws Exception {
    Provenance provenance = new Provenance(
        Optional.of("dev-14-amd64"),
        Optional.of("0123456789abcdef0123456789abcdef01234567"),
        Optional.of("Linux:3.2:x86_64"),
        OptionalInt.of(1402000),
        Optional.of(Digest.of("options")),
        OptionalLong.of(17),
        Optional.of("plan-17"),
        new TreeMap<>(Map.of("slipway", "0.1.0", "bmake", "20240808")),
        List.of(
            new Provenance.Overlay("private", "89abcdef0123456789abcdef0123456789abcdef"),
            new Provenance.Overlay("a-web", "0123456789abcdef0123456789abcdef01234567")));
    List<RepositoryEntry> entries = List.of(sample("foo"));
    Snapshot snapshot = writer().write(snapshots, entries, provenance);
    assertThat(snapshot.provenance()).isEqualTo(provenance);
    assertThat(Snapshot.read(snapshot.directory())).isEqualTo(snapshot);
    Snapshot again = writer().write(snapshots, entries, Provenance.UNKNOWN);
    assertThat(again).as("equal packages are the same snapshot").isEqualTo(snapshot);
  }

  @Test
  void makesAnotherSnapshotOfTheSamePackagesWithOtherGroups() throws Exception {
    List<RepositoryEntry> entries = List.of(sample("foo"));
    Snapshot plain = writer().write(snapshots, entries);
    CatalogueHead head = CatalogueHead.of(
        List.of(new RepositoryNote.Group("web", "Web", List.of("foo"), List.of())),
        List.of(new RepositoryNote.Expired("old", Optional.of("gone"), Optional.of("foo"))));
    Snapshot grouped = writer().write(snapshots, entries, Provenance.UNKNOWN, head);
    assertThat(grouped.id()).isNotEqualTo(plain.id());
    assertThat(new String(
            StrictRepositoryReader.member(grouped.directory().resolve("data.pkg"), "data"), UTF_8))
        .startsWith("{\"groups\":[{\"name\":\"web\",\"comment\":\"Web\",\"requires\":[\"foo\"],"
            + "\"depends\":[]}],\"expired_packages\":[{\"name\":\"old\",\"reason\":\"gone\","
            + "\"replaced_by\":\"foo\"}],\"packages\":[{");
    assertThat(StrictRepositoryReader.read(grouped.directory(), keys.resolve("fingerprints"))
            .packages())
        .containsOnlyKeys("foo");
    assertThat(Snapshot.read(grouped.directory())).isEqualTo(grouped);
    assertThat(writer().write(snapshots, entries, Provenance.UNKNOWN, head)).isEqualTo(grouped);
    assertThat(writer()
            .write(snapshots, entries, Provenance.UNKNOWN, CatalogueHead.of(List.of(), List.of())))
        .isEqualTo(plain);
  }

  @Test
  void refusesPackagesThatNeedWhatIsMissing() throws Exception {
    RepositoryEntry app = needing("app", "1.0", "lib");
    assertThatThrownBy(() -> writer().write(snapshots, List.of(app)))
        .isInstanceOf(RepositoryException.class)
        .hasMessage("packages need others that are missing: lib (for app-1.0)");
    assertThat(snapshots).isEmptyDirectory();
    Snapshot whole = writer().write(snapshots, List.of(app, sample("lib")));
    assertThat(whole.packages().get(0).dependencies()).containsExactly("lib");
    Terms open = Terms.of(SamplePackages.ABI).with(Closure.MISSING_ALLOWED);
    new RepositoryWriter(Signing.unsigned(), open).write(snapshots, List.of(app));
  }

  @Test
  void refusesTwoVersionsOfOnePackage() throws Exception {
    RepositoryEntry old = needing("foo", "0.9", "bar");
    assertThatThrownBy(() -> writer().write(snapshots, List.of(old, sample("foo"))))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("two packages are called foo: misc/foo and misc/foo");
  }

  @Test
  void refusesAPackageThatIsNewerThanTheTarget() throws Exception {
    RepositoryEntry foo =
        packaged(manifest("foo", "1.0").with(Map.of(), Map.of("FreeBSD_version", "1402000")));
    Terms terms = Terms.of(SamplePackages.ABI);
    assertThatThrownBy(() -> new RepositoryWriter(Signing.unsigned(), terms.withOsVersion(1401000))
            .write(snapshots, List.of(foo)))
        .isInstanceOf(RepositoryException.class)
        .hasMessageStartingWith("foo-1.0 was built on OSVERSION 1402000, newer than the target's");
    new RepositoryWriter(Signing.unsigned(), terms.withOsVersion(1402000))
        .write(snapshots, List.of(foo));
  }

  @Test
  void keepsPackagesUnderTheirSumsWhenHashed() throws Exception {
    Terms terms = Terms.of(SamplePackages.ABI).with(Layout.HASHED);
    Snapshot snapshot = new RepositoryWriter(Signing.fingerprints(List.of(signer)), terms)
        .write(snapshots, List.of(sample("foo")));
    String sum = snapshot.packages().get(0).sum().hex().substring(0, 10);
    assertThat(snapshot.packages().get(0).path()).isEqualTo("All/Hashed/foo-1.0~" + sum + ".pkg");
    assertThat(StrictRepositoryReader.read(snapshot.directory(), keys.resolve("fingerprints"))
            .packages())
        .containsOnlyKeys("foo");
    assertThat(snapshot.id())
        .isNotEqualTo(writer().write(snapshots, List.of(sample("foo"))).id());
  }

  @Test
  void listsFilesWhereThatIsWantedAndKeepsTheirLists() throws Exception {
    Terms terms = Terms.of(SamplePackages.ABI).withFiles(true);
    RepositoryWriter files = new RepositoryWriter(Signing.fingerprints(List.of(signer)), terms);
    RepositoryEntry foo = sample("foo");
    Path first = files.write(snapshots, List.of(foo, sample("bar"))).directory();
    assertThat(StrictRepositoryReader.read(first, keys.resolve("fingerprints")).packages())
        .hasSize(2);
    byte[] good = Files.readAllBytes(foo.file());
    Files.write(foo.file(), new byte[good.length]);
    Path second = files.write(snapshots, List.of(foo)).directory();
    Files.write(foo.file(), good);
    assertThat(
            new String(StrictRepositoryReader.member(second.resolve("files.pkg"), "files"), UTF_8))
        .isEqualTo("0 /usr/local/bin\n\nfoo 1.0\n>0\nfoo\n\n");
  }

  @Test
  void signsInEveryForm() throws Exception {
    Signer second = Signer.open(keys, "second");
    List<RepositoryEntry> entries = List.of(sample("foo"));
    Path both = write(Signing.fingerprints(List.of(signer, second)), entries);
    StrictRepositoryReader.read(
        both, StrictSignatures.fingerprints(keys.resolve("fingerprints"), 2));
    Path pubkey = write(Signing.publicKey(signer), entries);
    StrictRepositoryReader.read(pubkey, StrictSignatures.publicKey(keys.resolve("farm.pub")));
    Path unsigned = write(Signing.unsigned(), entries);
    StrictRepositoryReader.read(unsigned, StrictSignatures.unsigned());
    KeyMaker.make(home.resolve("ec"), "ec", KeyType.ECDSA, 256, Passphrase.none());
    Signer ecdsa = Signer.read(home.resolve("ec/ec.pem"), Passphrase.none());
    Files.createDirectories(home.resolve("pins/trusted"));
    Files.writeString(home.resolve("pins/trusted/ec"), ecdsa.key().fingerprintFile());
    StrictRepositoryReader.read(
        write(Signing.fingerprints(List.of(ecdsa)), entries),
        StrictSignatures.fingerprints(home.resolve("pins"), 1));
    StrictRepositoryReader.read(
        write(Signing.publicKey(ecdsa), entries),
        StrictSignatures.publicKey(
            Files.write(home.resolve("ec.der"), ecdsa.key().bytes())));
  }

  @Test
  void offersPkgItselfToMachinesThatHaveNone() throws Exception {
    RepositoryEntry pkg = sample("pkg");
    Path latest = writer().write(snapshots, List.of(pkg)).directory().resolve("Latest");
    assertThat(latest.resolve("pkg.pkg")).hasSameBinaryContentAs(pkg.file());
    byte[] file = Files.readAllBytes(latest.resolve("pkg.pkg.sig"));
    String text = new String(file, ISO_8859_1);
    int cert = text.indexOf("\nCERT\n-----BEGIN");
    assertThat(text).startsWith("SIGNATURE\n").endsWith("-----END PUBLIC KEY-----\nEND\n");
    byte[] signature = Arrays.copyOfRange(file, "SIGNATURE\n".length(), cert);
    byte[] key =
        Arrays.copyOfRange(file, cert + "\nCERT\n".length(), file.length - "END\n".length());
    StrictSignatures.fingerprints(keys.resolve("fingerprints"), 1)
        .require("pkg.pkg", Files.readAllBytes(pkg.file()), List.of(signature, key));
    Path pubkey =
        write(Signing.publicKey(signer), List.of(pkg)).resolve("Latest/pkg.pkg.pubkeysig");
    StrictSignatures.publicKey(keys.resolve("farm.pub"))
        .require("pkg.pkg", Files.readAllBytes(pkg.file()), List.of(Files.readAllBytes(pubkey)));
  }

  private Path write(Signing signing, List<RepositoryEntry> entries) throws IOException {
    return new RepositoryWriter(signing, SamplePackages.ABI)
        .write(snapshots, entries)
        .directory();
  }

  private RepositoryEntry needing(String name, String version, String dependency)
      throws IOException {
    return packaged(manifest(name, version)
        .with(
            Map.of(dependency, new Manifest.Dependency(new Origin("misc", dependency), "1.0")),
            Map.of()));
  }

  private static Manifest manifest(String name, String version) {
    return Manifest.of(
        new PackageName(name, version),
        new Origin("misc", name),
        "Sample " + name,
        SamplePackages.ABI.anyArch());
  }

  private RepositoryEntry packaged(Manifest manifest) throws IOException {
    Path file = store.resolve(manifest.name() + ".pkg");
    PackageContent nothing = new PackageContent(List.of(), List.of(), List.of(), Map.of());
    return new RepositoryEntry(new PackageWriter().write(manifest, nothing, file), file);
  }

  private RepositoryWriter writer() {
    return new RepositoryWriter(Signing.fingerprints(List.of(signer)), SamplePackages.ABI);
  }

  private RepositoryEntry sample(String name) throws IOException {
    BuiltPackage built =
        SamplePackages.script(store, name, "1.0", "#!/bin/sh\necho " + name + "\n");
    return new RepositoryEntry(built, store.resolve(built.fileName()));
  }
}
