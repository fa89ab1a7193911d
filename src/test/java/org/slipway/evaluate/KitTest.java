package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Origin;

final class KitTest {
  private static final Path SOURCES = Path.of(
      System.getProperty("slipway.dir", "."), "src/main/resources/org/slipway/evaluate/kit");

  @TempDir
  private Path temp;

  @Test
  void laysOutEveryFileOfTheKitWithPresetsAndMakeConf() throws IOException {
    Path folder = new Kit(temp.resolve("kit")).folder(request(Map.of(), ""), List.of());
    try (Stream<Path> sources = Files.list(SOURCES)) {
      for (Path source : sources.toList()) {
        assertThat(folder.resolve(source.getFileName())).hasSameBinaryContentAs(source);
      }
    }
    assertThat(folder).isDirectoryContaining("glob:**/presets.mk");
    assertThat(folder).isDirectoryContaining("glob:**/make.conf");
    assertThat(mode(folder)).isEqualTo("rwxr-xr-x");
    assertThat(mode(folder.resolve("sys.mk"))).isEqualTo("rw-r--r--");
  }

  @Test
  void givesOneFolderForOneContentAndAnotherForAChange() throws IOException {
    Kit kit = new Kit(temp.resolve("kit"));
    Path plain = kit.folder(request(Map.of(), ""), List.of());
    assertThat(kit.folder(request(Map.of(), ""), List.of())).isEqualTo(plain);
    assertThat(kit.folder(request(Map.of(), "CFLAGS+=-g"), List.of())).isNotEqualTo(plain);
    assertThat(plain).exists();
  }

  @Test
  void mendsADamagedFolder() throws IOException {
    Kit kit = new Kit(temp.resolve("kit"));
    Path folder = kit.folder(request(Map.of(), ""), List.of());
    Files.writeString(folder.resolve("sys.mk"), "");
    Files.delete(folder.resolve("presets.mk"));
    assertThat(kit.folder(request(Map.of(), ""), List.of())).isEqualTo(folder);
    assertThat(folder.resolve("sys.mk")).isNotEmptyFile();
    assertThat(folder.resolve("presets.mk")).isNotEmptyFile();
  }

  private static EvaluationRequest request(
      Map<Origin, Map<String, Boolean>> options, String makeConf) {
    return Bench.request(List.of("all"), options, makeConf);
  }

  private static String mode(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
