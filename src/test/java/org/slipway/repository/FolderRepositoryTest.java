package org.slipway.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Abi;
import org.slipway.packages.Manifest;
import org.slipway.packages.Origin;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageName;
import org.slipway.packages.PackageWriter;
import org.slipway.packages.SamplePackages;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;

final class FolderRepositoryTest {
  private static final Terms TERMS = Terms.of(SamplePackages.ABI);
  private static final Instant NOON = Instant.parse("2030-01-01T12:00:00.500Z");

  @TempDir
  private Path home;

  private Path folder;
  private Path keys;
  private Signing signing = Signing.unsigned();

  @BeforeEach
  void makeFolder() throws IOException {
    folder = Files.createDirectories(home.resolve("folder"));
    keys = home.resolve("keys");
    signing = Signing.fingerprints(List.of(Signer.open(keys, "farm")));
  }

  @Test
  void makesARepositoryOfNestedFolders() throws Exception {
    sample("All", "foo");
    sample("deep/er", "bar");
    sample("Latest", "elsewhere");
    sample(".hidden", "hidden");
    FolderRepository.Created created = create(TERMS);
    assertThat(created.packages()).isEqualTo(2);
    assertThat(created.read()).isEqualTo(2);
    assertThat(created.abi()).isEqualTo(SamplePackages.ABI);
    assertThat(read().packages()).containsOnlyKeys("bar", "foo");
    Files.writeString(folder.resolve("All/README"), "no package");
    assertThat(create(TERMS).packages()).isEqualTo(2);
  }

  @Test
  void readsOnlyWhatIsNewOrChanged() throws Exception {
    sample("All", "foo");
    sample("All", "bar");
    create(TERMS);
    sample("All", "third");
    assertThat(create(TERMS).read()).isEqualTo(1);
    sample("All", "foo", "changed");
    Files.delete(folder.resolve("All/bar-1.0.pkg"));
    assertThat(create(TERMS).read()).isEqualTo(1);
    assertThat(read().packages()).containsOnlyKeys("foo", "third");
  }

  @Test
  void doesNotTrustTheLookOfAFileThatWasJustWritten() throws Exception {
    sample("All", "foo");
    Path file = folder.resolve("All/foo-1.0.pkg");
    Files.setLastModifiedTime(file, FileTime.from(NOON));
    create(TERMS);
    assertThat(create(TERMS).read()).isEqualTo(1);
  }

  @Test
  void readsAllAgainWhenItsOwnRecordIsDamaged() throws Exception {
    sample("All", "foo");
    create(TERMS);
    Files.writeString(folder.resolve(".slipway/lines"), "damaged");
    assertThat(create(TERMS).read()).isEqualTo(1);
    assertThat(read().packages()).containsOnlyKeys("foo");
  }

  @Test
  void movesItsTimeForwardThoughTheClockStandsStill() throws Exception {
    sample("All", "foo");
    Instant first = create(TERMS).stamp();
    Instant second = create(TERMS).stamp();
    assertThat(first).isEqualTo(Instant.parse("2030-01-01T12:00:00Z"));
    assertThat(second).isEqualTo(first.plusSeconds(1));
    for (String name : List.of("meta.conf", "data.pkg", "packagesite.pkg")) {
      assertThat(Files.getLastModifiedTime(folder.resolve(name)).toInstant()).isEqualTo(second);
    }
  }

  @Test
  void hashesNamesAndLeavesLinksWherePeopleLook() throws Exception {
    sample("All", "foo");
    create(TERMS.with(Layout.HASHED));
    assertThat(folder.resolve("All/foo-1.0.pkg")).isSymbolicLink().isRegularFile();
    assertThat(read().packages()).containsOnlyKeys("foo");
    FolderRepository.Created again = create(TERMS.with(Layout.HASHED));
    assertThat(again.read()).isZero();
    assertThat(again.packages()).isEqualTo(1);
    byte[] hashed = StrictRepositoryReader.member(folder.resolve("data.pkg"), "data");
    create(TERMS);
    assertThat(StrictRepositoryReader.member(folder.resolve("data.pkg"), "data"))
        .as("what was hashed stays so")
        .isEqualTo(hashed);
  }

