package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class FileModeTest {
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0755 | 755",
        "4711 | 4711",
        "00644 | 644",
        "u=rwx,go=rx | 755",
        "=r | 444",
        "a=rw,o= | 660",
        "u=rwxs,g=xs,o=t | 7710",
        "ug=rw,u=r | 460",
      })
  void readsOctalAndSymbols(String text, String octal) {
    assertThat(FileMode.parse(text)).hasValue(Integer.parseInt(octal, 8));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "8", "10000", "u+x", "u-x", "x=r", "u=rwx;", "0755 ", "-1", "u=rwz"})
  void takesNothingElse(String text) {
    assertThat(FileMode.parse(text)).isEmpty();
  }

  @Test
  void writesAsPkgDoes() {
    assertThat(FileMode.octal(0755)).isEqualTo("0755");
    assertThat(FileMode.octal(04755)).isEqualTo("04755");
    assertThat(FileMode.octal(0)).isEqualTo("0000");
  }

  @Test
  void knowsFlagsByAllTheirNames() {
    assertThat(FileFlags.parse("simmutable, uimmutable").map(FileFlags::text))
        .contains("schg,uchg");
    assertThat(FileFlags.parse("uchg schg")).isEqualTo(FileFlags.parse("schg,uchg"));
    assertThat(FileFlags.parse("schg,bad")).isEqualTo(Optional.empty());
    assertThat(FileFlags.parse("")).contains(FileFlags.NONE);
  }
}
