package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.type.ByteArrayDataType;
import org.h2.mvstore.type.StringDataType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Jails;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.tree.Checkout;

/** Commits to a small fork, and which ports each makes the evaluator ask again. */
final class AnswerCacheTest {
  @TempDir
  private static Path shared;

  private static Jails jails;

  @TempDir
  private Path temp;

  private Bench bench;
  private Evaluator evaluator;
  private final List<String> asked = Collections.synchronizedList(new ArrayList<>());

  @BeforeAll
  static void openJails() throws IOException {
    jails = Jails.open(shared.resolve("jails"), true);
  }

  @AfterAll
  static void closeJails() throws IOException {
    jails.close();
  }

  @BeforeEach
  void start() throws IOException {
    bench = new Bench(temp, jails).framework();
    evaluator = evaluator();
    bench.port("devel/a").port("devel/b").port("www/c", "FLAVORS=\tone two");
  }

  @AfterEach
  void stop() {
    evaluator.close();
    bench.close();
  }

  @Test
  void asksOnlyThePortThatACommitTouches() throws Exception {
    assertThat(asked("devel/a", "devel/b", "www/c@all"))
        .containsExactlyInAnyOrder("devel/a", "devel/b", "www/c", "www/c@two");
    assertThat(asked("devel/a", "devel/b", "www/c@all")).isEmpty();
    bench.port("devel/b", "PORTREVISION=\t1");
    assertThat(asked("devel/a", "devel/b", "www/c@all")).containsExactly("devel/b");
    bench.port("www/c", "FLAVORS=\tone two three");
    assertThat(asked("devel/a", "devel/b", "www/c@all"))
        .containsExactlyInAnyOrder("www/c", "www/c@two", "www/c@three");
  }

  @Test
  void givesNewSourcesWithOldAnswers() throws Exception {
    bench.fork.file("devel/a/files/patch-w", "--- w\n");
    Evaluation before = evaluate("devel/a");
    bench.fork.file("devel/a/files/patch-x", "--- x\n");
    Evaluation after = evaluate("devel/a");
    assertThat(asked).containsExactly("devel/a");
    assertThat(port(after).sources()).isNotEqualTo(port(before).sources());
    assertThat(port(after).variables()).isEqualTo(port(before).variables());
  }

  @Test
  void asksAgainWhenAFileThatWasAbsentComes() throws Exception {
    bench
        .port("devel/a", ".if exists(${.CURDIR}/Makefile.more)", "COMMENT=\tmore", ".endif")
        .port("devel/b", ".-include \"Makefile.local\"")
        .port("www/c", ".sinclude \"${.CURDIR}/../../devel/b/Makefile.far\"");
    assertThat(asked("devel/a", "devel/b", "www/c")).hasSize(3);
    bench.fork.file("devel/a/Makefile.more", "");
    assertThat(asked("devel/a", "devel/b", "www/c")).containsExactly("devel/a");
    bench.fork.file("devel/b/Makefile.local", "COMMENT=\tlocal\n");
    assertThat(asked("devel/a", "devel/b", "www/c")).contains("devel/b").doesNotContain("devel/a");
    assertThat(port(evaluate("devel/b"), "devel/b").variable("COMMENT")).isEqualTo("local");
    bench.fork.without("devel/a/Makefile.more");
    assertThat(asked("devel/a")).as("what it came to before").isEmpty();
  }

  @Test
  void asksAgainWhenAFileOfTheFrameworkComesThatIsIncludedIfItIsThere() throws Exception {
    bench.fork.file(
        "Mk/Uses/silent.mk", ".sinclude \"${PORTSDIR}/devel/${PORTNAME}/version.mk\"\n");
    bench.port("devel/a", "USES=\tsilent").port("devel/b");
    assertThat(asked("devel/a", "devel/b")).hasSize(2);
    bench.fork.file("devel/a/version.mk", "COMMENT=\tfrom afar\n");
    assertThat(asked("devel/a", "devel/b")).containsExactly("devel/a");
    assertThat(port(evaluate("devel/a")).variable("COMMENT")).isEqualTo("from afar");
  }

