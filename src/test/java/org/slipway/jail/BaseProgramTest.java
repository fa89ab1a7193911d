package org.slipway.jail;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Programs that make a system: what they are told, what they say, and how they end. */
final class BaseProgramTest {
  @TempDir
  Path folder;

  @Test
  void aProgramIsToldItsWordsWithoutAShell() {
    BaseSource.Debian debian = new BaseSource.Debian(
        BaseSource.Debian.Tool.MMDEBSTRAP,
        "bookworm",
        Optional.of(URI.create("http://deb.example.org/debian")),
        List.of("make", "gcc", "make"));
    assertThat(BaseDebian.mmdebstrap(debian))
        .containsExactly(
            "mmdebstrap",
            "--variant=minbase",
            "--format=tar",
            "--include=gcc,make",
            "bookworm",
            "-",
            "http://deb.example.org/debian");
    BaseSource.Debian bare = new BaseSource.Debian(
        BaseSource.Debian.Tool.DEBOOTSTRAP, "sid", Optional.empty(), List.of());
    assertThat(BaseDebian.debootstrap(bare, Path.of("/x")))
        .containsExactly("debootstrap", "--variant=minbase", "sid", "/x");
  }

  @Test
  void whatItWritesIsReadAndItsEndIsWaitedFor() throws Exception {
    StringBuilder read = new StringBuilder();
    program("sh")
        .run(
            List.of("sh", "-c", "echo $SOURCE_DATE_EPOCH $TMPDIR; echo note >&2; exec >&-; exit 0"),
            output -> read.append(new String(output.readAllBytes(), StandardCharsets.UTF_8)));
    assertThat(read).hasToString("1 " + folder + "\n");
  }

  @Test
  void itsFailureIsToldInItsOwnLastWords() {
    assertThatThrownBy(() -> program("sh")
            .run(List.of("sh", "-c", "echo E: no such suite >&2; exit 3"), output -> {
              throw new BaseException("the archive is empty");
            }))
        .isInstanceOf(BaseException.class)
        .hasMessage("sh failed: E: no such suite; the archive is empty");
    assertThatThrownBy(() -> program("no-such-program-here").run(List.of("x"), output -> {}))
        .hasMessageContaining("no-such-program-here is not installed; on Debian, run: apt-get");
  }

  @Test
  void itEndsWhenNobodyReadsIt() {
    assertThatThrownBy(() -> program("yes").run(List.of("yes"), output -> {
          assertThat(output.read()).isEqualTo('y');
          throw new IOException("enough");
        }))
        .hasMessage("enough");
  }

  @Test
  void itEndsWithTheFarm() throws Exception {
    Process process =
        new ProcessBuilder("sh", "-c", BaseProgram.SUPERVISOR, "sh", "sleep", "1000").start();
    process.getOutputStream().close();
    assertThat(process.waitFor()).isEqualTo(143);
  }

  private BaseProgram program(String name) {
    return new BaseProgram(name, folder, BaseProgress.NONE);
  }
}
