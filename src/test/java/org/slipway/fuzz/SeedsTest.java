package org.slipway.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.slipway.packages.Abi;
import org.slipway.packages.MetadataReader;
import org.slipway.packages.PackageFile;
import org.slipway.packages.PackageLimits;
import org.slipway.packages.Plist;

/** A seed that its reader refuses at once would lead a fuzzer nowhere: each is taken whole. */
final class SeedsTest {
  @Test
  void holdsManifestsThatAreRead() throws Exception {
    for (Path seed : seeds("ManifestFuzzTestInputs/reads")) {
      MetadataReader.Metadata read = MetadataReader.read(
          Map.of("+MANIFEST", Files.readAllBytes(seed)), Abi.parse("FreeBSD:14:amd64"));
      assertThat(read.manifest().name()).as("%s", seed).hasToString("sample-1.0_1,1");
      assertThat(read.manifest().deps()).containsOnlyKeys("foo");
    }
  }

  @Test
  void holdsPlistsThatAreRead() throws Exception {
    for (Path seed : seeds("PlistFuzzTestInputs/reads")) {
      assertThat(Plist.parse(Files.readString(seed, StandardCharsets.UTF_8), "/usr/local")
              .items())
          .as("%s", seed)
          .hasSizeGreaterThan(4);
    }
  }

  @Test
  void holdsPackagesThatAreSound() throws Exception {
    for (Path seed : seeds("PackageFuzzTestInputs/reads")) {
      assertThat(PackageFile.verify(seed, PackageLimits.DEFAULT).findings())
          .as("%s", seed)
          .isEmpty();
    }
  }

  @Test
  void holdsACatalogueThatIsRead() throws Exception {
    for (Path seed : seeds("CatalogueFuzzTestInputs/reads")) {
      assertThat(CatalogueFuzzTest.read(Files.readAllBytes(seed)).packages()).hasSize(1);
    }
  }

  private static List<Path> seeds(String folder) throws Exception {
    Path path =
        Path.of(Objects.requireNonNull(SeedsTest.class.getResource(folder)).toURI());
    try (Stream<Path> files = Files.list(path)) {
      List<Path> seeds = files.toList();
      assertThat(seeds).isNotEmpty();
      return seeds;
    }
  }
}
