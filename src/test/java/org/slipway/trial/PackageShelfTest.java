package org.slipway.trial;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.SamplePackages;
import org.slipway.plan.BuildKey;
import org.slipway.plan.KnownPackage;

final class PackageShelfTest {
  private static final OriginSpec SPEC = OriginSpec.parse("misc/foo@lite");
  private static final BuildKey KEY = new BuildKey(Map.of("spec", "misc/foo@lite"));

  @TempDir
  private Path folder;

  @Test
  void givesBackWhatWasKept() throws Exception {
    PackageShelf shelf = open(Instant.now());
    assertThat(shelf.find(KEY, SPEC)).isEmpty();
    KnownPackage known = keep(shelf);
    assertThat(open(Instant.now()).find(KEY, SPEC)).contains(known);
    assertThat(shelf.archive(known.built().sum())).isRegularFile();
    assertThat(shelf.find(new BuildKey(Map.of("spec", "misc/bar")), SPEC)).isEmpty();
    assertThat(names()).noneMatch(name -> name.startsWith("."));
  }

  @Test
  void takesNothingDamagedForThere() throws Exception {
    PackageShelf shelf = open(Instant.now());
    KnownPackage known = keep(shelf);
    Path archive = shelf.archive(known.built().sum());
    byte[] bytes = Files.readAllBytes(archive);
    bytes[10] ^= 1;
    Files.write(archive, bytes);
    assertThat(shelf.find(KEY, SPEC)).isEmpty();
    Files.delete(archive);
    assertThat(shelf.find(KEY, SPEC)).isEmpty();
    keep(shelf);
    Path record = folder.resolve("shelf").resolve(KEY.digest().hex() + ".json");
    for (String text : List.of("", "{", "[]", "{\"name\":\"..\"}")) {
      Files.writeString(record, text);
      assertThat(shelf.find(KEY, SPEC)).as(text).isEmpty();
    }
  }

  @Test
  void forgetsWhatNobodyUsedForAMonth() throws Exception {
    keep(open(Instant.now()));
    open(Instant.now().plus(Duration.ofDays(29)));
    assertThat(names()).hasSize(2);
    open(Instant.now().plus(Duration.ofDays(31)));
    assertThat(names()).isEmpty();
  }

  private PackageShelf open(Instant now) throws IOException {
    return PackageShelf.open(folder.resolve("shelf"), now);
  }

  private KnownPackage keep(PackageShelf shelf) throws Exception {
    Path made = Files.createTempDirectory(folder, "made");
    BuiltPackage built = SamplePackages.script(made, "foo", "1.0", "text");
    KnownPackage known = new KnownPackage(SPEC, KEY, built, Duration.ofMillis(1500));
    shelf.keep(known, made.resolve("foo-1.0.pkg"));
    return known;
  }

  private List<String> names() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve("shelf"))) {
      return files.map(file -> String.valueOf(file.getFileName())).toList();
    }
  }
}