  @Test
  void listsFilesAndKeepsTheirLists() throws Exception {
    sample("All", "foo");
    create(TERMS);
    assertThat(create(TERMS.withFiles(true)).read()).as("lists were not kept").isEqualTo(1);
    assertThat(create(TERMS.withFiles(true)).read()).isZero();
    assertThat(folder.resolve("files.pkg")).exists();
    assertThat(read().packages()).containsOnlyKeys("foo");
    create(TERMS);
    assertThat(folder.resolve("files.pkg")).as("it would be an old one").doesNotExist();
  }

  @Test
  void offersTheNewestPkgToMachinesThatHaveNone() throws Exception {
    SamplePackages.script(Files.createDirectories(folder.resolve("All")), "pkg", "1.9", "x");
    SamplePackages.script(folder.resolve("All"), "pkg", "1.10", "y");
    create(TERMS);
    assertThat(Files.readSymbolicLink(folder.resolve("Latest/pkg.pkg")))
        .isEqualTo(Path.of("../All/pkg-1.10.pkg"));
    assertThat(folder.resolve("Latest/pkg.pkg.sig")).exists();
  }

  @Test
  void namesThePackageOfAnotherSystemAndLeavesTheOldCatalogue() throws Exception {
    sample("All", "foo");
    create(TERMS);
    byte[] before = Files.readAllBytes(folder.resolve("data.pkg"));
    packaged("stray", Abi.parse("FreeBSD:14:amd64"), Map.of());
    assertThatThrownBy(() -> create(TERMS))
        .isInstanceOf(RepositoryException.class)
        .hasMessage("stray-1.0 is for FreeBSD:14:*, the repository for Linux:3.2:x86_64");
    assertThat(folder.resolve("data.pkg")).hasBinaryContent(before);
    assertThat(folder.resolve(".slipway/new")).doesNotExist();
  }

  @Test
  void findsOutWhichSystemMostPackagesAreFor() throws Exception {
    Path theirs = Path.of(
        Objects.requireNonNull(getClass().getResource("/pkg-repo/All/Hashed")).toURI());
    try (Stream<Path> files = Files.list(theirs)) {
      for (Path file : files.toList()) {
        Files.copy(file, folder.resolve(file.getFileName().toString()));
      }
    }
    packaged("any", Abi.parse("FreeBSD:14:amd64"), Map.of());
    Terms usual = new Terms(
        Optional.empty(), TERMS.osVersion(), TERMS.layout(), TERMS.closure(), TERMS.files());
    assertThat(create(usual).abi()).isEqualTo(Abi.parse("FreeBSD:14:amd64"));
    packaged("stray", SamplePackages.ABI, Map.of());
    assertThatThrownBy(() -> create(usual))
        .isInstanceOf(RepositoryException.class)
        .hasMessage("stray-1.0 is for Linux:3.2:*, the repository for FreeBSD:14:amd64");
  }

  @Test
  void refusesTheSamePackageTwiceAndNamesBothFiles() throws Exception {
    sample("All", "foo");
    sample("more", "foo");
    assertThatThrownBy(() -> create(TERMS))
        .isInstanceOf(RepositoryException.class)
        .hasMessage("two packages are called foo-1.0: All/foo-1.0.pkg and more/foo-1.0.pkg;"
            + " move one of them away");
  }

  @Test
  void refusesWhatIsMissingUnlessThatIsAllowed() throws Exception {
    packaged(
        "app",
        SamplePackages.ABI,
        Map.of("lib", new Manifest.Dependency(new Origin("misc", "lib"), "1.0")));
    assertThatThrownBy(() -> create(TERMS))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("missing: lib (for app-1.0)");
    assertThat(create(TERMS.with(Closure.MISSING_ALLOWED)).packages()).isEqualTo(1);
  }

  @Test
  void refusesFilesThatAreNoPackagesAndEmptyFolders() throws Exception {
    assertThatThrownBy(() -> create(TERMS))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("there is no package in");
    Files.writeString(folder.resolve("broken-1.0.pkg"), "nothing of the kind");
    assertThatThrownBy(() -> create(TERMS))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("broken-1.0.pkg");
  }