  @Test
  void asksThoseThatReadAChangedFileOfTheFrameworkOrOfAnotherPort() throws Exception {
    bench.fork.file("Mk/Uses/mine.mk", "COMMENT=\tone\n").file("devel/b/version.mk", "V=\t1\n");
    bench
        .port("devel/a", "USES=\tmine")
        .port("www/c", ".include \"${.CURDIR}/../../devel/b/version.mk\"");
    assertThat(asked("devel/a", "devel/b", "www/c")).hasSize(3);
    bench.fork.file("Mk/Uses/mine.mk", "COMMENT=\ttwo\n");
    assertThat(asked("devel/a", "devel/b", "www/c")).containsExactly("devel/a");
    bench.fork.file("devel/b/version.mk", "V=\t2\n");
    assertThat(asked("devel/a", "devel/b", "www/c")).containsExactly("www/c");
    bench.fork.file(
        "Mk/bsd.port.mk", "# changed\n" + Files.readString(Bench.SAMPLE.resolve("Mk/bsd.port.mk")));
    assertThat(asked("devel/a", "devel/b", "www/c")).hasSize(3);
  }

  @Test
  void knowsWhatCommandsOfAMakefileRead() throws Exception {
    bench.fork.file("devel/b/list", "x\n").file("Tools/count", "y\n");
    bench
        .port("devel/a", "COMMENT!=\tcat ${.CURDIR}/../b/list")
        .port("devel/b", "COMMENT!=\twc -l <${PORTSDIR}/Tools/count")
        .port("www/c", "COMMENT!=\t${MAKE} -C ${.CURDIR}/../../devel/d -V PORTNAME")
        .port("devel/d");
    assertThat(asked("devel/a", "devel/b", "www/c")).contains("devel/a", "devel/b", "www/c");
    bench.fork.file("Tools/other", "z\n");
    assertThat(asked("devel/a", "devel/b", "www/c")).isEmpty();
    bench.fork.file("devel/b/list", "z\n");
    assertThat(asked("devel/a", "www/c")).containsExactly("devel/a");
    bench.fork.file("Tools/count", "y\ny\n");
    assertThat(asked("devel/a", "devel/b", "www/c")).containsExactly("devel/b");
    bench.port("devel/d", "PORTNAME=\tdelta");
    assertThat(asked("devel/a", "devel/b", "www/c")).containsExactly("www/c");
    assertThat(port(evaluate("www/c"), "www/c").variable("COMMENT")).isEqualTo("delta");
  }

  @Test
  void asksAtEachCommitWhoRunsAProgramOfTheTree() throws Exception {
    bench.fork.program("Tools/say", "#!/bin/sh\nhead -n 1 /xports/devel/b/pkg-descr\n");
    bench.port("devel/a", "COMMENT!=\t${PORTSDIR}/Tools/say");
    assertThat(asked("devel/a", "devel/b")).hasSize(2);
    bench.fork.file("www/README", "unrelated\n");
    assertThat(asked("devel/a", "devel/b")).containsExactly("devel/a");
  }

  @Test
  void keepsRefusalsUntilTheirMakefilesChange() throws Exception {
    bench.fork.file("Mk/Uses/bad.mk", ".if\n");
    bench.port("devel/a", "USES=\tbad");
    assertThat(asked("devel/a", "devel/b")).hasSize(2);
    bench.port("devel/b", "PORTREVISION=\t1");
    assertThat(asked("devel/a", "devel/b")).containsExactly("devel/b");
    bench.fork.file("Mk/Uses/bad.mk", "\n");
    assertThat(asked("devel/a", "devel/b")).containsExactly("devel/a");
    assertThat(port(evaluate("devel/a")).name()).hasToString("a-1.0");
  }

  @Test
  void asksOnlyThePortWhoseOptionsAJobChanges() throws Exception {
    bench.port("devel/a", "OPTIONS_DEFINE=\tX", "OPTIONS_DEFAULT=\tX").port("devel/b");
    evaluate("devel/a", "devel/b");
    asked.clear();
    EvaluationRequest changed = Bench.request(
        List.of("devel/a", "devel/b"), Map.of(Origin.parse("devel/a"), Map.of("X", false)), "");
    Evaluation evaluation = evaluate(changed);
    assertThat(asked).containsExactly("devel/a");
    assertThat(port(evaluation).options()).containsEntry("X", false);
    asked.clear();
    evaluate(Bench.request(List.of("devel/a", "devel/b"), Map.of(), "WITH_X=\tyes"));
    assertThat(asked).hasSize(2);
  }

