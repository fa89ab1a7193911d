package org.slipway.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.SamplePackages;
import org.slipway.sign.Signing;

/** What hashed snapshots have in common, and what becomes of it. */
final class PackagePoolTest {
  @TempDir
  Path home;

  private Path store;
  private Path snapshots;
  private Path hashed;

  @BeforeEach
  void makeHome() throws IOException {
    store = Files.createDirectory(home.resolve("packages"));
    snapshots = home.resolve("snapshots");
    hashed = snapshots.resolve(".pool/Hashed");
  }

  @Test
  void keepsAPackageOnceWhateverManySnapshotsHaveIt() throws Exception {
    RepositoryEntry foo = sample("foo", "one");
    write(foo);
    Object links = Files.getAttribute(foo.file(), "unix:nlink");
    Snapshot second = write(foo, sample("bar", "one"));
    assertThat(Files.getAttribute(foo.file(), "unix:nlink")).isEqualTo(links).isEqualTo(2);
    assertThat(Files.isSameFile(second.directory().resolve(path(foo)), foo.file()))
        .isTrue();
    assertThat(names()).hasSize(2);
  }

  @Test
  void collectsOnlyWhatNoSnapshotHas() throws Exception {
    RepositoryEntry foo = sample("foo", "one");
    RepositoryEntry old = sample("bar", "one");
    Snapshot first = write(foo, old);
    Snapshot second = write(foo, sample("bar", "two"));
    assertThat(SnapshotFiles.collect(snapshots)).isZero();
    Disk.deleteTree(first.directory());
    assertThat(SnapshotFiles.collect(snapshots)).isEqualTo(1);
    assertThat(first.directory().resolve(path(old))).doesNotExist();
    for (Snapshot.Listed each : second.packages()) {
      assertThat(Digest.of(second.directory().resolve(each.path()))).isEqualTo(each.sum());
    }
  }

  @Test
  void keepsWhatASnapshotThatIsBeingWrittenHas() throws Exception {
    RepositoryEntry foo = sample("foo", "one");
    Path unfinished = Files.createDirectories(snapshots.resolve(".new-1"));
    new PackagePool(snapshots).supply(unfinished, List.of(foo), snapshots);
    assertThat(SnapshotFiles.collect(snapshots)).isZero();
    assertThat(names()).hasSize(1);
    // Its writer was killed; the next start finds nobody at work.
    RepositoryWriter.sweep(snapshots);
    assertThat(unfinished).doesNotExist();
    assertThat(names()).isEmpty();
  }

  @Test
  void collectsNothingWhereAListIsDamaged() throws Exception {
    Snapshot first = write(sample("foo", "one"));
    Snapshot second = write(sample("bar", "one"));
    Files.writeString(second.directory().resolve(".packages"), "bar-1.0 0123");
    Disk.deleteTree(first.directory());
    assertThatThrownBy(() -> SnapshotFiles.collect(snapshots))
        .isInstanceOf(RepositoryException.class)
        .hasMessage(Objects.requireNonNull(second.directory().toRealPath().getParent())
                .resolve(second.id().hex())
            + "/.packages is damaged: it ends within a line");
    assertThat(names()).hasSize(2);
  }

  @Test
  void putsBackWhatSomebodyRemoved() throws Exception {
    RepositoryEntry foo = sample("foo", "one");
    write(foo);
    Files.delete(hashed.resolve(names().iterator().next()));
    Snapshot second = write(foo, sample("bar", "one"));
    assertThat(Digest.of(second.directory().resolve(path(foo))))
        .isEqualTo(foo.built().sum());
  }

  @Test
  void refusesOtherBytesUnderANameThatIsTaken() throws Exception {
    RepositoryEntry foo = sample("foo", "one");
    Files.createDirectories(hashed);
    Path taken = hashed.resolve(Path.of(path(foo)).getFileName());
    Files.writeString(taken, "made so that its sum begins alike");
    assertThatThrownBy(() -> write(foo))
        .isInstanceOf(RepositoryException.class)
        .hasMessage(taken + " has other bytes than foo-1.0, whose name and sum begin alike;"
            + " build that package again with another PORTREVISION");
    // The same bytes in another file are well: the store may have collected and made it again.
    Files.copy(foo.file(), Files.createDirectory(home.resolve("away")).resolve("foo.pkg"));
    Files.delete(taken);
    Files.copy(foo.file(), taken);
    assertThat(write(foo).packages()).hasSize(1);
  }

