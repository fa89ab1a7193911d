package org.slipway.publish;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.github.luben.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Digest;
import org.slipway.repository.Layout;
import org.slipway.repository.Snapshot;
import org.slipway.sign.Signing;
import org.slipway.store.PackageStore;

final class ExportTest {
  private static final ChannelName DEV = new ChannelName("dev");
  private static final Duration HOUR = Duration.ofHours(1);

  @TempDir
  Path folder;

  private Instant now = Instant.parse("2026-11-22T12:00:00Z");
  private SampleSnapshots snapshots;
  private Publisher publisher;
  private Path out;

  @BeforeEach
  void open() throws IOException {
    Path home = folder.resolve("home");
    snapshots = new SampleSnapshots(
        home, "job", new PackageStore(home.resolve("packages")), Signing.unsigned(), Layout.HASHED);
    publisher = new Publisher(snapshots.repository(), () -> now);
    out = folder.resolve("public/pkg");
  }

  @Test
  void laysAChannelOutAsPlainFiles() throws Exception {
    Snapshot snapshot = publish("foo 1.0 one", "bar 2.0 two");
    Export.Result result = export();
    assertThat(result.snapshot()).isEqualTo(snapshot.id());
    assertThat(result.written()).isEqualTo(offered(snapshot).size());
    assertThat(sums(out)).isEqualTo(offered(snapshot));
    for (Path each : files(out)) {
      assertThat(Files.isSymbolicLink(each)).as("%s", each).isFalse();
      if (each.resolveSibling("").equals(out)) {
        assertThat(Files.getLastModifiedTime(each)).isEqualTo(FileTime.from(now));
      }
    }
    Path foo = snapshot.directory().resolve(path(snapshot, "foo"));
    assertThat(Files.isSameFile(out.resolve(path(snapshot, "foo")), foo))
        .as("linked")
        .isTrue();
    assertThat(Files.isSameFile(out.resolve("data.pkg"), snapshot.directory().resolve("data.pkg")))
        .as("a link would take the snapshot's own date away")
        .isFalse();
  }

  @Test
  void writesNothingTwice() throws Exception {
    publish("foo 1.0 one", "bar 2.0 two");
    Export.Result first = export();
    Map<String, Object> before = inodes();
    Export.Result again = export();
    assertThat(again.written()).isZero();
    assertThat(again.same()).isEqualTo(first.written());
    assertThat(inodes()).isEqualTo(before);
    publish("foo 1.0 one", "bar 2.1 two");
    // The package under both of its names, and the catalogue.
    assertThat(export().written()).isEqualTo(2 + catalogue());
  }

  @Test
  void keepsOldPackagesForTheGraceAfterTheExportThatDroppedThem() throws Exception {
    Snapshot old = publish("foo 1.0 one", "bar 2.0 two");
    export();
    now = now.plus(Duration.ofDays(3));
    Snapshot fresh = publish("foo 1.0 one");
    assertThat(export().leaving()).isEqualTo(2);
    now = now.plus(Duration.ofMinutes(59));
    assertThat(export().removed()).isZero();
    assertThat(out.resolve(path(old, "bar"))).exists();
    now = now.plus(Duration.ofMinutes(1));
    Export.Result last = export();
    assertThat(last.removed()).isEqualTo(2);
    assertThat(last.leaving()).isZero();
    assertThat(sums(out)).isEqualTo(offered(fresh));
  }

  @Test
  void keepsAPackageThatCameBackInTime() throws Exception {
    Snapshot old = publish("foo 1.0 one", "bar 2.0 two");
    export();
    publish("foo 1.0 one");
    export();
    publisher.rollback(DEV, Optional.empty(), new Note("kim", ""));
    now = now.plus(HOUR);
    assertThat(export().removed()).isZero();
    assertThat(sums(out)).isEqualTo(offered(old));
    assertThat(Files.getLastModifiedTime(out.resolve("data.pkg")).toInstant())
        .isEqualTo(publisher.current(DEV).orElseThrow().at());
  }

