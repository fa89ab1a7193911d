package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class WordsTest {
  @Test
  void writesSpansInTwoUnitsAtMost() {
    assertThat(Words.span(0.34)).isEqualTo("0.3 s");
    assertThat(Words.span(42)).isEqualTo("42 s");
    assertThat(Words.span(59.7)).isEqualTo("1 min 00 s");
    assertThat(Words.span(245)).isEqualTo("4 min 05 s");
    assertThat(Words.span(3 * 3600 + 4 * 60)).isEqualTo("3 h 04 min");
    assertThat(Words.span(50 * 3600)).isEqualTo("2 d 02 h");
  }

  @Test
  void writesSizesInUnitsOfAThousand() {
    assertThat(Words.bytes(999)).isEqualTo("999 B");
    assertThat(Words.bytes(1_000)).isEqualTo("1.0 kB");
    assertThat(Words.bytes(123_456)).isEqualTo("123 kB");
    assertThat(Words.bytes(999_999)).isEqualTo("1.0 MB");
    assertThat(Words.bytes(5_300_000_000L)).isEqualTo("5.3 GB");
  }

  @Test
  void showsAnAddressWithoutItsPassword() {
    assertThat(JobView.withoutPassword("https://user:secret@host/x.git"))
        .isEqualTo("https://host/x.git");
    assertThat(JobView.withoutPassword("https://host/a@b")).isEqualTo("https://host/a@b");
    assertThat(JobView.withoutPassword("/srv/git/ports.git")).isEqualTo("/srv/git/ports.git");
  }
}
