package org.slipway.poudriere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.slipway.build.Phase;

/**
 * Files in the layout of poudriere's json.awk: every value a text but the counts of what is
 * skipped.
 */
class ProgressReaderTest {
  private static final String WHOLE = """
      {"buildname":"slipway-7-x","builders":"01 02","git_hash":"0a1b",
      "jailname":"14amd64","mastername":"14amd64-fork",
      "ports":{
      "built":[{"origin":"devel/mktable","pkgname":"mktable-1.3","elapsed":"93"},
               {"origin":"lang/oxbow","flavor":"v2","pkgname":"oxbow2-2.0,1","elapsed":"7"}],
      "failed":[{"origin":"devel/libgrike","pkgname":"libgrike-0.3_4","phase":"build",
                 "errortype":"clang","elapsed":"12"}],
      "ignored":[{"origin":"net/oldfeed","pkgname":"oldfeed-1","reason":"is marked as broken: \\"no\\""}],
      "inspected":[{"origin":"misc/fell","pkgname":"fell-1","reason":"no rebuild needed"}],
      "fetched":[{"origin":"misc/fells","pkgname":"fells-1"}],
      "queued":[{"origin":"devel/mktable","pkgname":"mktable-1.3","reason":"listed"}],
      "remaining":[{"pkgname":"corrie-1","status":"build"}],
      "skipped":[{"origin":"net/drumlin","pkgname":"drumlin-1","depends":"libgrike-0.3_4"}],
      "tobuild":[{"origin":"devel/mktable","pkgname":"mktable-1.3"}]},
      "ptname":"fork","setname":"","snap":{"elapsed":"60","loadavg":"(50%) 1 1 1","now":"5000","swapinfo":""},
      "started":"1764000000","stats":{"built":"2","queued":"9"},"status":"parallel_build:",
      "jobs":[{"id":"01","status":"idle"},
              {"id":"02","status":"configure","origin":"sysutils/corrie","pkgname":"corrie-1",
               "started":"4000","elapsed":"4950"},
              {"id":"03","status":"starting","origin":"misc/a","pkgname":"a-1","started":"6000","elapsed":"4"}],
      "skipped":{"libgrike-0.3_4":1}}
      """;

  @Test
  void readsWhatPoudriereSays() throws IOException {
    Progress progress = read(WHOLE);

    assertThat(progress.whole()).isTrue();
    assertThat(progress.status()).isEqualTo("parallel_build:");
    assertThat(progress.ended()).isFalse();
    assertThat(progress.done()).isFalse();
    assertThat(progress.refused()).isZero();
    assertThat(progress.settled())
        .extracting(
            Settled::kind, each -> each.spec().toString(), each -> each.name().toString())
        .containsExactly(
            tuple(Settled.Kind.BUILT, "devel/mktable", "mktable-1.3"),
            tuple(Settled.Kind.BUILT, "lang/oxbow@v2", "oxbow2-2.0,1"),
            tuple(Settled.Kind.FAILED, "devel/libgrike", "libgrike-0.3_4"),
            tuple(Settled.Kind.IGNORED, "net/oldfeed", "oldfeed-1"),
            tuple(Settled.Kind.INSPECTED, "misc/fell", "fell-1"),
            tuple(Settled.Kind.FETCHED, "misc/fells", "fells-1"),
            tuple(Settled.Kind.SKIPPED, "net/drumlin", "drumlin-1"),
            tuple(Settled.Kind.QUEUED, "devel/mktable", "mktable-1.3"));
    assertThat(progress.settled().get(0).took()).hasValue(Duration.ofSeconds(93));
    assertThat(progress.settled().get(2))
        .extracting(Settled::phase, Settled::why)
        .containsExactly("build", "clang");
    assertThat(progress.settled().get(3).why()).isEqualTo("is marked as broken: \"no\"");
    assertThat(progress.settled().get(6).why()).isEqualTo("libgrike-0.3_4");
    assertThat(progress.running())
        .extracting(
            Progress.Running::builder,
            each -> each.name().toString(),
            Progress.Running::phase,
            Progress.Running::since)
        .containsExactly(
            tuple(
                2, "corrie-1", Optional.of(Phase.CONFIGURE), Optional.of(Duration.ofSeconds(1000))),
            tuple(3, "a-1", Optional.empty(), Optional.empty()));
  }

