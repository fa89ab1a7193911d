package org.slipway.repository;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Abi;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.SamplePackages;
import org.slipway.sign.Signature;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;
import org.slipway.sign.VerifyingKey;

final class RepositoryWriterTest {
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
  void writesARepositoryThatAStrictReaderTakes() throws Exception {
    Snapshot snapshot = writer().write(snapshots, List.of(sample("foo"), sample("bar")));
    RepositoryContents contents =
        StrictRepositoryReader.read(snapshot.directory(), keys.resolve("fingerprints"));
    assertThat(contents.packages()).containsOnlyKeys("bar", "foo");
    assertThat(contents.get("foo").sum())
        .isEqualTo(snapshot.packages().get(1).sum().hex());
    Path root = Files.createDirectory(home.resolve("root"));
    contents.get("foo").extractTo(root);
    assertThat(root.resolve("usr/local/bin/foo")).hasContent("#!/bin/sh\necho foo\n");
    assertThat(root.resolve("usr/local/bin/foo")).isExecutable();
  }

  @Test
  void writesAnEmptyRepository() throws Exception {
    Snapshot snapshot = writer().write(snapshots, List.of());
    assertThat(StrictRepositoryReader.read(snapshot.directory(), keys.resolve("fingerprints"))
            .packages())
        .isEmpty();
  }

  @Test
  void givesEqualBytesForEqualPackagesInAnyOrder() throws Exception {
    List<RepositoryEntry> entries = new ArrayList<>(List.of(sample("foo"), sample("bar")));
    Snapshot first = writer().write(snapshots, entries);
    Collections.reverse(entries);
    Snapshot second = writer().write(home.resolve("other"), entries);
    assertThat(second.id()).isEqualTo(first.id());
    assertThat(sums(second.directory())).isEqualTo(sums(first.directory()));
  }

  @Test
  void linksThePackagesOfTheStore() throws Exception {
    RepositoryEntry foo = sample("foo");
    Snapshot snapshot = writer().write(snapshots, List.of(foo));
    Path published = snapshot.directory().resolve("All/foo-1.0.pkg");
    assertThat(Files.getAttribute(published, "unix:ino"))
        .isEqualTo(Files.getAttribute(foo.file(), "unix:ino"));
  }

  @Test
  void givesTheSnapshotThatIsThereAlready() throws Exception {
    List<RepositoryEntry> entries = List.of(sample("foo"));
    Snapshot first = writer().write(snapshots, entries);
    Object before = Files.getAttribute(first.directory(), "unix:ino");
    assertThat(writer().write(snapshots, entries)).isEqualTo(first);
    assertThat(Files.getAttribute(first.directory(), "unix:ino")).isEqualTo(before);
    assertThat(Snapshot.read(first.directory())).isEqualTo(first);
  }

  @Test
  void refusesADamagedSnapshotThatIsThereAlready() throws Exception {
    List<RepositoryEntry> entries = List.of(sample("foo"));
    Snapshot first = writer().write(snapshots, entries);
    Files.delete(first.directory().resolve("All/foo-1.0.pkg"));
    assertThatThrownBy(() -> writer().write(snapshots, entries))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("is damaged; move it away and publish again");
  }

  @Test
  void refusesTwoPackagesOfOneName() throws Exception {
    RepositoryEntry foo = sample("foo");
    assertThatThrownBy(() -> writer().write(snapshots, List.of(foo, foo)))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("two packages are called foo-1.0: misc/foo and misc/foo");
  }

  @Test
  void refusesAPackageForAnotherSystem() throws Exception {
    RepositoryEntry foo = sample("foo");
    Abi other = Abi.parse("FreeBSD:14:amd64");
    assertThatThrownBy(() -> new RepositoryWriter(Signing.fingerprints(List.of(signer)), other)
            .write(snapshots, List.of(foo)))
        .isInstanceOf(RepositoryException.class)
        .hasMessage("foo-1.0 is for Linux:3.2:*, the repository for FreeBSD:14:amd64");
  }

  @Test
  void leavesNothingWhenItFails() throws Exception {
    RepositoryEntry foo = sample("foo");
    Files.write(foo.file(), new byte[(int) foo.built().sizeBytes()]);
    assertThatThrownBy(() -> writer().write(snapshots, List.of(foo)))
        .isInstanceOf(RepositoryException.class);
    assertThat(snapshots).isEmptyDirectory();
  }

  @Test
  void sweepsWhatAKilledWriterLeft() throws Exception {
    Snapshot snapshot = writer().write(snapshots, List.of(sample("foo")));
    Path left = Files.createDirectory(snapshots.resolve(".new-123"));
    Files.createDirectory(left.resolve("All"));
    Files.writeString(left.resolve("meta"), "half");
    RepositoryWriter.sweep(snapshots);
    assertThat(left).doesNotExist();
    assertThat(snapshot.directory()).isDirectory();
  }

