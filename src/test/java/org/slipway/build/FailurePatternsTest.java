package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.StringReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class FailurePatternsTest {
  private static final int LINE = 16_384;

  /** Steps that an expression may take for each character of a line. */
  private static final long STEPS = 300;

  private static List<FailurePattern> read(String text) throws IOException {
    return FailurePatternReader.read("failures.txt", new BufferedReader(new StringReader(text)));
  }

  @Test
  void theShippedPatternsCoverEveryKindThatALogCanTell() {
    assertThat(FailurePatterns.shipped().all())
        .hasSizeGreaterThan(90)
        .flatExtracting(each -> each.failure().map(List::of).orElse(List.of()))
        .contains(
            FailureClass.FETCH,
            FailureClass.SANITY,
            FailureClass.DEPENDENCY,
            FailureClass.CHECKSUM,
            FailureClass.EXTRACT,
            FailureClass.PATCH,
            FailureClass.CONFIGURE,
            FailureClass.COMPILE,
            FailureClass.LINK,
            FailureClass.STAGE,
            FailureClass.PLIST,
            FailureClass.PACKAGE,
            FailureClass.MEMORY,
            FailureClass.DISK,
            FailureClass.PROCESS_LIMIT,
            FailureClass.FS_VIOLATION,
            FailureClass.LEFTOVER,
            FailureClass.CRASHED);
  }

  @Test
  void noExpressionTakesLongOnAHostileLine() {
    for (FailurePattern pattern : FailurePatterns.shipped().all()) {
      for (String line : hostile(pattern)) {
        Counted counted = new Counted(line);
        pattern.sentence(counted);
        assertThat(counted.steps)
            .as("%s on %.60s", pattern.name(), line)
            .isLessThan(STEPS * line.length());
      }
    }
  }

  /** Lines made of what the pattern itself looks for, over and over, and never all of it. */
  private static List<String> hostile(FailurePattern pattern) {
    List<String> parts = new ArrayList<>(pattern.texts());
    pattern.find().map(Pattern::pattern).ifPresent(find -> {
      String plain = find.replaceAll("\\\\.|\\[[^]]*]|\\{[^}]*}|[()^$|?*+.]", " ");
      for (String word : plain.split(" +", -1)) {
        if (word.length() > 2) {
          parts.add(word);
        }
      }
      parts.add(plain);
    });
    parts.addAll(List.of("a", " ", "x.go:1:", "\t", "1", "(", "'", ": "));
    List<String> lines = new ArrayList<>();
    for (String part : parts) {
      lines.add(part.repeat(LINE / part.length() + 1).substring(0, LINE));
      lines.add(pattern.texts().get(0) + part.repeat(LINE / part.length()));
    }
    return lines;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "compile a_b|line 1|a name, its own",
        "explosion a|line 1|is no kind of failure",
        "compile a;;  has \"ab\"|line 1|three or more characters",
        "compile a;;  has error|line 3|stands between",
        "compile a;;  when build|line 3|none of in, weight",
        "compile a;;  in bild|line 3|\"bild\" is no phase",
        "compile a;;  has \"error\";;  find (|line 5|not a regular expression",
        "compile a;;  has \"error\";;  find (a+)+b|line 5|repetition within a repetition",
        "compile a;;  has \"error\";;  find ([^x]*y)*|line 5|repetition within a repetition",
        "compile a;;  has \"error\";;  find .*a.*b|line 5|too many repetitions",
        "compile a;;  has \"error\";;  find (a)\\1|line 5|reference back",
        "compile a;;  has \"error\";;  says $1|line 1|a group that",
        "compile a;;  has \"error\";;  weight 0|line 1|from 1 to 99",
        "compile a;;  has \"error\";;compile a|line 5|a name, its own",
        "'  has \"error\"'|line 1|below a pattern",
      })
  void aWrongFileIsRefusedWithItsLine(String text, String line, String why) {
    assertThatThrownBy(() -> read(text.replace(";", "\n")))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageStartingWith("failures.txt, " + line + ": ")
        .hasMessageContaining(why);
  }

  @Test
  void findsAllTextsInOnePassAlsoWhereTheyOverlap() {
    LiteralScan scan = new LiteralScan(
        List.of(List.of("he"), List.of("she", "his"), List.of("hers"), List.of("ers")));
    List<String> seen = new ArrayList<>();
    int state = 0;
    byte[] text = "ushers".getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < text.length; at++) {
      state = scan.next(state, text[at]);
      for (int each : scan.found(state)) {
        seen.add(at + ":" + each);
      }
    }
    assertThat(seen).containsExactlyInAnyOrder("3:0", "3:1", "5:2", "5:3");
  }

  /** A line that counts how often a character of it is looked at. */
  private static final class Counted implements CharSequence {
    private final String text;
    private long steps;

    Counted(String text) {
      this.text = text;
    }

    @Override
    public char charAt(int index) {
      steps++;
      return text.charAt(index);
    }

    @Override
    public int length() {
      return text.length();
    }

    @Override
    public CharSequence subSequence(int start, int end) {
      return text.substring(start, end);
    }

    @Override
    public String toString() {
      return text;
    }
  }
}
