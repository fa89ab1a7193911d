package org.slipway.packages;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.List;
import org.junit.jupiter.api.Test;

final class UclTest {
  @Test
  void readsHeredocsInLists() throws Exception {
    assertThat(Ucl.parse("a: [ <<EOS\none, {\nEOS\n, 'two', <<EOS\nthree\nEOS\n]\n")
            .texts("a"))
        .containsExactly("one, {", "two", "three");
  }

  @Test
  void readsAValueOnTheLineBelowItsKey() throws Exception {
    Ucl.Section section = Ucl.parse("a:\n\tone two\nb: x\nc:\nd: y\n");
    assertThat(section.text("a")).contains("one two");
    assertThat(section.text("c")).contains("");
    assertThat(section.text("d")).contains("y");
  }

  @Test
  void readsWhatTheFrameworkWrites() throws Exception {
    Ucl.Section ucl = Ucl.parse("""
            name: "py311-foo"
            version: "1.10"
            origin: devel/py-foo
            comment: <<EOD
            Colons: and "quotes", # and all
            EOD
            www: https://example.org/a#b
            licenses: [ "MIT", BSD2CLAUSE, ]
            deps: { python311: {origin: lang/python311, version: 3.11.9_1},
              "py311-bar": {origin: "devel/py-bar", version: "2.0"}, }
            options: { DOCS: off, NLS: on }
            vital: true
            # a comment
            annotations { flavor: py311 } /* another */
            """);
    assertThat(ucl.text("version")).contains("1.10");
    assertThat(ucl.text("comment")).contains("Colons: and \"quotes\", # and all");
    assertThat(ucl.text("www")).contains("https://example.org/a#b");
    assertThat(ucl.texts("licenses")).containsExactly("MIT", "BSD2CLAUSE");
    assertThat(ucl.section("deps").section("python311").text("version")).contains("3.11.9_1");
    assertThat(ucl.section("deps").section("py311-bar").text("origin")).contains("devel/py-bar");
    assertThat(ucl.section("options").text("DOCS")).contains("off");
    assertThat(ucl.section("annotations").text("flavor")).contains("py311");
  }

  @Test
  void readsJson() throws Exception {
    Ucl.Section ucl =
        Ucl.parse("{\"a\":\"x\\n\\\"\\u00e9\",\"b\":[1,[2],{\"c\":true}],\"d\":{},\"e\":[]}\n");
    assertThat(ucl.text("a")).contains("x\n\"é");
    assertThat(ucl.texts("b")).containsExactly("1");
    assertThat(ucl.values().get("e")).isEqualTo(new Ucl.Sequence(java.util.List.of()));
    assertThat(ucl.section("d").values()).isEmpty();
  }

  @Test
  void keepsBothValuesOfAKeyThatComesTwice() throws Exception {
    assertThat(Ucl.parse("conflicts: a\nconflicts: b\n").texts("conflicts"))
        .containsExactly("a", "b");
  }

  @Test
  void readsHeredocsOfManyLinesAndOfNone() throws Exception {
    assertThat(Ucl.parse("a: <<END\none\n\ntwo\nEND\nb: x").text("a")).contains("one\n\ntwo");
    assertThat(Ucl.parse("a: <<END\nEND\nb: x").text("a")).contains("");
    assertThat(Ucl.parse("a: <<END\nEND\nb: x").text("b")).contains("x");
  }

  @Test
  void saysTheLineOfAFault() {
    assertThatThrownBy(() -> Ucl.parse("a: 1\nb: \"open\n"))
        .isInstanceOf(MetadataException.class)
        .hasMessageStartingWith("line 3: expected the closing");
    assertThatThrownBy(() -> Ucl.parse("a: {\nb: 1\n"))
        .isInstanceOf(MetadataException.class)
        .hasMessage("line 3: expected }");
    assertThatThrownBy(() -> Ucl.parse("a: [1\n")).hasMessage("line 2: expected ]");
    assertThatThrownBy(() -> Ucl.parse("a: <<EOD\nx\n")).hasMessageContaining("heredoc's end");
    assertThatThrownBy(() -> Ucl.parse("[1]")).hasMessageContaining("a key was expected");
  }

  @Test
  void takesNoMoreValuesThanAreAllowed() throws Exception {
    assertThat(Ucl.parse("a: [1,2]\nb {}", 4).values()).containsOnlyKeys("a", "b");
    for (String text : List.of("a: [1,2]\nb {}\nc", "a=1;a=2;a=3;a=4;a=5", "a [,,[],[],[],'',x]")) {
      assertThatThrownBy(() -> Ucl.parse(text, 4))
          .as(text)
          .isInstanceOf(MetadataException.class)
          .hasMessageContaining("expected at most 4 values");
    }
  }

  @Test
  void doesNotExhaustTheStackOnDeepNesting() {
    assertThatThrownBy(() -> Ucl.parse("a: " + "[".repeat(100_000)))
        .isInstanceOf(MetadataException.class)
        .hasMessageContaining("64 levels");
  }
}