  @Test
  void passesOverLinksThatLeadOutOfTheFolder() throws Exception {
    sample("All", "foo");
    Path outside = Files.createDirectories(home.resolve("outside"));
    SamplePackages.script(outside, "bar", "1.0", "x");
    Files.createSymbolicLink(folder.resolve("All/bar-1.0.pkg"), outside.resolve("bar-1.0.pkg"));
    Files.createSymbolicLink(folder.resolve("linked"), outside);
    FolderRepository.Created created = create(TERMS);
    assertThat(created.packages()).isEqualTo(1);
    assertThat(created.links()).containsExactly("All/bar-1.0.pkg");
  }

  @Test
  void letsOnlyOneRunAtATimeWork() throws Exception {
    sample("All", "foo");
    create(TERMS);
    try (FileChannel channel =
            FileChannel.open(folder.resolve(".slipway/lock"), StandardOpenOption.WRITE);
        FileLock lock = channel.lock()) {
      assertThat(lock.isValid()).isTrue();
      assertThatThrownBy(() -> create(TERMS))
          .isInstanceOf(RepositoryException.class)
          .hasMessageContaining("is at work in");
    }
  }

  @Test
  void carriesGroupsAndExpiredPackages() throws Exception {
    sample("All", "foo");
    Path groups = Files.createDirectories(home.resolve("groups"));
    Files.writeString(
        groups.resolve("web.ucl"), "name: web\ncomment: \"Web\"\nrequires: [ foo ]\n");
    Files.writeString(groups.resolve("note.txt"), "no group");
    Path expired = Files.createDirectories(home.resolve("expired"));
    Files.writeString(expired.resolve("old.ucl"), "name: old\nreason: \"gone\"\n");
    CatalogueHead head = CatalogueHead.read(Optional.of(groups), Optional.of(expired));
    new FolderRepository(folder, signing, TERMS, head).create(FolderWatch.NOBODY);
    assertThat(new String(
            StrictRepositoryReader.member(folder.resolve("data.pkg"), "data"),
            java.nio.charset.StandardCharsets.UTF_8))
        .startsWith("{\"groups\":[{\"name\":\"web\",\"comment\":\"Web\",\"requires\":[\"foo\"],"
            + "\"depends\":[]}],"
            + "\"expired_packages\":[{\"name\":\"old\",\"reason\":\"gone\"}],\"packages\":[");
    Files.writeString(groups.resolve("bad.ucl"), "name: nothing\n");
    assertThatThrownBy(() -> CatalogueHead.read(Optional.of(groups), Optional.empty()))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("bad.ucl says no comment");
  }

  private FolderRepository.Created create(Terms terms) throws IOException {
    return new FolderRepository(
            folder, signing, terms, CatalogueHead.EMPTY, InstantSource.fixed(NOON))
        .create(FolderWatch.NOBODY);
  }

  private RepositoryContents read() throws IOException {
    return StrictRepositoryReader.read(folder, keys.resolve("fingerprints"));
  }

  private void sample(String where, String name) throws IOException {
    sample(where, name, "#!/bin/sh\necho " + name + "\n");
  }

  private void sample(String where, String name, String text) throws IOException {
    Path scratch = Files.createDirectories(home.resolve("scratch"));
    SamplePackages.script(scratch, name, "1.0", text);
    Path target = Files.createDirectories(folder.resolve(where)).resolve(name + "-1.0.pkg");
    Files.move(scratch.resolve(name + "-1.0.pkg"), target, StandardCopyOption.REPLACE_EXISTING);
    makeOld(target);
    try (Stream<Path> left = Files.list(scratch)) {
      assertThat(left.filter(file -> file.toString().endsWith(".pkg"))).isEmpty();
    }
  }

  private static void makeOld(Path file) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(NOON.minusSeconds(3600)));
  }

  private void packaged(String name, Abi abi, Map<String, Manifest.Dependency> needs)
      throws IOException {
    Path all = Files.createDirectories(folder.resolve("All"));
    PackageContent nothing = new PackageContent(List.of(), List.of(), List.of(), Map.of());
    Manifest manifest = Manifest.of(
            new PackageName(name, "1.0"), new Origin("misc", name), "Sample " + name, abi)
        .with(needs, Map.of());
    new PackageWriter().write(manifest, nothing, all.resolve(name + "-1.0.pkg"));
  }
}
