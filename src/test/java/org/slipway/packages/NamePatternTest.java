package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class NamePatternTest {
  /** The answers that pkg 2.8.99.1's {@code pkg version -T} gave. */
  @ParameterizedTest
  @CsvSource(
      delimiter = ' ',
      quoteCharacter = '`',
      value = {
        "libfoo-1.2_1 libfoo-* true",
        "libfoo-1.2_1 libfoo false",
        "libfoo-1.2_1 lib*-[0-9]* true",
        "libfoo-1.2_1 lib?oo-1.2_1 true",
        "libfoo-1.2_1 [[:alpha:]]*_[[:digit:]] true",
        "libfoo-1.2_1 [!l]* false",
        "foo]-1 foo[]x]-1 true",
        "a [a- false",
        "x-[1] x-[[]1] true",
        "x-[1] x-\\[1\\] true",
        "py311-x.y-3 *-*-* true",
        "py311-x.y-3 *-*-*-* false",
        "a * true",
        "a ** true",
        "a ?? false"
      })
  void fitsAsPkgDoes(String name, String pattern, boolean fits) {
    assertThat(new NamePattern(pattern).fits(name)).isEqualTo(fits);
  }

  @Test
  void takesNoLongerForManyStars() {
    assertThat(new NamePattern("*a".repeat(50) + "b").fits("a".repeat(5000))).isFalse();
  }
}
