package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class MarkedOutputTest {
  private static final String MARK = "aab1";

  private final ByteArrayOutputStream passed = new ByteArrayOutputStream();
  private final List<String> said = new ArrayList<>();

  private void write(String text, int largestPiece) throws IOException {
    MarkedOutput output = new MarkedOutput(MARK, passed, word -> {
      said.add(word);
      passed.writeBytes("|".getBytes(StandardCharsets.US_ASCII));
    });
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(largestPiece);
    for (int at = 0; at < bytes.length; ) {
      int length = Math.min(bytes.length - at, 1 + random.nextInt(largestPiece));
      output.write(bytes, at, length);
      at += length;
    }
    output.finish();
  }

  @Test
  void takesTheDriversLinesOutHoweverTheOutputIsCut() throws IOException {
    String text = "one\ntwo\n\naab1 end 0\nthree without an end\naab1 times\n0m0s\n\naab1 end 1\n";
    for (int piece = 1; piece < 70; piece++) {
      passed.reset();
      said.clear();
      write(text, piece);
      assertThat(passed).hasToString("one\ntwo\n|three without an end|0m0s\n|");
      assertThat(said).containsExactly("end 0", "times", "end 1");
    }
  }

  @Test
  void passesOnWhatOnlyLooksLikeAMark() throws IOException {
    String text = "\n\n\naab\naab1x\naa\n\naab1\n aab1 end 0\naab2 \naab";
    for (int piece = 1; piece < 60; piece++) {
      passed.reset();
      write(text, piece);
      assertThat(passed).hasToString(text);
    }
    assertThat(said).isEmpty();
  }
}