  @Test
  void goesOnFromSnapshotsWithPackagesOfTheirOwn() throws Exception {
    RepositoryEntry foo = sample("foo", "one");
    Snapshot pooled = write(foo);
    // As they were written before there was a pool.
    Path all = pooled.directory().resolve("All");
    Files.delete(all);
    Files.delete(pooled.directory().resolve(".packages"));
    Files.createDirectories(all.resolve("Hashed"));
    Files.createLink(pooled.directory().resolve(path(foo)), foo.file());
    Disk.deleteTree(snapshots.resolve(".pool"));
    assertThat(write(foo)).as("it is the same snapshot").isEqualTo(pooled);
    Snapshot next = write(foo, sample("bar", "one"));
    assertThat(Files.isSameFile(next.directory().resolve(path(foo)), foo.file()))
        .isTrue();
    assertThat(
            SnapshotFiles.using(pooled.directory(), Set.of(foo.built().sum(), Digest.of("none"))))
        .containsExactly(foo.built().sum());
    assertThat(SnapshotFiles.pooled(pooled.directory())).isEmpty();
    assertThat(SnapshotFiles.find(pooled.directory(), List.of(path(foo).split("/"))))
        .isPresent();
  }

  @Test
  void findsAPackageByEachOfItsAddressesAndNothingElse() throws Exception {
    RepositoryEntry[] entries = new RepositoryEntry[40];
    for (int i = 0; i < entries.length; i++) {
      entries[i] = sample("p" + i + "x".repeat(i), "one");
    }
    Snapshot snapshot = write(entries);
    sample("gone", "one");
    for (RepositoryEntry each : entries) {
      for (String path : List.of(path(each), "All/" + each.built().fileName())) {
        assertThat(found(snapshot, path).map(PackagePoolTest::digest))
            .as(path)
            .contains(each.built().sum());
      }
    }
    Files.createSymbolicLink(snapshots.resolve(".pool/out.pkg"), store);
    for (String path : List.of(
        "All/gone-1.0.pkg",
        "All/p.pkg",
        "All/.pkg",
        "All/zzz.pkg",
        "All/\n.pkg",
        "All/out.pkg",
        "All/" + "p".repeat(200) + ".pkg",
        "All/Hashed/p0-1.0.pkg",
        "p0-1.0.pkg")) {
      assertThat(found(snapshot, path)).as(path).isEmpty();
    }
    assertThat(SnapshotFiles.pooled(snapshot.directory()).orElseThrow()).hasSize(80);
    assertThat(SnapshotFiles.using(
            snapshot.directory(), Set.of(entries[3].built().sum(), Digest.of("none"))))
        .containsExactly(entries[3].built().sum());
  }

  private static Digest digest(Path file) {
    try {
      return Digest.of(file);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private static Optional<Path> found(Snapshot snapshot, String path) throws IOException {
    return SnapshotFiles.find(snapshot.directory(), List.of(path.split("/", -1)));
  }

  private Set<String> names() {
    return Set.of(Objects.requireNonNull(hashed.toFile().list()));
  }

  private static String path(RepositoryEntry entry) {
    return Layout.HASHED.path(entry.built().name(), entry.built().sum());
  }

  private Snapshot write(RepositoryEntry... entries) throws IOException {
    Terms terms = Terms.of(SamplePackages.ABI).with(Layout.HASHED);
    return new RepositoryWriter(Signing.unsigned(), terms).write(snapshots, List.of(entries));
  }

  private RepositoryEntry sample(String name, String words) throws IOException {
    BuiltPackage built = SamplePackages.script(store, name, "1.0", words);
    Path file = store.resolve(built.sum().hex() + ".pkg");
    Files.move(store.resolve(name + "-1.0.pkg"), file);
    return new RepositoryEntry(built, file);
  }
}