  @Test
  void namesOneSnapshotForEachKey() throws Exception {
    RepositoryEntry foo = sample("foo");
    Signer other = Signer.open(home.resolve("other-keys"), "farm");
    SnapshotId mine = writer().write(snapshots, List.of(foo)).id();
    SnapshotId theirs = new RepositoryWriter(
            Signing.fingerprints(List.of(other)), SamplePackages.ABI)
        .write(snapshots, List.of(foo))
        .id();
    assertThat(theirs).isNotEqualTo(mine);
  }

  /**
   * Each change is one that shows whatever the key: a flipped bit of a zstd stream may decode to
   * the same bytes.
   */
  @Test
  void letsTheStrictReaderSeeWhatAnAttackerChanges() throws Exception {
    Path root = writer().write(snapshots, List.of(sample("foo"))).directory();
    byte[] data = StrictRepositoryReader.member(root.resolve("data.pkg"), "data");
    byte[] other = new String(data, UTF_8).replace("Sample", "Simple").getBytes(UTF_8);
    Signer stranger = Signer.open(home.resolve("stranger"), "farm");
    assertRefused(root, "data.pkg", archive("data", data, stranger), "not trusted");
    assertRefused(root, "data.pkg", archive("data", data, forged(stranger)), "signature");
    assertRefused(root, "data.pkg", archive("data", other, signer), "does not hold");
    assertRefused(root, "data.pkg", archive("datum", data, signer), "has not the members");
    assertRefused(root, "meta", "{}".getBytes(UTF_8), "differ");
    Path file = root.resolve("All/foo-1.0.pkg");
    byte[] flipped = Files.readAllBytes(file);
    flipped[flipped.length / 2] ^= 1;
    assertRefused(root, "All/foo-1.0.pkg", flipped, "sum is wrong");
    assertRefused(root, "All/foo-1.0.pkg", new byte[3], "pkgsize is wrong");
    assertThat(StrictRepositoryReader.read(root, keys.resolve("fingerprints")).packages())
        .hasSize(1);
  }

  @Test
  void takesLinesOfPackagesThatStayFromTheLastSnapshot() throws Exception {
    RepositoryEntry foo = sample("foo");
    RepositoryEntry bar = sample("bar");
    writer().write(snapshots, List.of(foo, bar));
    // Whoever read this file again would find no package in it.
    Files.write(foo.file(), new byte[(int) foo.built().sizeBytes()]);
    Path dropped = writer().write(snapshots, List.of(foo)).directory();
    Path fresh = writer().write(home.resolve("other"), List.of(sample("foo"))).directory();
    assertThat(StrictRepositoryReader.member(dropped.resolve("data.pkg"), "data"))
        .isEqualTo(StrictRepositoryReader.member(fresh.resolve("data.pkg"), "data"));
  }

  @Test
  void readsPackagesAgainWhenTheLastSnapshotIsDamaged() throws Exception {
    Snapshot first = writer().write(snapshots, List.of(sample("foo")));
    Path site = first.directory().resolve("packagesite.pkg");
    byte[] bytes = Files.readAllBytes(site);
    bytes[bytes.length - 20] ^= 1;
    Files.write(site, bytes);
    Snapshot second = writer().write(snapshots, List.of(sample("foo"), sample("bar")));
    assertThat(StrictRepositoryReader.read(second.directory(), keys.resolve("fingerprints"))
            .packages())
        .hasSize(2);
  }

  private static byte[] archive(String member, byte[] bytes, Signer signer) throws Exception {
    return SignedArchive.of(member, bytes, Signing.fingerprints(List.of(signer)));
  }

  private void assertRefused(Path root, String name, byte[] bytes, String message)
      throws IOException {
    Path file = root.resolve(name);
    byte[] good = Files.readAllBytes(file);
    FileTime time = Files.getLastModifiedTime(file);
    Files.write(file, bytes);
    Files.setLastModifiedTime(file, time);
    assertThatThrownBy(() -> StrictRepositoryReader.read(root, keys.resolve("fingerprints")))
        .as(name)
        .isInstanceOf(AssertionError.class)
        .hasMessageContaining(message);
    Files.write(file, good);
    Files.setLastModifiedTime(file, time);
  }

  /** The trusted public key beside a signature that another key made. */
  private Signer forged(Signer stranger) {
    return new Signer() {
      @Override
      public Signature sign(byte[] bytes) throws IOException {
        return stranger.sign(bytes);
      }

      @Override
      public VerifyingKey key() {
        return signer.key();
      }
    };
  }

  private RepositoryWriter writer() {
    return new RepositoryWriter(Signing.fingerprints(List.of(signer)), SamplePackages.ABI);
  }

  private RepositoryEntry sample(String name) throws IOException {
    BuiltPackage built =
        SamplePackages.script(store, name, "1.0", "#!/bin/sh\necho " + name + "\n");
    return new RepositoryEntry(built, store.resolve(built.fileName()));
  }

  private static Map<String, Digest> sums(Path root) throws IOException {
    Map<String, Digest> sums = new TreeMap<>();
    try (Stream<Path> all = Files.walk(root)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        sums.put(root.relativize(file).toString(), Digest.of(file));
      }
    }
    return sums;
  }
}
