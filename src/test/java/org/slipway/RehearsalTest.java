package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import com.github.luben.zstd.util.ZstdVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class RehearsalTest {
  @TempDir
  private Path folder;

  @Test
  void everyCommandThatItPlaysGoesToItsEnd() throws IOException {
    assertThat(Rehearsal.play(folder)).isEmpty();
  }

  @Test
  void keepsTheLibraryThatWouldBeUnpackedAtEveryStart() throws IOException {
    Rehearsal.keepLibrary(folder);

    List<Path> kept;
    try (Stream<Path> all = Files.list(folder)) {
      kept = all.toList();
    }
    String name = System.mapLibraryName("zstd-jni-" + ZstdVersion.VERSION);
    String system = System.getProperty("os.name").equals("FreeBSD") ? "freebsd" : "linux";
    String resource = "/" + system + "/" + System.getProperty("os.arch") + "/" + name;
    assertThat(kept).containsExactly(folder.resolve(name));
    try (InputStream in = ZstdVersion.class.getResourceAsStream(resource)) {
      assertThat(kept.get(0)).hasBinaryContent(Objects.requireNonNull(in).readAllBytes());
    }
  }
}
