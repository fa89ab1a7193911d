package org.slipway.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class LogLinesTest {
  private static List<String> lines(String text) throws IOException {
    return lines(text.getBytes(StandardCharsets.UTF_8));
  }

  private static List<String> lines(byte[] bytes) throws IOException {
    List<String> found = new ArrayList<>();
    try (LogLines lines = new LogLines(new ByteArrayInputStream(bytes))) {
      for (String line = lines.next(); line != null; line = lines.next()) {
        found.add(line);
      }
    }
    return found;
  }

  @Test
  void takesOutTerminalSequences() throws Exception {
    assertThat(
            lines("\033[1;31merror:\033[0m bad\n\033]0;title\007x\033]8;;http://x\033\\y\n\033(Bz"))
        .containsExactly("error: bad", "xy", "z");
  }

  @Test
  void letsNoUnfinishedSequenceSwallowTheRest() throws Exception {
    assertThat(lines("a\033]0;never ends\nb\n\033[31\nc")).containsExactly("a", "b", "", "c");
  }

  @Test
  void showsWhatATerminalWouldShowAfterCarriageReturns() throws Exception {
    assertThat(lines("10 %\r100 %\nplain\r\nx\by\n")).containsExactly("100 %", "plain", "y");
  }

  @Test
  void takesOutControlCharactersAndTurnsOfDirection() throws Exception {
    assertThat(lines("a\0b\u0007c\u202Ed\u009b31me\tf")).containsExactly("abcde\tf");
  }

  @Test
  void breaksEndlessLinesAndKeepsAll() throws Exception {
    List<String> found = lines("x".repeat(LogLines.LONGEST * 2 + 5));
    assertThat(found).hasSize(3);
    assertThat(String.join("", found)).hasSize(LogLines.LONGEST * 2 + 5);
    try (PlainLog text = new PlainLog(
        new LogLines(new ByteArrayInputStream(
            ("x".repeat(LogLines.LONGEST * 2) + "\nb").getBytes(StandardCharsets.UTF_8))),
        1,
        9,
        null)) {
      assertThat(new String(text.readAllBytes(), StandardCharsets.UTF_8))
          .isEqualTo("x".repeat(LogLines.LONGEST * 2) + "\nb\n");
    }
  }

  @Test
  void readsBytesThatAreNoText() throws Exception {
    assertThat(lines(new byte[] {'a', (byte) 0xff, 'b', '\n'})).containsExactly("a\uFFFDb");
    assertThat(lines("\uD83D\uDEA2 ship")).containsExactly("\uD83D\uDEA2 ship");
  }
}
