package org.slipway.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ByteRangeTest {
  @Test
  void readsTheThreeFormsOfOneRange() {
    assertThat(ByteRange.parse("bytes=5-", 10)).contains(new ByteRange(5, 5));
    assertThat(ByteRange.parse("bytes=0-3", 10)).contains(new ByteRange(0, 4));
    assertThat(ByteRange.parse("bytes=8-99", 10)).contains(new ByteRange(8, 2));
    assertThat(ByteRange.parse("bytes=-3", 10)).contains(new ByteRange(7, 3));
    assertThat(ByteRange.parse("bytes=-99", 10)).contains(new ByteRange(0, 10));
  }

  @Test
  void cannotSatisfyWhatLiesBeyondTheEnd() {
    assertThat(ByteRange.parse("bytes=10-", 10))
        .hasValueSatisfying(each -> assertThat(each.satisfiable()).isFalse());
    assertThat(ByteRange.parse("bytes=-0", 10))
        .hasValueSatisfying(each -> assertThat(each.satisfiable()).isFalse());
    assertThat(ByteRange.parse("bytes=0-", 0))
        .hasValueSatisfying(each -> assertThat(each.satisfiable()).isFalse());
  }

  @Test
  void takesWhatItCannotReadForNone() {
    for (String header : new String[] {
      "bytes=",
      "bytes=-",
      "bytes=a-b",
      "lines=1-2",
      "bytes=5-3",
      "bytes=1-2,4-5",
      "bytes=99999999999999999999-"
    }) {
      assertThat(ByteRange.parse(header, 10)).as(header).isEmpty();
    }
  }
}