  @Test
  void survivesARestart() throws Exception {
    Evaluation before = evaluate("devel/a", "devel/b", "www/c@all");
    evaluator.close();
    evaluator = evaluator();
    bench.port("devel/b", "PORTREVISION=\t3");
    asked.clear();
    Evaluation after = evaluate("devel/a", "devel/b", "www/c@all");
    assertThat(asked).containsExactly("devel/b");
    assertThat(port(after)).isEqualTo(port(before));
    assertThat(after.ports().get(OriginSpec.parse("www/c@two")))
        .isEqualTo(before.ports().get(OriginSpec.parse("www/c@two")));
  }

  @Test
  void dropsADamagedEntryAndKeepsTheRest() throws Exception {
    evaluate("devel/a", "devel/b", "www/c");
    evaluator.close();
    Path file = onlyFile();
    try (MVStore store = MVStore.open(file.toString())) {
      MVMap<String, byte[]> replies = store.openMap(
          "replies",
          new MVMap.Builder<String, byte[]>()
              .keyType(StringDataType.INSTANCE)
              .valueType(ByteArrayDataType.INSTANCE));
      String key = replies.keySet().stream()
          .filter(each -> each.startsWith("/xports/devel/b"))
          .findFirst()
          .orElseThrow();
      byte[] bytes = Objects.requireNonNull(replies.get(key)).clone();
      bytes[bytes.length / 2] ^= 0x10;
      replies.put(key, bytes);
    }
    evaluator = evaluator();
    assertThat(asked("devel/a", "devel/b", "www/c")).containsExactly("devel/b");
  }

  @Test
  void beginsAnewWithAFileThatIsNoneOfItsOwn() throws Exception {
    evaluate("devel/a");
    evaluator.close();
    Files.writeString(onlyFile(), "not a store at all ".repeat(1000));
    evaluator = evaluator();
    assertThat(asked("devel/a")).containsExactly("devel/a");
    assertThat(asked("devel/a")).isEmpty();
  }

  @Test
  void leavesAFileThatAnotherProcessHasAlone() throws Exception {
    evaluate("devel/a");
    Path file = onlyFile();
    evaluator.close();
    try (MVStore held = MVStore.open(file.toString())) {
      evaluator = evaluator();
      assertThat(asked("devel/a")).containsExactly("devel/a");
      assertThat(held.isClosed()).isFalse();
    }
  }

  @Test
  void neverKeepsMoreThanItMay() throws Exception {
    Path file = temp.resolve("few.mv");
    try (Checkout checkout = bench.checkout();
        Ledger ledger = Ledger.open(file, 2)) {
      EvaluationRequest request = Bench.request(List.of(), Map.of(), "");
      ledger.lookWith(new Sight(ledger.begin(Sources.of(checkout)), request, "x"));
      for (String name : List.of("a", "b", "c")) {
        Question question = question(name);
        Reply reply = new Reply.Refusal(name, Reply.Cause.MAKEFILES, Reply.Trail.NONE);
        ledger.keep(question, reply, Outcome.of(question, reply), List.of("c/xports/Makefile"));
      }
      ledger.end();
      ledger.lookWith(new Sight(ledger.begin(Sources.of(checkout)), request, "x"));
      assertThat(ledger.find(question("a"))).isEmpty();
      assertThat(ledger.find(question("b"))).isPresent();
      assertThat(ledger.find(question("c"))).isPresent();
      ledger.end();
    }
  }

