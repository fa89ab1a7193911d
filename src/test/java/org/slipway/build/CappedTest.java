package org.slipway.build;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import org.junit.jupiter.api.Test;

final class CappedTest {
  @Test
  void passesOnSoManyBytesAndTellsWhenThereIsNoRoomForMore() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (Capped capped = new Capped(out, 5)) {
      capped.write("abc".getBytes(US_ASCII));
      assertThat(capped.isFull()).isFalse();
      capped.write('d');
      capped.write("efgh".getBytes(US_ASCII), 0, 4);
      assertThat(capped.isFull()).isTrue();
      capped.write("i".getBytes(US_ASCII));
    }
    assertThat(out).hasToString("abcde");
  }
}