  @Test
  void replacesTheCatalogueAfterThePackagesAreThere() throws Exception {
    publish("foo 1.0 one");
    export();
    Snapshot fresh = publish("foo 1.1 two", "bar 2.0 three");
    // The export comes as far as its last package, which cannot be put there.
    Path blocked = out.resolve(path(fresh, "foo"));
    Files.createDirectories(blocked.resolve("in the way"));
    Map<String, Digest> before = catalogueSums();
    assertThatThrownBy(this::export).isInstanceOf(IOException.class);
    assertThat(out.resolve(path(fresh, "bar"))).as("packages come first").exists();
    assertThat(catalogueSums()).as("the catalogue names only what is there").isEqualTo(before);
    Files.delete(blocked.resolve("in the way"));
    Files.delete(blocked);
    export();
    assertThat(catalogueSums()).isNotEqualTo(before);
    now = now.plus(HOUR);
    export();
    assertThat(sums(out)).isEqualTo(offered(fresh));
  }

  @Test
  void givesWholeRepositoriesWhileItIsRunAgain() throws Exception {
    publish("foo 1.0 one", "bar 2.0 two");
    export();
    AtomicBoolean done = new AtomicBoolean();
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try {
      Future<Integer> client = threads.submit(() -> {
        int catalogues = 0;
        while (!done.get()) {
          for (JsonNode each : catalogueOf(out)) {
            Path file = out.resolve(each.path("path").asText());
            assertThat(Digest.of(file).hex()).isEqualTo(each.path("sum").asText());
          }
          catalogues++;
        }
        return catalogues;
      });
      for (int i = 0; i < 25; i++) {
        publish("foo 1.0 build " + i, "bar 2." + i + " two");
        export();
      }
      done.set(true);
      assertThat(client.get()).isPositive();
    } finally {
      done.set(true);
      threads.shutdownNow();
    }
  }

  /** As a client reads it, in one go. */
  private static JsonNode catalogueOf(Path repository) throws IOException {
    byte[] archive = Files.readAllBytes(repository.resolve("data.pkg"));
    try (TarArchiveInputStream tar =
        new TarArchiveInputStream(new ZstdInputStream(new ByteArrayInputStream(archive)))) {
      while (!"data".equals(tar.getNextEntry().getName())) {
        // Its signature.
      }
      return new ObjectMapper().readTree(tar.readAllBytes()).path("packages");
    }
  }

  @Test
  void cleansUpAfterAKill() throws Exception {
    Snapshot snapshot = publish("foo 1.0 one");
    export();
    Files.writeString(out.resolve(".slipway/new-7"), "half");
    publish("bar 1.0 one");
    Snapshot last = publish("baz 1.0 one");
    export();
    assertThat(out.resolve(".slipway")).isDirectoryNotContaining("glob:**/new-*");
    now = now.plus(HOUR);
    export();
    assertThat(sums(out)).isEqualTo(offered(last));
    assertThat(out.resolve(path(snapshot, "foo"))).doesNotExist();
  }

  @Test
  void touchesNoFolderThatItDidNotMake() throws Exception {
    publish("foo 1.0 one");
    Files.createDirectories(out);
    Path own = Files.writeString(out.resolve("index.html"), "mine");
    assertThatThrownBy(this::export)
        .isInstanceOf(ChannelException.class)
        .hasMessage(out + " holds files that no export put there; choose an empty folder");
    assertThat(out.resolve("data.pkg")).doesNotExist();
    Files.delete(own);
    export();
    // What somebody adds later stays.
    Files.writeString(own, "mine");
    publish("bar 1.0 one");
    export();
    now = now.plus(HOUR);
    assertThat(export().removed()).isPositive();
    assertThat(own).hasContent("mine");
    ChannelName prod = new ChannelName("prod");
    publisher.promote(DEV, prod, new Note("kim", ""));
    assertThatThrownBy(() -> new Export(publisher, prod, () -> now, HOUR).to(out))
        .isInstanceOf(ChannelException.class)
        .hasMessage(out + " is an export of something else; choose another folder for job prod");
  }

