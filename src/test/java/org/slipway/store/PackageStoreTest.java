package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Digest;

final class PackageStoreTest {
  private static final Digest SUM = Digest.of("an archive");

  @TempDir
  Path folder;

  @Test
  void takesAnArchiveUnderItsDigestReadOnly() throws IOException {
    Path given = Files.writeString(folder.resolve("work.pkg"), "an archive");
    PackageStore store = open();
    assertThat(store.has(SUM)).isFalse();

    Path kept = store.take(given, SUM);

    assertThat(kept)
        .isEqualTo(packages().resolve(SUM.hex().substring(0, 2)).resolve(SUM.hex() + ".pkg"))
        .isEqualTo(store.path(SUM))
        .hasContent("an archive");
    assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
        .isEqualTo("r--r--r--");
    assertThat(given).doesNotExist();
    assertThat(store.has(SUM)).isTrue();
    assertThat(open().has(SUM)).isTrue();
  }

  @Test
  void removesAFileWhoseArchiveIsThereAlready() throws IOException {
    PackageStore store = open();
    store.take(Files.writeString(folder.resolve("a.pkg"), "an archive"), SUM);
    Path again = Files.writeString(folder.resolve("b.pkg"), "an archive");
    assertThat(store.take(again, SUM)).isEqualTo(store.path(SUM));
    assertThat(again).doesNotExist();
  }

  @Test
  void refusesAnArchiveWithAnotherDigestAndLeavesItWhereItIs() throws IOException {
    PackageStore store = open();
    Path other = Files.writeString(folder.resolve("a.pkg"), "another archive");
    assertThatThrownBy(() -> store.take(other, SUM))
        .isInstanceOf(IOException.class)
        .hasMessageContainingAll(other.toString(), SUM.hex(), "it is not taken");
    assertThat(other).exists();
    assertThat(store.has(SUM)).isFalse();

    // There already makes a wrong file no better.
    store.take(Files.writeString(folder.resolve("b.pkg"), "an archive"), SUM);
    assertThatThrownBy(() -> store.take(other, SUM)).isInstanceOf(IOException.class);
    assertThat(store.path(SUM)).hasContent("an archive");
  }

  @Test
  void refusesALinkAndAFolder() throws IOException {
    PackageStore store = open();
    Path file = Files.writeString(folder.resolve("a.pkg"), "an archive");
    Path link = Files.createSymbolicLink(folder.resolve("link.pkg"), file);
    for (Path each : List.of(link, folder)) {
      assertThatThrownBy(() -> store.take(each, SUM))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("is not an ordinary file");
    }
    assertThat(file).exists();
  }

  @Test
  void keepsOneWhereManyBringTheSameAtOnce() throws IOException {
    PackageStore store = open();
    List<Path> given = IntStream.range(0, 16)
        .mapToObj(i -> folder.resolve("work" + i + ".pkg"))
        .toList();
    for (Path each : given) {
      Files.writeString(each, "an archive");
    }
    List<Path> kept =
        given.parallelStream().map(each -> take(store, each)).distinct().toList();
    assertThat(kept).containsExactly(store.path(SUM));
    assertThat(given).noneMatch(Files::exists);
    assertThat(store.path(SUM)).hasContent("an archive");
  }

  @Test
  void copiesFromAnotherFileSystemWholeOrNotAtAll() throws IOException {
    PackageStore store = open();
    Path file = Files.writeString(folder.resolve("a.pkg"), "an archive");
    Files.createDirectories(packages().resolve(SUM.hex().substring(0, 2)));
    store.copy(file, SUM, store.path(SUM));
    assertThat(store.path(SUM)).hasContent("an archive");

    Digest wrong = Digest.of("something else");
    assertThatThrownBy(() -> store.copy(file, wrong, store.path(wrong)))
        .isInstanceOf(IOException.class);
    assertThat(store.has(wrong)).isFalse();
    assertThat(packages().resolve("arriving")).isEmptyDirectory();
  }

  /** Where /dev/shm is one: the same by the public way. */
  @Test
  void takesFromAnotherFileSystem() throws IOException {
    Path memory = Path.of("/dev/shm");
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(folder)));
    Path away = Files.createTempDirectory(memory, "slipway");
    Path given = Files.writeString(away.resolve("a.pkg"), "an archive");
    try {
      Path kept = open().take(given, SUM);
      assertThat(kept).hasContent("an archive");
      assertThat(given).doesNotExist();
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(kept)))
          .isEqualTo("r--r--r--");
    } finally {
      Files.deleteIfExists(given);
      Files.delete(away);
    }
  }

  @Test
  void sweepsWhatAKillLeftHalfArrived() throws IOException {
    PackageStore store = open();
    store.take(Files.writeString(folder.resolve("a.pkg"), "an archive"), SUM);
    Files.writeString(packages().resolve("arriving").resolve("half.pkg"), "an arch");
    open();
    try (Stream<Path> left = Files.list(packages().resolve("arriving"))) {
      assertThat(left).isEmpty();
    }
    assertThat(store.has(SUM)).isTrue();
  }

  private Path packages() {
    return folder.resolve("packages");
  }

  private PackageStore open() throws IOException {
    return new PackageStore(packages());
  }

  private static Path take(PackageStore store, Path file) {
    try {
      return store.take(file, SUM);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
