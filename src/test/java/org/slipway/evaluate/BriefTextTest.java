package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class BriefTextTest {
  @Test
  void keepsEachLineInItsPlace() {
    assertThat(brief("""
        # A comment \\
        that goes on
        A=\tone \\
        \ttwo # three
        .if ${A} == one
        all: ${A}
        \t@echo ${A} \\
        \t  more

        # between
        \t# perhaps a command
        \t \t
        .  if defined(B)
        \techo b
        .  endif
        .endif
        next:
        """)).isEqualTo("""



        A=one  two
        .if ${A} == one
        all: ${A}
        \t:



        \t# perhaps a command

        .if defined(B)
        \t:
        .endif
        .endif
        next:
        """);
  }

  @Test
  void endsAsTheFileDoes() {
    assertThat(brief("a:\n\tb")).isEqualTo("a:\n\t:");
    assertThat(brief("a:\n\tb \\\\\n\tc\n")).isEqualTo("a:\n\t:\n\n");
    assertThat(brief("")).isEmpty();
    assertThat(brief("A=1\\\\\n# b\n")).isEqualTo("A=1\\\\\n\n");
    assertThat(brief("A=1 \\\n\tb")).isEqualTo("\nA=1  b");
    assertThat(brief("A= 1\\\n")).isEqualTo("A=1\\\n");
    assertThat(brief("A= 1\\")).isEqualTo("A=1\\");
    assertThat(brief("#")).isEmpty();
  }

  @Test
  void dropsWhatMakeSkips() {
    assertThat(brief("A ?=  b \t\n")).isEqualTo("A?=b\n");
    assertThat(brief("${A}_B:=\tb\n")).isEqualTo("${A}_B:=b\n");
    assertThat(brief("A!=\tb c # d\n")).isEqualTo("A!=b c\n");
    assertThat(brief(".\t  elifndef A\t# b\n")).isEqualTo(".elifndef A\n");
    assertThat(brief("  # a\n \r\n")).isEqualTo("\n\n");
  }

  @Test
  void leavesWhatMayMeanSomething() {
    for (String line : new String[] {
      "A=b\\ ",
      "A=${B:[#]}c",
      "A=b\\#c",
      "A.b=\tc",
      "${A:tu}=\tb",
      "a ::=\tb",
      ".  PHONY: a",
      " a: b",
      "\t# a \\\n\tb",
      "A=\u00a0\u00e9",
      "A=\tb\0 # c"
    }) {
      assertThat(brief(line + "\n")).isEqualTo(line + "\n");
    }
  }

  @Test
  void keepsLinesApartInALoop() {
    assertThat(brief("""
        .for a in b \\
        \tc
        A+=\t${a} \\
        \td \\
        # e
        .endfor
        A+=\t\\
        \tf
        """)).isEqualTo("""

        .for a in b  c
        A+=${a} \\
        d \\

        .endfor

        A+=f
        """);
  }

  private static String brief(String makefile) {
    return new String(
        BriefText.of(makefile.getBytes(StandardCharsets.UTF_8)), StandardCharsets.UTF_8);
  }
}