  @Test
  void followsNoLinkAndNoPathOutOfTheFolder() throws Exception {
    publish("foo 1.0 one");
    export();
    Path secret = Files.writeString(folder.resolve("secret"), "secret");
    Path list = out.resolve(".slipway/files");
    for (String bad : List.of("../../secret", "/etc/passwd", "All/../../secret", ".slipway/lock")) {
      String good = Files.readString(list);
      Files.writeString(list, good + "0\t" + bad + "\n");
      assertThatThrownBy(this::export)
          .isInstanceOf(ChannelException.class)
          .hasMessageContaining("is damaged at:");
      Files.writeString(list, good);
    }
    Path elsewhere = Files.createDirectory(folder.resolve("elsewhere"));
    Files.move(out.resolve("All"), folder.resolve("All"));
    Files.createSymbolicLink(out.resolve("All"), elsewhere);
    assertThatThrownBy(this::export).isInstanceOf(IOException.class);
    assertThat(elsewhere).isEmptyDirectory();
    assertThat(secret).exists();
  }

  @Test
  void copiesWhereItCannotLink() throws Exception {
    Path memory = Path.of("/dev/shm");
    assumeTrue(
        Files.isWritable(memory) && !Files.getFileStore(memory).equals(Files.getFileStore(folder)));
    Path away = Files.createTempDirectory(memory, "slipway");
    out = away.resolve("pkg");
    try {
      Snapshot snapshot = publish("foo 1.0 one");
      assertThat(export().copiedBytes()).isPositive();
      assertThat(sums(out)).isEqualTo(offered(snapshot));
      assertThat(export().written()).as("a copy is known again").isZero();
    } finally {
      try (Stream<Path> all = Files.walk(away)) {
        for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(each);
        }
      }
    }
  }

  @Test
  void exportsNothingWhereNothingWasPublished() {
    assertThatThrownBy(this::export)
        .isInstanceOf(ChannelException.class)
        .hasMessage("channel dev cannot be exported: nothing has been published to it");
    assertThat(out).doesNotExist();
  }

  private Snapshot publish(String... packages) throws IOException {
    Snapshot snapshot = snapshots.write(packages);
    publisher.switchTo(DEV, snapshot.id());
    now = publisher.current(DEV).orElseThrow().at();
    return snapshot;
  }

  private Export.Result export() throws IOException {
    return new Export(publisher, DEV, () -> now, HOUR).to(out);
  }

  private static String path(Snapshot snapshot, String name) {
    return snapshot.packages().stream()
        .filter(each -> each.name().base().equals(name))
        .findFirst()
        .orElseThrow()
        .path();
  }

  private int catalogue() throws IOException {
    return catalogueSums().size();
  }

  private Map<String, Digest> catalogueSums() throws IOException {
    Map<String, Digest> sums = sums(out);
    sums.keySet().removeIf(path -> path.indexOf('/') >= 0);
    return sums;
  }

  private Map<String, Object> inodes() throws IOException {
    Map<String, Object> inodes = new TreeMap<>();
    for (Path each : files(out)) {
      inodes.put(out.relativize(each).toString(), Files.getAttribute(each, "unix:ino"));
    }
    return inodes;
  }

  /** What a client of the channel gets: the catalogue, and each package at both of its addresses. */
  private static Map<String, Digest> offered(Snapshot snapshot) throws IOException {
    Map<String, Digest> sums = sums(snapshot.directory());
    for (Snapshot.Listed each : snapshot.packages()) {
      sums.put(each.path(), each.sum());
      sums.put("All/" + each.name() + ".pkg", each.sum());
    }
    return sums;
  }

  /** By path, hidden files aside, as a client would get them. */
  private static Map<String, Digest> sums(Path root) throws IOException {
    Map<String, Digest> sums = new TreeMap<>();
    for (Path each : files(root)) {
      sums.put(root.relativize(each).toString(), Digest.of(each));
    }
    return sums;
  }

  private static List<Path> files(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      return all.filter(Files::isRegularFile)
          .filter(each -> ExportList.plain(root.relativize(each).toString()))
          .toList();
    }
  }
}
