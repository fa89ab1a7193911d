package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class TurnedBranchesTest {
  @Test
  void asksWhatIsDefinedBeforeItComparesAndKeepsLaterLinesInTheirPlace() {
    assertThat(TurnedBranches.of("""
        .for X in ${ALL:tu}
        .if (${X:tl} == "a" ||${X:tl} == "b-c")

        .elif defined(USE_${X}) || defined(_LOAD_${X}_X)
        .if ${Y}
        BODY=${X}
        .else
        BODY=none
        .endif
        .endif
        .endfor

        after:
        """)).isEqualTo("""
        .for X in ${ALL:tu}
        .if defined(USE_${X}) || defined(_LOAD_${X}_X)

        .if !(${X:tl} == "a" ||${X:tl} == "b-c")
        .if ${Y}
        BODY=${X}
        .else
        BODY=none
        .endif
        .endif
        .endif
        .endfor
        after:
        """);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // In no loop.
        ".if ${X} == \"a\"\n.elif defined(B)\nC=1\n.endif\n\n",
        // Not the loop's variable: it may have no value.
        ".for Y in a\n.if ${X} == \"a\"\n.elif defined(B)\nC=1\n.endif\n.endfor\n\n",
        // The loop's variable is another one in there.
        ".for X Y in a b\n.if ${X} == \"a\"\n.elif defined(B)\nC=1\n.endif\n.endfor\n\n",
        // Something is done where it is equal.
        ".for X in a\n.if ${X} == \"a\"\nC=2\n.elif defined(B)\nC=1\n.endif\n.endfor\n\n",
        // Something else is done where neither holds.
        ".for X in a\n.if ${X} == \"a\"\n.elif defined(B)\nC=1\n.else\nC=2\n.endif\n.endfor\n\n",
        ".for X in a\n.if ${X} == \"a\"\n.elif defined(B)\nC=1\n.elif 1\nC=2\n.endif\n.endfor\n\n",
        // The second question may fail, or reads a file.
        ".for X in a\n.if ${X} == \"a\"\n.elif ${B} == \"1\"\nC=1\n.endif\n.endfor\n\n",
        ".for X in a\n.if ${X} == \"a\"\n.elif exists(/b)\nC=1\n.endif\n.endfor\n\n",
        ".for X in a\n.if ${X} == \"a\"\n.elif defined(B) && defined(D)\nC=1\n.endif\n.endfor\n\n",
        // The first one may.
        ".for X in a\n.if ${X:sh} == \"a\"\n.elif defined(B)\nC=1\n.endif\n.endfor\n\n",
        ".for X in a\n.if ${X} == \"${D}\"\n.elif defined(B)\nC=1\n.endif\n.endfor\n\n",
        // No line is free before the next statement.
        ".for X in a\n.if ${X} == \"a\"\n.elif defined(B)\nC=1\n.endif\nD=1\n.endfor\n\n",
        ".for X in a\n.if ${X} == \"a\"\n.elif defined(B)\nC=1\n.endif\n.endfor\n",
        // A line that goes on may hold anything.
        ".for X in a\n.if ${X} == \"a\"\n.elif defined(B)\nC=1\\\n.endif\n.endif\n.endfor\n\n",
        // A loop in the branch.
        """
        .for X in a
        .if ${X} == "a"
        .elif defined(B)
        .for Y in c
        .endfor
        .endif
        .endfor

        """,
      })
  void leavesEverythingElseAsItIs(String makefile) {
    assertThat(TurnedBranches.of(makefile)).isEqualTo(makefile);
  }
}
