package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Jails;
import org.slipway.packages.Abi;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;

/** Small trees with the sample fork's framework, read by real make in real jails. */
final class EvaluatorTest {
  @TempDir
  private static Path shared;

  private static Jails jails;

  @TempDir
  private Path temp;

  private Bench bench;

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
  }

  @AfterEach
  void stop() {
    bench.close();
  }

  @Test
  void followsDependenciesOfEveryKindButTests() throws Exception {
    bench
        .port(
            "www/top",
            "LIB_DEPENDS=\tliba.so:devel/a",
            "RUN_DEPENDS=\tb>=1:${PORTSDIR}/devel/b",
            "BUILD_DEPENDS=\tc:devel/c:configure",
            "TEST_DEPENDS=\tt:devel/t")
        .port("devel/a", "RUN_DEPENDS=\td:devel/d@-")
        .port("devel/b")
        .port("devel/c")
        .port("devel/d")
        .port("devel/t");
    Evaluation evaluation = bench.evaluate("www/top");
    assertThat(evaluation.ports().keySet())
        .map(OriginSpec::toString)
        .containsExactly("devel/a", "devel/b", "devel/c", "devel/d", "www/top");
    assertThat(evaluation.wanted()).containsExactly(OriginSpec.parse("www/top"));
    assertThat(port(evaluation, "www/top").dependencies())
        .containsExactlyInAnyOrder(
            new Dependency(DependencyKind.LIB, "liba.so", OriginSpec.parse("devel/a")),
            new Dependency(DependencyKind.RUN, "b>=1", OriginSpec.parse("devel/b")),
            new Dependency(DependencyKind.BUILD, "c", OriginSpec.parse("devel/c")),
            new Dependency(DependencyKind.TEST, "t", OriginSpec.parse("devel/t")));
    assertThat(port(evaluation, "www/top").name()).hasToString("top-1.0");
    assertThat(evaluation.unevaluable()).isEmpty();
    assertThat(evaluation.findings()).isEmpty();
  }

  @Test
  void resolvesFlavorsAndRefusesThoseThatAPortHasNot() throws Exception {
    bench
        .port(
            "devel/f",
            "FLAVORS=\tone two three",
            "two_PKGNAMESUFFIX=\t-two",
            "three_PKGNAMESUFFIX=\t-3")
        .port("devel/plain")
        .port("www/default", "RUN_DEPENDS=\tf:devel/f")
        .port("www/two", "RUN_DEPENDS=\tf:devel/f@two")
        .port("www/wrong", "RUN_DEPENDS=\tf:devel/f@four");
    Evaluation evaluation =
        bench.evaluate("www/default", "www/two", "www/wrong", "devel/plain@x", "devel/f@nine");
    assertThat(evaluation.wanted())
        .map(OriginSpec::toString)
        .containsExactly("www/default", "www/two", "www/wrong", "devel/plain@x", "devel/f@nine");
    assertThat(evaluation.ports().keySet())
        .map(OriginSpec::toString)
        .containsExactly("devel/f@one", "devel/f@two", "www/default", "www/two", "www/wrong");
    assertThat(port(evaluation, "devel/f@two").name()).hasToString("f-two-1.0");
    assertThat(port(evaluation, "devel/f@one").flavors()).hasSize(3);
    assertThat(port(evaluation, "www/default").dependencies().get(0).on())
        .hasToString("devel/f@one");
    assertThat(message(evaluation, "devel/f@nine"))
        .isEqualTo("devel/f has no flavor nine; it has one, two, three");
    assertThat(message(evaluation, "devel/plain@x"))
        .isEqualTo("devel/plain has no flavor x; it has none");
    assertThat(finding(evaluation, "www/wrong"))
        .isEqualTo(
            "needs devel/f@four (RUN_DEPENDS), but devel/f has no flavor four; it has one, two, three");
    assertThat(bench.evaluate("devel/f@all").wanted())
        .map(OriginSpec::toString)
        .containsExactly("devel/f@one", "devel/f@two", "devel/f@three");
  }

  @Test
  void laysTheRequestsOptionsAndLinesOverThePort() throws Exception {
    bench
        .port(
            "www/o",
            "OPTIONS_DEFINE=\tDOCS LUA TLS",
            "OPTIONS_DEFAULT=\tTLS",
            "LUA_RUN_DEPENDS=\tlua:lang/lua",
            "TLS_RUN_DEPENDS=\ttls:security/tls")
        .port("lang/lua")
        .port("security/tls");
    Evaluation plain = bench.evaluate("www/o");
    assertThat(port(plain, "www/o").options())
        .containsExactly(Map.entry("DOCS", true), Map.entry("LUA", false), Map.entry("TLS", true));
    Evaluation chosen = bench.evaluate(Bench.request(
        List.of("www/o"),
        Map.of(
            Origin.parse("www/o"), Map.of("LUA", true, "TLS", false, "LAU", true),
            Origin.parse("www/gone"), Map.of("X", true)),
        "CFLAGS+=-DFARM"));
    assertThat(port(chosen, "www/o").options())
        .containsExactly(Map.entry("DOCS", true), Map.entry("LUA", true), Map.entry("TLS", false));
    assertThat(chosen.ports().keySet())
        .map(OriginSpec::toString)
        .containsExactly("lang/lua", "www/o");
    assertThat(port(chosen, "www/o").variable("CFLAGS")).contains("-DFARM");
    assertThat(port(plain, "www/o").variable("CFLAGS")).doesNotContain("-DFARM");
    assertThat(chosen.findings())
        .extracting(Finding::message)
        .containsExactlyInAnyOrder(
            "is given the option LAU, which it has not; it has DOCS, LUA, TLS",
            "options are set for www/gone, but www/gone is not in the tree");
  }

  @Test
  void stopsNoPortForAnotherThatIsWrittenWrongly() throws Exception {
    bench
        .port("devel/broken-text", ".if")
        .port("devel/two-lines", "COMMENT=\tone${.newline}two")
        .port("devel/fails", ".error this port wants \u001b[31mattention")
        .port("devel/no-name", "PORTNAME=\t..")
        .port("devel/bad-word", "RUN_DEPENDS=\tnonsense")
        .port("devel/bad-flavor", "FLAVORS=\tBad;rm")
        .port("devel/bad-file", "DISTFILES=\t../../etc/passwd")
        .port("devel/good", "RUN_DEPENDS=\tx:devel/fails");
    Evaluation evaluation = bench.evaluate(
        "devel/broken-text",
        "devel/two-lines",
        "devel/no-name",
        "devel/bad-word",
        "devel/bad-flavor",
        "devel/bad-file",
        "devel/good");
    assertThat(evaluation.ports().keySet())
        .map(OriginSpec::toString)
        .containsExactly("devel/bad-word", "devel/good", "devel/two-lines");
    assertThat(message(evaluation, "devel/broken-text")).contains("devel/broken-text/Makefile");
    assertThat(port(evaluation, "devel/two-lines").variable("COMMENT")).isEqualTo("one\ntwo");
    assertThat(message(evaluation, "devel/fails"))
        .contains("this port wants")
        .contains("attention")
        .doesNotContain("\u001b")
        .doesNotContain("/xports")
        .doesNotContain("cannot continue");
    assertThat(message(evaluation, "devel/no-name")).contains("is not a package name");
    assertThat(finding(evaluation, "devel/bad-word"))
        .isEqualTo("RUN_DEPENDS holds \"nonsense\"; write key:category/port");
    assertThat(port(evaluation, "devel/bad-word").ignore())
        .contains("RUN_DEPENDS holds \"nonsense\"; write key:category/port");
    assertThat(message(evaluation, "devel/bad-file")).contains("a name that leads elsewhere");
    assertThat(evaluation.unevaluable()).hasSize(5);
    assertThat(port(evaluation, "devel/good").dependencies().get(0).on())
        .hasToString("devel/fails");
  }

  @Test
  void endsAPortThatHangsOrKillsWhatAsksItAndAnswersForTheRest() throws Exception {
    bench
        .port("devel/a")
        .port("devel/hangs", "X!=\tsleep 600")
        .port(
            "devel/kills",
            "X!=\tp=$$PPID; for i in 1 2; do p=$$(sed 's/.*) . \\([0-9]*\\) .*/\\1/' /proc/$$p/stat); "
                + "done; kill -9 $$p; sleep 5")
        .port("devel/z");
    Evaluation evaluation = bench.evaluate(
        Bench.request(List.of("devel/a", "devel/hangs", "devel/kills", "devel/z"), Map.of(), ""),
        Duration.ofSeconds(3));
    assertThat(evaluation.ports().keySet())
        .map(OriginSpec::toString)
        .containsExactly("devel/a", "devel/z");
    assertThat(message(evaluation, "devel/hangs")).contains("gives no answers within 3 s");
    assertThat(evaluation.unevaluable()).hasSize(2);
  }

  @Test
  void neitherFollowsNorNeedsTheDependenciesOfAnIgnoredPort() throws Exception {
    bench
        .port("devel/ill", "BROKEN=\tdoes not compile", "RUN_DEPENDS=\tx:devel/gone")
        .port("devel/bad", "FORBIDDEN=\thas a hole");
    Evaluation evaluation = bench.evaluate("devel/ill", "devel/bad");
    assertThat(port(evaluation, "devel/ill").ignore())
        .contains("is marked as broken: does not compile");
    assertThat(port(evaluation, "devel/ill").dependencies()).isEmpty();
    assertThat(port(evaluation, "devel/bad").ignore()).contains("is forbidden: has a hole");
    assertThat(evaluation.unevaluable()).isEmpty();
  }

  @Test
  void saysWhatBecameOfAPortThatIsAskedForByAnOldName() throws Exception {
    bench.fork.file(
        "MOVED", "www/old|www/new|2024-01-02|Renamed\nwww/dead||2023-05-06|Has expired\n");
    bench.port("www/new").port("www/asks", "RUN_DEPENDS=\tx:www/old");
    Evaluation evaluation = bench.evaluate("www/asks", "www/dead", "www/never");
    assertThat(finding(evaluation, "www/asks"))
        .isEqualTo("needs www/old (RUN_DEPENDS), but www/old is not in the tree; "
            + "MOVED says it became www/new on 2024-01-02: Renamed");
    assertThat(message(evaluation, "www/dead"))
        .isEqualTo(
            "www/dead is not in the tree; MOVED says it was removed on 2023-05-06: Has expired");
    assertThat(message(evaluation, "www/never")).isEqualTo("www/never is not in the tree");
    assertThat(port(evaluation, "www/asks").dependencies().get(0).on()).hasToString("www/old");
  }

  @Test
  void findsWhatIsOddAndGoesOn() throws Exception {
    bench
        .port("devel/self", "RUN_DEPENDS=\tself:devel/self a:devel/a")
        .port("devel/a")
        .port("devel/strange", "PKGCATEGORY=\twww")
        .port("www/a", "PORTNAME=\ta")
        .port("devel/one-name", "FLAVORS=\tx a");
    bench.fork.link("devel/linked", "a").link("devel/a/outside", "/etc/passwd");
    Evaluation evaluation = bench.evaluate(
        "devel/self", "devel/strange", "www/a", "devel/one-name@all", "devel/linked");
    assertThat(port(evaluation, "devel/self").dependencies())
        .extracting(dependency -> dependency.on().toString())
        .containsExactly("devel/a");
    assertThat(evaluation.findings())
        .extracting(finding ->
            finding.port().map(OriginSpec::toString).orElse("") + " " + finding.message())
        .containsExactlyInAnyOrder(
            " devel/a/outside is a symbolic link that leads out of the tree",
            "devel/self depends on itself (RUN_DEPENDS); that line counts for nothing",
            "devel/strange has the category www and lies in devel",
            "www/a has the package name a-1.0, and so has devel/a; only the latter can be built",
            "devel/one-name@a has the package name one-name-1.0, and so has devel/one-name@x; "
                + "only the latter can be built");
    assertThat(evaluation.ports().keySet())
        .map(OriginSpec::toString)
        .containsExactly(
            "devel/a",
            "devel/one-name@a",
            "devel/one-name@x",
            "devel/self",
            "devel/strange",
            "www/a");
    assertThat(port(evaluation, "www/a").ignore())
        .contains("has the package name a-1.0, and so has devel/a; only the latter can be built");
    assertThat(port(evaluation, "devel/a").ignore()).isEmpty();
    assertThat(message(evaluation, "devel/linked")).contains("is a symbolic link in the tree");
  }

  @Test
  void takesAFrameworkThatCallsItsEntryOtherwise() throws Exception {
    bench
        .fork
        .without("Mk/bsd.port.mk")
        .file("Mk/bsd.mport.mk", Files.readString(Bench.SAMPLE.resolve("Mk/bsd.port.mk")));
    bench.port("devel/a");
    assertThat(port(bench.evaluate("devel/a"), "devel/a").name()).hasToString("a-1.0");
  }

  @Test
  void letsATreeBringKitFilesOfItsOwn() throws Exception {
    bench.fork.file(
        ".slipway/kit/bsd.port.mk", "COMMENT=\tby the tree's kit\n.include \"/kit/bsd.port.mk\"\n");
    bench.port("devel/a");
    assertThat(port(bench.evaluate("devel/a"), "devel/a").variable("COMMENT"))
        .isEqualTo("by the tree's kit");
  }

  @Test
  void ignoresWhatALayersBlacklistHoldsAndKeepsItsAnswers() throws Exception {
    bench.port("devel/a").port("devel/b");
    Layer farm = Layer.ofJob(Map.of(), "").with(Blacklist.of(List.of("devel/b")));
    Evaluation evaluation = bench.evaluate(new EvaluationRequest(
        Bench.LINUX, List.of("devel/a", "devel/b"), List.of(farm), new TreeMap<>()));
    assertThat(port(evaluation, "devel/a").ignore()).isEmpty();
    assertThat(port(evaluation, "devel/b").ignore())
        .hasValueSatisfying(why -> assertThat(why).startsWith("is on the blacklist ("));
    assertThat(port(evaluation, "devel/b").name()).hasToString("b-1.0");
  }

  @Test
  void looksForAnAskedPortUnderItsPresentName() throws Exception {
    bench.fork.file("MOVED", "www/old|www/new|2024-01-02|Renamed\n");
    bench.port("www/new");
    Evaluation evaluation = bench.evaluate("www/old");
    assertThat(evaluation.wanted()).containsExactly(OriginSpec.parse("www/new"));
    assertThat(finding(evaluation, "www/new"))
        .isEqualTo("was asked for as www/old; MOVED says it became www/new on 2024-01-02: Renamed");
  }

  @Test
  void takesAllFromTheCategoriesMakefiles() throws Exception {
    bench
        .fork
        .file("Makefile", "SUBDIR += devel\nSUBDIR += gone # a comment\n")
        .file(
            "devel/Makefile",
            "  COMMENT = x\n  SUBDIR += a\n  SUBDIR += missing\n  SUBDIR+=../x\n");
    bench.port("devel/a").port("devel/not-listed");
    Evaluation evaluation = bench.evaluate("all");
    assertThat(evaluation.wanted()).containsExactly(OriginSpec.parse("devel/a"));
    assertThat(evaluation.findings())
        .extracting(Finding::message)
        .containsExactlyInAnyOrder(
            "Makefile lists gone, but there is no such folder",
            "devel/Makefile lists missing, but devel/missing is not in the tree",
            "devel/Makefile lists ../x, but no folder can have that name");
  }

  @Test
  void digestsThePortsOwnFilesAndItsMasters() throws Exception {
    bench.port("devel/master").port("devel/other");
    bench
        .fork
        .file("devel/master/files/patch-a", "1")
        .file(
            "devel/slave/Makefile",
            "PKGNAMESUFFIX=\t-slave\nMASTERDIR=\t${.CURDIR}/../master\n.include \"${MASTERDIR}/Makefile\"\n")
        .file("devel/other/extra.mk", "# read by master\n");
    Evaluation before = bench.evaluate("devel/master", "devel/slave", "devel/other");
    assertThat(port(before, "devel/slave").folders())
        .containsExactly("devel/slave", "devel/master");
    assertThat(port(before, "devel/master").folders()).containsExactly("devel/master");
    assertThat(port(before, "devel/master").makefiles())
        .contains("Mk/bsd.port.mk")
        .allMatch(name -> name.startsWith("Mk/"));
    bench.fork.program("devel/master/files/patch-a", "1");
    Evaluation after = bench.evaluate("devel/master", "devel/slave", "devel/other");
    for (String changed : List.of("devel/master", "devel/slave")) {
      assertThat(port(after, changed).sources())
          .isNotEqualTo(port(before, changed).sources());
    }
    assertThat(port(after, "devel/other").sources())
        .isEqualTo(port(before, "devel/other").sources());
  }

  @Test
  void answersForTheTargetAndNotForTheHost() throws Exception {
    bench.port(
        "devel/a",
        "COMMENT=\t${OPSYS} ${OSVERSION} ${ARCH} ${_CCVERSION_${CC:hash}} "
            + "${CC_OUTPUT_${CC:hash}_${:Uc11:hash}:Uunknown}${_SMP_CPUS}");
    Target target = new Target(
        Abi.parse("FreeBSD:14:amd64"), Bench.LINUX.base(), "FreeBSD 14.2-RELEASE on this host");
    Evaluation evaluation =
        bench.evaluate(new EvaluationRequest(target, List.of("devel/a"), Map.of(), ""));
    assertThat(port(evaluation, "devel/a").variable("COMMENT"))
        .isEqualTo("FreeBSD 1402000 amd64 FreeBSD clang version 18.1.6 1");
  }

  @Test
  void refusesWordsThatCanNameNoPort() {
    for (String word : List.of("haproxy", "www/", "../etc", "www/a@B C", "www/a/b")) {
      assertThatThrownBy(() -> bench.evaluate(word))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("is not a");
    }
    assertThatThrownBy(() -> bench.evaluate(Bench.request(
            List.of("www/a"), Map.of(Origin.parse("www/a"), Map.of("A B", true)), "")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("is not an option");
  }

  private static Port port(Evaluation evaluation, String spec) {
    Optional<Port> port = evaluation.port(OriginSpec.parse(spec));
    assertThat(port)
        .as(() -> spec + " among " + evaluation.ports().keySet() + evaluation.unevaluable())
        .isPresent();
    return port.get();
  }

  private static String message(Evaluation evaluation, String spec) {
    return evaluation.unevaluable().stream()
        .filter(unevaluable -> unevaluable.spec().toString().equals(spec))
        .map(Unevaluable::message)
        .findFirst()
        .orElse("nothing is wrong with " + spec);
  }

  private static String finding(Evaluation evaluation, String spec) {
    return evaluation.findings().stream()
        .filter(finding -> finding.port().map(OriginSpec::toString).orElse("").equals(spec))
        .map(Finding::message)
        .findFirst()
        .orElse("nothing is odd about " + spec);
  }
}
