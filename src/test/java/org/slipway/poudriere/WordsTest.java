package org.slipway.poudriere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slipway.jail.HostPipe;

class WordsTest {
  /** All that a shell gives a meaning, and what is beside it. */
  private static final String HOSTILE = " '\"\\$`!*?[]{}()<>|&;#~=%^-+,.:@/aZ09_äλ😀";

  @Test
  void meansTheSameWordsToARealShell() throws Exception {
    Random random = new Random(20260105);
    List<String> words = new ArrayList<>(List.of(
        "",
        "$(touch /tmp/x)",
        "`id`",
        "it's",
        "'",
        "''",
        "!",
        "!!",
        "-rf",
        "~root",
        "a;b",
        "x=y",
        "=ls",
        "\\",
        "a\\",
        "*",
        "{a,b}"));
    for (int at = 0; at < 300; at++) {
      StringBuilder word = new StringBuilder();
      int[] characters = HOSTILE.codePoints().toArray();
      for (int left = random.nextInt(12); left > 0; left--) {
        word.appendCodePoint(characters[random.nextInt(characters.length)]);
      }
      words.add(word.toString());
    }
    String line = "printf '%s\\n' " + Words.line(words);

    assertThat(said(List.of("/bin/sh", "-c", line))).isEqualTo(String.join("\n", words) + "\n");
  }

  @Test
  void leavesPlainWordsAsTheyAre() {
    assertThat(Words.line(List.of("poudriere", "-e", "/usr/local/etc", "a b", "it's!")))
        .isEqualTo("poudriere -e /usr/local/etc 'a b' 'it'\\''s'\\!''");
  }

  @Test
  void refusesWhatNoShellCanQuote() {
    for (String word : List.of("a\nb", "a\0b", "a\rb", "\t", "\u007f", "\u001b[0m")) {
      assertThatThrownBy(() -> Words.quote(word)).isInstanceOf(IllegalArgumentException.class);
    }
  }

  private static String said(List<String> argv) throws Exception {
    StringBuilder said = new StringBuilder();
    try (HostPipe pipe = new HostPipe()) {
      HostPipe.End end = pipe.run(
          argv,
          Duration.ofMinutes(1),
          HostPipe.Input.NOTHING,
          from -> said.append(new String(from.readAllBytes(), StandardCharsets.UTF_8)));
      assertThat(end.status()).isZero();
    }
    return said.toString();
  }
}