  @Test
  void tellsHowABulkEnded() throws IOException {
    assertThat(read("{\"ended\":\"1764000100\",\"status\":\"done:\"}"))
        .extracting(Progress::ended, Progress::done)
        .containsExactly(true, true);
    for (String status : List.of("stopped:crashed:x", "crashed:err:no", "SIGINT:", "sigint:", "")) {
      assertThat(read("{\"status\":\"" + status + "\"}").done()).as(status).isFalse();
    }
  }

  /** Wherever it is cut, what is told is a beginning of the truth, and never a fault. */
  @Test
  void believesAFileThatIsCutShortAsFarAsItGoes() throws IOException {
    List<Settled> all = read(WHOLE).settled();
    int most = 0;
    for (int end = 0; end < WHOLE.strip().length(); end++) {
      Progress cut = read(WHOLE.substring(0, end));
      assertThat(cut.whole()).isFalse();
      assertThat(all.subList(0, cut.settled().size())).isEqualTo(cut.settled());
      most = Math.max(most, cut.settled().size());
    }
    assertThat(most).isEqualTo(all.size());
  }

  @Test
  void believesNoNameThatIsNone() throws IOException {
    Progress progress = read("""
        {"ports":{"built":[
        {"origin":"../../etc","pkgname":"passwd-1","elapsed":"1"},
        {"origin":"devel/x","pkgname":"../../x-1"},
        {"origin":"devel/x","pkgname":"x y-1"},
        {"origin":"devel/x","flavor":"A;b","pkgname":"x-1"},
        {"origin":"devel/x~sub","pkgname":"x-1"},
        {"pkgname":"x-1"},
        {"origin":"devel/x","pkgname":"-rf-1"},
        ["not an object"], "nor this", 7, null, {},
        {"origin":"devel/x","pkgname":"x-1","elapsed":"-3","why":{"deep":[1]}}]}}
        """);

    assertThat(progress.settled()).singleElement().satisfies(each -> {
      assertThat(each.name()).hasToString("x-1");
      assertThat(each.took()).isEmpty();
    });
    assertThat(progress.refused()).isEqualTo(7);
  }

  @Test
  void takesNumbersForTextsAndBackslashesForWhatTheyAre() throws IOException {
    Progress progress = read("{\"ports\":{\"ignored\":[{\"origin\":\"a/b\",\"pkgname\":\"b-1\","
        + "\"reason\":\"see C:\\\\x \\q\ttab\u0007\",\"elapsed\":5,},]},\"status\":\"x\"}");

    assertThat(progress.whole()).isTrue();
    assertThat(progress.settled().get(0).why()).startsWith("see C:").doesNotContain("\t", "\u0007");
    assertThat(progress.settled().get(0).took()).hasValue(Duration.ofSeconds(5));
  }

  @Test
  void boundsWhatAHostMaySay() throws IOException {
    assertThat(read("[".repeat(10_000)).whole()).isFalse();
    assertThat(read("{\"x\":" + "{\"y\":".repeat(100)).whole()).isFalse();
    assertThat(read("{\"status\":\"" + "a".repeat(20_000) + "\"}").whole()).isFalse();
    assertThat(read("{\"ports\":{\"ignored\":[{\"origin\":\"a/b\",\"pkgname\":\"b-1\",\"reason\":\""
                + "long ".repeat(1_000) + "\"}]}}")
            .settled()
            .get(0)
            .why())
        .hasSizeLessThan(500);
  }

  @Test
  void survivesNoise() throws IOException {
    Random random = new Random(7);
    for (int round = 0; round < 500; round++) {
      byte[] bytes = WHOLE.getBytes(StandardCharsets.UTF_8);
      for (int flips = random.nextInt(20); flips >= 0; flips--) {
        bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
      }
      assertThat(ProgressReader.read(new ByteArrayInputStream(bytes)).settled())
          .hasSizeLessThanOrEqualTo(20);
    }
  }

  private static Progress read(String text) throws IOException {
    return ProgressReader.read(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
  }
}