  @Test
  void followsAFolderThatSomebodyEdits() throws Exception {
    Path folder = temp.resolve("plain");
    copy(Bench.SAMPLE, folder);
    EvaluationRequest request =
        Bench.request(List.of("devel/libmarl", "textproc/markbeck"), Map.of(), "");
    Evaluation before = evaluate(folder, request);
    assertThat(before.commit()).isEmpty();
    asked.clear();
    evaluate(folder, request);
    assertThat(asked).isEmpty();
    Path makefile = folder.resolve("textproc/markbeck/Makefile");
    Files.writeString(makefile, Files.readString(makefile).replace("PORTNAME", "# \nPORTNAME"));
    evaluate(folder, request);
    assertThat(asked).containsExactly("textproc/markbeck");
  }

  @Test
  void takesAnOverlaysPortBeforeTheTreesAndLetsItGoAgain() throws Exception {
    Path overlay = temp.resolve("overlay");
    Files.createDirectories(overlay.resolve("devel"));
    copy(copyOfPort("devel/a"), overlay.resolve("devel/a"));
    try (Checkout tree = bench.checkout();
        Checkout over = Checkout.ofFolder(overlay)) {
      Sources both = new Sources(tree, List.of(new Sources.Overlay("mine", over)));
      EvaluationRequest request = Bench.request(List.of("devel/a", "devel/b"), Map.of(), "");
      Evaluation with = evaluator.evaluate(both, request, Reach.NEEDED, watch());
      assertThat(port(with).variable("COMMENT")).isEqualTo("From the overlay");
      assertThat(port(with).folders()).containsExactly("overlays/mine/devel/a");
      Evaluation without = evaluator.evaluate(Sources.of(tree), request, Reach.NEEDED, watch());
      assertThat(port(without).variable("COMMENT")).isEqualTo("A port for tests");
    }
  }

  private Path copyOfPort(String origin) throws IOException {
    Path copy = Files.createDirectories(temp.resolve("copies").resolve(origin));
    Files.writeString(copy.resolve("Makefile"), """
        PORTNAME=	a
        PORTVERSION=	2.0
        CATEGORIES=	devel
        MAINTAINER=	ada@example.org
        COMMENT=	From the overlay
        DISTFILES=

        .include <bsd.port.mk>
        """);
    Files.writeString(copy.resolve("pkg-descr"), "A port.\n");
    return copy;
  }

  private Evaluator evaluator() {
    return new Evaluator(
        jails, bench.kits(), Optional.of(temp.resolve("answers")), 2, Duration.ofSeconds(60));
  }

  private Path onlyFile() throws IOException {
    try (Stream<Path> files = Files.list(temp.resolve("answers"))) {
      return files.filter(each -> each.toString().endsWith(".mv")).findFirst().orElseThrow();
    }
  }

  private Question question(String name) {
    return new Question(Origin.parse("devel/" + name), Optional.empty(), "/xports/devel/" + name);
  }

  /** What is asked of make at the fork's next commit. */
  private List<String> asked(String... words) throws IOException, InterruptedException {
    asked.clear();
    evaluate(words);
    return List.copyOf(asked);
  }

  private Evaluation evaluate(String... words) throws IOException, InterruptedException {
    return evaluate(Bench.request(List.of(words), Map.of(), ""));
  }

  private Evaluation evaluate(EvaluationRequest request) throws IOException, InterruptedException {
    try (Checkout checkout = bench.checkout()) {
      return evaluator.evaluate(Sources.of(checkout), request, Reach.NEEDED, watch());
    }
  }

  private Evaluation evaluate(Path folder, EvaluationRequest request)
      throws IOException, InterruptedException {
    try (Checkout checkout = Checkout.ofFolder(folder)) {
      return evaluator.evaluate(Sources.of(checkout), request, Reach.NEEDED, watch());
    }
  }

  private Watch watch() {
    return new Watch() {
      @Override
      public void wanted(int more, int known) {}

      @Override
      public void answered(String question) {
        asked.add(question);
      }
    };
  }

  private static Port port(Evaluation evaluation) {
    return port(evaluation, "devel/a");
  }

  private static Port port(Evaluation evaluation, String spec) {
    return Optional.ofNullable(evaluation.ports().get(OriginSpec.parse(spec))).orElseThrow();
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path copy = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(copy);
        } else {
          Files.copy(file, copy, StandardCopyOption.COPY_ATTRIBUTES);
        }
      }
    }
  }
}
