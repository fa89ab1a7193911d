package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.packages.Origin;

final class ReplyReaderTest {
  private static final String A = "0123456789abcdef";
  private static final String B = "fedcba9876543210";
  private static final Question ONE = question("one");
  private static final Question TWO = question("two");

  private final List<Question> answered = new ArrayList<>();
  private final List<ReplyReader.Settled> settled = new ArrayList<>();

  /** In pieces of any size, as a pipe gives them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 7, 64, 100_000})
  void readsAnswersAndRecordsInWhateverPiecesTheyCome(int piece) {
    ReplyReader reader = reader(false);
    String all = A + " begin\n" + reply(A, "one") + B + " begin\n" + reply(B, "zwei \u00e9\nlines")
        + A + " record\n" + "Caching . ...done\n" + "Searching for a b ... ...\n"
        + "   Looking for \"a\" ...\n" + "Searching for /c ...\n"
        + B + " record\n"
        + "Searching for d ...\n" + "\1/xports/misc/two\1first\n  second /xports/Mk\n\1\n";
    write(reader, all, piece);
    Map<Question, Reply> replies = reader.replies();
    assertThat(answered).containsExactly(ONE, TWO);
    assertThat(replies).containsOnlyKeys(ONE, TWO);
    Reply.Answers one = answers(replies, ONE);
    assertThat(one.value("PKGNAME")).isEqualTo("one");
    assertThat(one.trail().searched()).containsExactly("a b ...", "/c");
    Reply.Answers two = answers(replies, TWO);
    assertThat(two.value("PKGNAME")).isEqualTo("zwei \u00e9\nlines");
    assertThat(two.value("PKGBASE")).isEmpty();
    assertThat(two.trail().commands())
        .containsExactly(new Reply.Ran("/xports/misc/two", "first\n  second /xports/Mk\n"));
    assertThat(two.trail().whole()).isTrue();
  }

  @Test
  void handsOnAReplyAsSoonAsItsRecordIsWhole() {
    ReplyReader reader = reader(true);
    write(reader, A + " begin\n" + reply(A, "one") + B + " begin\n" + reply(B, "two"), 64);
    assertThat(settled).isEmpty();
    write(reader, A + " record\nSearching for a ...\n" + B + " record\n", 64);
    assertThat(settled).hasSize(1);
    assertThat(settled.get(0).question()).isEqualTo(ONE);
    assertThat(settled.get(0).reply().trail().searched()).containsExactly("a");
    write(reader, "Searching for b ...\n", 64);
    assertThat(reader.replies().values()).allMatch(Reply.Taken.class::isInstance);
    assertThat(settled).hasSize(2);
  }

  @Test
  void doesNotTakeAnotherLineForAMark() {
    ReplyReader reader = reader(false);
    String unknown = "0".repeat(QuestionFeed.MARK_CHARACTERS);
    write(
        reader,
        A + " begin\n" + A + " reply\n" + unknown + " end\n\2\n"
            + "\2\n".repeat(Variables.ALL.size() - 1) + A + " errors 0\n\n" + A + " end\n",
        64);
    Reply.Answers one = answers(reader.replies(), ONE);
    assertThat(one.value("PKGNAME")).isEqualTo(unknown + " end");
  }

  /** @param takes whether replies are taken as they come, so that the reader keeps none */
  private ReplyReader reader(boolean takes) {
    return new ReplyReader(
        Map.of(A, ONE, B, TWO),
        Variables.ALL.size(),
        Duration.ofSeconds(1),
        () -> {},
        answered::add,
        each -> {
          settled.add(each);
          return takes ? new ReplyReader.Settled(each.question(), new Reply.Taken()) : each;
        });
  }

  private static void write(ReplyReader reader, String text, int piece) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    for (int at = 0; at < bytes.length; at += piece) {
      reader.write(bytes, at, Math.min(piece, bytes.length - at));
    }
  }

  private static String reply(String mark, String name) {
    return mark + " reply\n"
        + Variables.ALL.stream()
            .map(variable -> (variable.equals("PKGNAME") ? name : "") + "\n\2\n")
            .collect(Collectors.joining())
        + mark + " errors 0\n\n" + mark + " end\n";
  }

  private static Reply.Answers answers(Map<Question, Reply> replies, Question question) {
    return (Reply.Answers) Objects.requireNonNull(replies.get(question));
  }

  private static Question question(String name) {
    return new Question(new Origin("misc", name), Optional.empty(), "/xports/misc/" + name);
  }
}
