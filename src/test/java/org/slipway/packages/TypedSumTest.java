package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class TypedSumTest {
  @TempDir
  private Path folder;

  /** Of the letter x: what pkg 2.8.99.1 wrote, and for BLAKE2s and SHA-256 OpenSSL. */
  @Test
  void writesWhatOthersWrite() {
    assertThat(TypedSum.Kind.BLAKE2B_BASE32.of("x"))
        .hasToString("2$jenqd7p4tnrwh78fjeamaupf95jo1ez6jauwemztxdmfg47z9e1e3nniqaejgy5josbrpkgmk"
            + "8xqmddyetd61bnh1tw1jdy9kha5yfy");
    assertThat(TypedSum.Kind.BLAKE2S_BASE32.of("x"))
        .hasToString("5$c8caady3ityphtf7ntbagnj1537ztyuy98qj1hp9gyzfnet85rdy");
    assertThat(TypedSum.Kind.SHA256_HEX.of("x"))
        .hasToString("1$2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881");
  }

  @Test
  void takesFiveBitsAtATimeFromTheLowestOn() {
    // 0x2d is 00101101: its low five bits, 01101, are 13, the letter p.
    assertThat(TypedSum.Kind.SHA256_BASE32.of("x").value()).hasSize(52).startsWith("p");
  }

  @ParameterizedTest
  @CsvSource({"SHA256_BASE32,0", "SHA256_HEX,1", "BLAKE2B_BASE32,2", "BLAKE2S_BASE32,5"})
  void readsEachKindBackAndTellsOtherBytes(TypedSum.Kind kind, String number) throws Exception {
    TypedSum sum = kind.of("some bytes");
    assertThat(sum.toString()).startsWith(number + "$");
    assertThat(TypedSum.parse(sum.toString())).contains(sum);
    Path file = Files.writeString(folder.resolve(number), "some bytes");
    assertThat(sum.fits(file)).isTrue();
    Files.writeString(file, "some bytez");
    assertThat(sum.fits(file)).isFalse();
  }

  @Test
  void takesABareSha256() {
    String hex = "2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881";
    assertThat(TypedSum.parse(hex)).contains(TypedSum.Kind.SHA256_HEX.of("x"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "-",
        "$",
        "1$",
        "1$2D711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        "9$2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        "01$2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        "2$2d711642b726b04401627ca9fbac32f5c8530fb1903cc4db02258717921a4881",
        "3$xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"
      })
  void doesNotTakeWhatCannotBeCompared(String text) {
    assertThat(TypedSum.parse(text)).isEmpty();
  }

  @Test
  void cannotBeMadeOfAnotherKindsValue() {
    assertThatThrownBy(() -> new TypedSum(TypedSum.Kind.BLAKE2S_BASE32, "2d71"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("no BLAKE2s-256 in pkg's writing");
  }
}
