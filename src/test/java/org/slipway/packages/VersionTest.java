package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class VersionTest {
  /** Each pair's answer was also given by pkg 2.8.99.1's {@code pkg version -t}. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      value = {
        "1 < 2",
        "1.0 = 1",
        "1.0 < 1.0.1",
        "1.10 > 1.9",
        "2.0 < 10.0",
        "1.0_1 > 1.0",
        "1.0_2 < 1.0_10",
        "1.0,1 > 2.0",
        "1.0_3,1 < 0.9,2",
        "1.0a > 1.0",
        "1.0b > 1.0a",
        "1.0pl1 < 1.0alpha",
        "1.0alpha < 1.0beta",
        "1.0beta < 1.0pre",
        "1.0pre < 1.0rc",
        "1.0rc < 1.0",
        "1.0.rc1 < 1.0",
        "1.0rc1 < 1.0rc2",
        "1.0alpha3 = 1.0.a3",
        "1.a < 1",
        "1.d2 = 1.dev2",
        "1.D2 = 1.d2",
        "10a1b2 = 10a1.b2",
        "1..2 = 1.2",
        "1.* < 1.0",
        "2.* < 2pl1",
        "1+2 > 1",
        "1+2 < 1.1",
        "1.0+a < 1.0+b",
        "20260101 > 1.5",
        "99999999999999999999 = 99999999999999999998",
        "1.0snap > 1.0rc",
        "1.0.20.g5 > 1.0.20.f7",
        "0.0.0 = 0",
        "1.2p1 > 1.2",
        "1.2p1 < 1.2p2",
        "9.18.1 < 9.18.1_1",
        "3.11.9 < 3.12.0rc1"
      })
  void ordersAsPkgDoes(String left, String order, String right) {
    int expected = order.equals("<") ? -1 : order.equals(">") ? 1 : 0;
    assertThat(Integer.signum(new Version(left).compareTo(new Version(right)))).isEqualTo(expected);
    assertThat(Integer.signum(new Version(right).compareTo(new Version(left))))
        .isEqualTo(-expected);
  }

  @Test
  void refusesWhatIsNoVersion() {
    assertThatThrownBy(() -> new Version("1.0 beta"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("not a package version");
  }
}
