package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.build.Distinfo.Distfile;
import org.slipway.packages.Digest;

class DistinfoTest {
  private static final String SUM = "ab".repeat(32);

  @Test
  void readsTimestampSumsAndSizes() throws PhaseFailure {
    Distinfo distinfo =
        Distinfo.parse("TIMESTAMP = 1700000000\n# a word\nSHA256 (KDE/a-1.0_1.tar.xz) = " + SUM
            + "\nSIZE (KDE/a-1.0_1.tar.xz) = 123\n");
    assertThat(distinfo.timestamp()).contains(Instant.ofEpochSecond(1_700_000_000L));
    assertThat(distinfo.files().values())
        .containsExactly(new Distfile("KDE/a-1.0_1.tar.xz", new Digest(SUM), 123));
  }

  @Test
  void theWholeOfAFieldMustBeWhatItIs() {
    assertThatThrownBy(() -> Distinfo.parse("SHA256 (a) = " + SUM + "\n"))
        .hasMessage("distinfo has no SIZE of a; run make makesum");
    assertThatThrownBy(() -> Distinfo.parse("SHA256 (a) = 12\n"))
        .hasMessageStartingWith("distinfo's SHA256 of a is not 64");
    assertThatThrownBy(() -> Distinfo.parse("SIZE (a) = -1\n"))
        .hasMessage("distinfo's SIZE of a is no number: -1");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../a", "/etc/passwd", "a/../b", "a//b", ".new-x", "-rf", "a/.b", "a\\b", "", "a b"
      })
  void namesThatAreNoPlainPathsAreRefused(String name) {
    assertThatThrownBy(
            () -> Distinfo.parse("SHA256 (" + name + ") = " + SUM + "\nSIZE (" + name + ") = 1\n"))
        .isInstanceOf(PhaseFailure.class)
        .hasMessageContaining("which is no plain file name");
  }
}
