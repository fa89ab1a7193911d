package org.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Words that come in and figures that go out. */
final class WordsTest {
  @TempDir
  private Path temp;

  @Test
  void leavesOutAllThatPresetsSayOfCompilersAndNothingElse() throws Exception {
    Path kit = Files.createDirectory(temp.resolve("kit"));
    Files.writeString(kit.resolve("sys.mk"), "# start\n");
    Files.writeString(kit.resolve("presets.mk"), """
        OPSYS=\tFreeBSD
        _CCVERSION_${CC:hash}=\tclang
        _OBJC_ALTCCVERSION_${CC:hash}=
        _CXXINTERNAL_${CXX:hash}=\t"-lc++"
        .for _std in c89 \\
        \tc99
        CC_OUTPUT_${CC:hash}_${_std:hash}=
        .endfor
        CCACHE=\tno
        """);
    Path bare = BareKit.of(kit, temp.resolve("bare")).orElseThrow();
    assertThat(bare.resolve("presets.mk")).hasContent("OPSYS=\tFreeBSD\nCCACHE=\tno\n");
    assertThat(bare.resolve("sys.mk")).hasContent("# start\n");
    assertThat(BareKit.of(bare, temp.resolve("again"))).isEmpty();
    assertThat(temp.resolve("again")).doesNotExist();
  }

  @Test
  void takesPercentilesThatAreValues() {
    List<Double> hundred =
        IntStream.rangeClosed(1, 100).mapToObj(i -> (double) i).toList();
    assertThat(Spread.of(hundred)).isEqualTo(new Spread(100, 50, 95, 99, 100));
    assertThat(Spread.of(List.of(3.0, 1.0))).isEqualTo(new Spread(2, 1, 3, 3, 3));
    assertThat(Spread.of(List.of())).isEqualTo(new Spread(0, 0, 0, 0, 0));
    assertThat(Spread.median(List.of(1.0, 4.0, 2.0))).hasValue(2);
    assertThat(Spread.median(List.of(1.0, 4.0))).hasValue(2.5);
    assertThat(Spread.median(List.of())).isEmpty();
  }

  @Test
  void showsHostileValuesWithoutTheirControlCharactersAndCut() {
    Difference difference =
        new Difference("misc/a", "COMMENT", "\u001b[2Jx\n", "y".repeat(100_000));
    assertThat(difference.sentence())
        .startsWith("misc/a: COMMENT is \"?[2Jx?\", else \"yyy")
        .hasSizeLessThan(400);
  }

  @Test
  void saysHowItGetsOnInPlainLinesAndOnOneLivingLine() {
    assertThat(progress(false)).startsWith("ports  ").contains(" 3 in ").doesNotContain("\u001b");
    String living = progress(true);
    assertThat(living).contains("[....................] 0 of 1").contains(" 3 in ");
    for (String line : living.split("[\r\n]", -1)) {
      assertThat(line.replace("\u001b[K", "")).hasSizeLessThan(80);
    }
  }

  private static String progress(boolean living) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    Meanwhile meanwhile =
        new Meanwhile(new PrintStream(bytes, true, StandardCharsets.UTF_8), living);
    meanwhile.begins("ports", 1);
    meanwhile.more(2);
    meanwhile.step();
    meanwhile.step();
    meanwhile.step();
    meanwhile.ends();
    meanwhile.begins("a part with a name that is much too long " + "x".repeat(100), 3);
    meanwhile.step();
    meanwhile.ends();
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
