package org.slipway.repository;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Abi;
import org.slipway.packages.SamplePackages;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;

final class RepositoryReaderTest {
  @TempDir
  private Path home;

  @Test
  void listsWhatIsAskedForAndWhatSystemsTheRestIsFor() throws Exception {
    RepositoryReader reader = signed();
    RepositoryReader.Listing listing = reader.list(Set.of("foo", "nothing"));
    assertThat(listing.packages()).containsOnlyKeys("foo");
    assertThat(listing.abis()).containsEntry("Linux:3.2:*", 2);
    OfferedPackage foo = Objects.requireNonNull(listing.packages().get("foo"));
    assertThat(foo.label()).isEqualTo("foo-1.0");
    assertThat(foo.origin()).isEqualTo("misc/foo");
    assertThat(foo.options()).isEmpty();
    assertThat(foo.flavor()).isEmpty();
    assertThat(foo.isFor(Abi.parse("Linux:3.2:aarch64"))).isTrue();
    assertThat(foo.isFor(Abi.parse("FreeBSD:14:amd64"))).isFalse();
  }

  @Test
  void fetchesWhatTheCatalogueSays() throws Exception {
    RepositoryReader reader = signed();
    OfferedPackage foo = foo(reader);
    Path target = home.resolve("fetched.pkg");
    assertThat(reader.holds(foo, target)).isFalse();
    reader.fetch(foo, target);
    assertThat(target).hasSameBinaryContentAs(root().resolve("foo-1.0.pkg"));
    assertThat(reader.holds(foo, target)).isTrue();
    Files.write(target, new byte[(int) Files.size(target)]);
    assertThat(reader.holds(foo, target)).isFalse();
  }

  @Test
  void believesNothingThatAnotherKeyHasSigned() throws Exception {
    signed();
    Signer other = Signer.open(home.resolve("other"), "other");
    Trust trust = new Trust.Fingerprints(Set.of(other.fingerprint()), Set.of());
    assertThatThrownBy(
            () -> new RepositoryReader(RepositoryFiles.of(root()), trust).list(Set.of("foo")))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("is signed by none of the trusted keys; nothing is taken from it");
  }

  @Test
  void refusesAFileThatIsNotWhatWasSigned() throws Exception {
    RepositoryReader reader = signed();
    OfferedPackage foo = foo(reader);
    Path file = root().resolve("foo-1.0.pkg");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length / 2] ^= 1;
    Files.write(file, bytes);
    refused(reader, foo, "has another sum than its catalogue says");
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length - 1));
    refused(reader, foo, "has fewer bytes than its catalogue says");
    Files.write(file, java.util.Arrays.copyOf(bytes, bytes.length + 1));
    refused(reader, foo, "has more bytes than its catalogue says");
    Files.delete(file);
    refused(reader, foo, "is not there");
  }

  @Test
  void neverFollowsAPathOutOfTheRepository() throws Exception {
    RepositoryReader reader = signed();
    OfferedPackage foo = foo(reader);
    Files.copy(root().resolve("foo-1.0.pkg"), home.resolve("outside.pkg"));
    for (String path : List.of("../outside.pkg", "/etc/passwd", "a//b", "")) {
      refused(
          reader,
          new OfferedPackage(
              foo.name(),
              foo.version(),
              foo.origin(),
              foo.abi(),
              foo.flavor(),
              foo.dependencies(),
              foo.options(),
              path,
              foo.sum(),
              foo.sizeBytes()),
          "has no path that can be fetched");
    }
  }

  @Test
  void saysThatAFolderIsNoRepository() throws Exception {
    Path empty = Files.createDirectory(home.resolve("empty"));
    assertThatThrownBy(() ->
            new RepositoryReader(RepositoryFiles.of(empty), new Trust.Nobody()).list(Set.of()))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("is no repository");
    Files.writeString(empty.resolve("data.pkg"), "{}");
    assertThatThrownBy(() ->
            new RepositoryReader(RepositoryFiles.of(empty), new Trust.Nobody()).list(Set.of()))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining("nothing is taken from it");
  }

  private void refused(RepositoryReader reader, OfferedPackage offered, String how) {
    Path target = home.resolve("refused.pkg");
    assertThatThrownBy(() -> reader.fetch(offered, target))
        .isInstanceOf(RepositoryException.class)
        .hasMessageContaining(how);
    assertThat(target).doesNotExist();
  }

  private Path root() {
    return home.resolve("repository");
  }

  private static OfferedPackage foo(RepositoryReader reader) throws IOException {
    return Objects.requireNonNull(reader.list(Set.of("foo")).packages().get("foo"));
  }

  /** Two packages, signed with a key of the test's own. */
  private RepositoryReader signed() throws IOException {
    Files.createDirectories(root());
    Signer signer = Signer.open(home.resolve("keys"), "farm");
    SamplePackages.script(root(), "foo", "1.0", "one");
    SamplePackages.script(root(), "bar", "1.0", "two");
    new FolderRepository(
            root(),
            Signing.fingerprints(List.of(signer)),
            Terms.of(SamplePackages.ABI),
            CatalogueHead.EMPTY)
        .create(FolderWatch.NOBODY);
    return new RepositoryReader(
        RepositoryFiles.of(root()), new Trust.Fingerprints(Set.of(signer.fingerprint()), Set.of()));
  }
}
