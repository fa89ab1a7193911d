package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.slipway.packages.Flavor;
import org.slipway.packages.Origin;

final class QuestionFeedTest {
  private final SecureRandom random = new SecureRandom();

  @Test
  void givesEachQuestionToOneJailWhileItsLinesAreBegun() {
    QuestionFeed.Open open = new QuestionFeed.Open(questions(200), 2);
    List<QuestionFeed> feeds =
        List.of(new QuestionFeed(open, 1000, random), new QuestionFeed(open, 1000, random));
    assertThat(feeds).allSatisfy(feed -> assertThat(feed.given()).hasSizeLessThan(20));
    List<String> asked = new ArrayList<>();
    List<CompletableFuture<List<String>>> jails = feeds.stream()
        .map(feed -> CompletableFuture.supplyAsync(() -> ask(feed)))
        .toList();
    jails.forEach(jail -> asked.addAll(jail.join()));
    assertThat(asked)
        .containsExactlyInAnyOrderElementsOf(
            questions(200).stream().map(Question::folder).toList());
    assertThat(feeds)
        .allSatisfy(feed -> assertThat(feed.marks()).hasSize(feed.given().size()));
  }

  @Test
  void endsAtTheMostForOneJailAndLeavesTheRest() {
    QuestionFeed.Open open = new QuestionFeed.Open(questions(30), 1);
    QuestionFeed feed = new QuestionFeed(open, 10, random);
    assertThat(ask(feed)).hasSize(10);
    assertThat(ask(new QuestionFeed(open, 1000, random))).hasSize(20);
    assertThat(new QuestionFeed(open, 10, random).given()).isEmpty();
    open.giveBack(feed.given());
    assertThat(ask(new QuestionFeed(open, 1000, random))).hasSize(10);
  }

  @Test
  void endsForAJailThatHasEndedItself() {
    QuestionFeed.Open open = new QuestionFeed.Open(questions(100), 1);
    QuestionFeed feed = new QuestionFeed(open, 1000, random);
    byte[] buffer = new byte[65536];
    assertThat(feed.read(buffer, 0, buffer.length)).isPositive();
    CompletableFuture<Integer> next =
        CompletableFuture.supplyAsync(() -> feed.read(buffer, 0, buffer.length));
    feed.close();
    assertThat(next.join()).isNegative();
  }

  @Test
  void saysTheFlavor() {
    Question question = new Question(
        Origin.parse("devel/a"), Optional.of(new Flavor("b")), Evaluator.TREE + "/devel/a");
    QuestionFeed feed = new QuestionFeed(new QuestionFeed.Open(List.of(question), 1), 1, random);
    String mark = feed.marks().keySet().iterator().next();
    assertThat(line(feed)).isEqualTo(mark + " /xports/devel/a b");
  }

  /** As a jail does: line by line, each begun as it is read. */
  private static List<String> ask(QuestionFeed feed) {
    List<String> folders = new ArrayList<>();
    for (String line = line(feed); !line.isEmpty(); line = line(feed)) {
      feed.begin();
      folders.add(line.split(" ", -1)[1]);
    }
    return folders;
  }

  private static String line(QuestionFeed feed) {
    StringBuilder line = new StringBuilder();
    for (int each = feed.read(); each >= 0 && each != '\n'; each = feed.read()) {
      line.append((char) each);
    }
    return line.toString();
  }

  private static List<Question> questions(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> new Question(
            Origin.parse("devel/p" + i), Optional.empty(), Evaluator.TREE + "/devel/p" + i))
        .toList();
  }
}
