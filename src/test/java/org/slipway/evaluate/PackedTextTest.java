package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PackedTextTest {
  @Test
  void givesBackWhateverItWasGiven() {
    Random random = new Random(1);
    for (int round = 0; round < 300; round++) {
      PackedText texts = new PackedText(bytes(random, random.nextInt(200)));
      byte[] text = bytes(random, random.nextInt(round < 290 ? 300 : 100_000));
      assertThat(texts.unpack(texts.pack(text))).as("round %d", round).isEqualTo(text);
    }
  }

  /** Few different ones, so that much is found again. */
  private static byte[] bytes(Random random, int length) {
    byte[] bytes = new byte[length];
    int letters = 1 + random.nextInt(random.nextBoolean() ? 3 : 250);
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (random.nextInt(letters) - letters / 2);
    }
    return bytes;
  }

  @Test
  void writesTheSampleItselfInAFewBytes() {
    byte[] sample =
        text("WRKDIR=/wrkdirs/xports/www/a/work PREFIX=/usr/local LOCALBASE=/usr/local");
    PackedText texts = new PackedText(sample);
    assertThat(texts.pack(sample)).hasSizeLessThan(8);
    assertThat(texts.unpack(texts.pack(sample))).isEqualTo(sample);
  }

  @Test
  void writesOneByteManyTimesInAFewBytes() {
    byte[] same = new byte[1 << 20];
    Arrays.fill(same, (byte) 'x');
    PackedText texts = new PackedText(new byte[0]);
    assertThat(texts.pack(same)).hasSizeLessThan(16);
    assertThat(texts.unpack(texts.pack(same))).isEqualTo(same);
  }

  @Test
  void takesHardlyMoreRoomThanWhatCannotBePacked() {
    byte[] noise = new byte[10_000];
    new Random(2).nextBytes(noise);
    PackedText texts = new PackedText(text("a sample"));
    assertThat(texts.pack(noise)).hasSizeLessThan(noise.length + 100);
    assertThat(texts.unpack(texts.pack(noise))).isEqualTo(noise);
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
