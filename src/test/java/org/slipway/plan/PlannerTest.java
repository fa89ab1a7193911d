package org.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.slipway.graph.AsciiPorts.draw;
import static org.slipway.graph.AsciiPorts.evaluation;
import static org.slipway.graph.AsciiPorts.spec;
import static org.slipway.graph.AsciiPorts.specs;
import static org.slipway.graph.AsciiPorts.words;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.evaluate.Evaluation;

class PlannerTest {
  private static final String TREE = """
      app 2.0 -> libfoo(lib) tool
      libfoo 1.2 -> zlib(lib)
      zlib
      tool
      """;

  private final PaperFarm farm = new PaperFarm();

  private static Decision decision(BuildPlan plan, String name) {
    return plan.find(spec(name)).orElseThrow().decision();
  }

  private static String reason(BuildPlan plan, String name) {
    return decision(plan, name).reason();
  }

  private static String built(BuildPlan plan) {
    return words(plan.packages().stream()
        .filter(each -> each.decision() instanceof Decision.Build)
        .map(PlannedPackage::spec)
        .toList());
  }

  private BuildPlan after(String before, String now) {
    farm.build(evaluation(before));
    return farm.plan(evaluation(now));
  }

  @Test
  void buildsEverythingTheFirstTimeWithDependenciesFirst() {
    BuildPlan plan = farm.plan(evaluation(TREE));
    assertThat(built(plan)).isEqualTo("zlib libfoo tool app");
    assertThat(reason(plan, "zlib")).isEqualTo("not built before");
    assertThat(words(plan.find(spec("app")).orElseThrow().waitsFor())).isEqualTo("libfoo tool");
    assertThat(words(plan.find(spec("app")).orElseThrow().installs()))
        .isEqualTo("zlib libfoo tool");
  }

  @Test
  void reusesEverythingWhenNothingChanged() {
    BuildPlan plan = after(TREE, TREE);
    assertThat(built(plan)).isEmpty();
    assertThat(reason(plan, "app")).isEqualTo("nothing changed");
    assertThat(plan.find(spec("app")).orElseThrow().installs()).isEmpty();
  }

  @Test
  void rebuildsDependentsWhenALibraryChanges() {
    BuildPlan plan = after(TREE, TREE.replace("zlib\n", "zlib files=new\n"));
    assertThat(built(plan)).isEqualTo("zlib libfoo app");
    assertThat(reason(plan, "zlib")).isEqualTo("files of x/zlib changed");
    assertThat(reason(plan, "libfoo")).isEqualTo("x/zlib is built again");
    assertThat(reason(plan, "app")).isEqualTo("x/libfoo is built again");
    assertThat(reason(plan, "tool")).isEqualTo("nothing changed");
    assertThat(words(plan.find(spec("app")).orElseThrow().waitsFor())).isEqualTo("libfoo");
  }

  @Test
  void stopsAtADependencyWhosePackageTurnedOutTheSame() {
    String before = TREE.replace("zlib\n", "zlib {PAYLOAD=same}\n");
    farm.build(evaluation(before));
    Evaluation now = evaluation(before.replace("zlib {", "zlib files=comment {"));
    assertThat(built(farm.plan(now))).isEqualTo("zlib libfoo app");
    assertThat(words(farm.build(now))).isEqualTo("zlib");
    assertThat(built(farm.plan(now))).isEmpty();
  }

  @Test
  void aNewVersionOfARunTimeDependencyMakesAnotherManifestButOfABuildDependencyDoesNot() {
    String before = "app -> lib(lib)\nuser -> lib(build)\nlib 1.0 {PAYLOAD=same}";
    farm.build(evaluation(before));
    assertThat(words(farm.build(evaluation(before.replace("1.0", "1.1"))))).isEqualTo("lib app");
  }

  @Test
  void aRevertIsReusedAtOnce() {
    farm.build(evaluation(TREE));
    farm.build(evaluation(TREE.replace("zlib\n", "zlib files=new\n")));
    BuildPlan plan = farm.plan(evaluation(TREE));
    assertThat(built(plan)).isEmpty();
    assertThat(reason(plan, "zlib")).isEqualTo("built before from the same inputs");
  }

  @Test
  void namesAVersionChangeAndNotWhatFollowsFromIt() {
    BuildPlan plan = after("a 1.2 {CFLAGS=-O1}", "a 1.3 files=new {CFLAGS=-O2}");
    assertThat(reason(plan, "a")).isEqualTo("version 1.2 → 1.3");
  }

  @Test
  void namesChangedOptionsWithTheirSigns() {
    BuildPlan plan = after("a [-TLS +DOCS +OLD +NLS]", "a [+TLS -DOCS +NLS]");
    assertThat(reason(plan, "a")).isEqualTo("options changed: +TLS -DOCS no OLD");
  }

  @Test
  void namesVariablesThatTheFrameworkChanged() {
    assertThat(reason(after("a {CFLAGS=-O1}", "a {CFLAGS=-O2}"), "a")).isEqualTo("CFLAGS changed");
    assertThat(reason(after("b", "b {CFLAGS=1 CC=2 CXX=3 LIBS=4 USES=5}"), "b"))
        .isEqualTo("CC, CFLAGS, CXX and 2 more changed");
    assertThat(reason(after("c {CC=1 CXX=1}", "c {CC=2 CXX=2}"), "c"))
        .isEqualTo("CC and CXX changed");
  }

  @Test
  void aVariableOutsideTheRecipeAndAnEmptyOneChangeNothing() {
    BuildPlan plan = after("a", "a {MASTER_SITES=http://other CFLAGS=}");
    assertThat(built(plan)).isEmpty();
  }

  @Test
  void namesMakeConfAndBase() {
    farm.build(evaluation("a"));
    assertThat(reason(farm.plan(evaluation("a"), "WITH_DEBUG=yes"), "a"))
        .isEqualTo("make.conf changed");
    assertThat(reason(farm.plan(draw("a").onBase("base two").evaluation()), "a"))
        .isEqualTo("base changed");
  }

  @Test
  void namesSeveralCausesTogether() {
    BuildPlan plan = after("a [-TLS]", "a files=new [+TLS] -> ssl(lib)\nssl");
    assertThat(reason(plan, "a"))
        .isEqualTo("files of x/a changed; options changed: +TLS; needs x/ssl now");
  }

  @Test
  void namesDependenciesThatCameWentOrChanged() {
    farm.build(evaluation("a -> b c(run)\nb\nc 1"));
    farm.build(draw("c 2").evaluation());
    BuildPlan plan = farm.plan(evaluation("a -> c(run)\nb\nc 2"));
    assertThat(reason(plan, "a")).isEqualTo("no longer needs x/b; x/c changed");
  }

  @Test
  void namesSeveralDependenciesThatAreBuiltAgain() {
    String before = "a -> b c d e\nb\nc\nd\ne";
    farm.build(evaluation(before));
    BuildPlan two = farm.plan(evaluation("a -> b c d e\nb files=n\nc files=n\nd\ne"));
    assertThat(reason(two, "a")).isEqualTo("x/b and x/c are built again");
    BuildPlan four =
        farm.plan(evaluation("a -> b c d e\nb files=n\nc files=n\nd files=n\ne files=n"));
    assertThat(reason(four, "a")).isEqualTo("x/b, x/c, x/d and 1 more are built again");
  }

  @Test
  void buildsAgainWhatTheStoreLost() {
    farm.build(evaluation(TREE));
    farm.loses(spec("tool"));
    BuildPlan plan = farm.plan(evaluation(TREE));
    assertThat(reason(plan, "tool")).isEqualTo("its package is no longer in the store");
  }

  @Test
  void twoPortsNeverShareAPackage() {
    farm.build(evaluation("a\nb"));
    BuildPlan plan = farm.plan(evaluation("a\nb"));
    assertThat(plan.packages())
        .extracting(each -> ((Decision.Reuse) each.decision()).known().spec())
        .containsExactly(spec("a"), spec("b"));
  }

  @Test
  void skipsWhatNeedsAnIgnoredPortAndNamesTheRoot() {
    BuildPlan plan = farm.plan(evaluation("app -> mid\nmid -> old(lib)\nold ! is too old"));
    assertThat(decision(plan, "old")).isEqualTo(new Decision.Ignore("is too old"));
    Decision.Skip skip =
        new Decision.Skip("needs x/old, which is ignored: is too old", specs("old"));
    assertThat(decision(plan, "mid")).isEqualTo(skip);
    assertThat(decision(plan, "app")).isEqualTo(skip);
  }

  @Test
  void skipsForSeveralRootsNamingTheFirst() {
    BuildPlan plan = farm.plan(evaluation("app -> bad old gone\nold ! is old\nbad ? line 1: no"));
    assertThat(decision(plan, "app"))
        .isEqualTo(new Decision.Skip(
            "needs x/bad (and 2 more), which gives no answers: line 1: no",
            specs("bad", "gone", "old")));
    assertThat(plan.find(spec("bad"))).isEmpty();
    assertThat(plan.findings())
        .extracting(finding -> finding.port() + " " + finding.message())
        .containsExactly(Optional.of(spec("bad")) + " line 1: no");
  }

  @Test
  void skipsWhatNeedsAPortThatTheTreeDoesNotHave() {
    BuildPlan plan = farm.plan(evaluation("app -> gone(run)"));
    assertThat(reason(plan, "app")).isEqualTo("needs x/gone, which is not in the tree");
  }

  @Test
  void aCycleStopsItsMembersAndWhatNeedsThemOnly() {
    BuildPlan plan = farm.plan(evaluation("user -> a\na -> b leaf\nb -> a(run)\nleaf\nother"));
    String way = "in a dependency cycle: x/a → x/b → x/a";
    assertThat(decision(plan, "a")).isEqualTo(new Decision.Skip("is " + way, specs("a", "b")));
    assertThat(decision(plan, "b")).isEqualTo(new Decision.Skip("is " + way, specs("a", "b")));
    assertThat(decision(plan, "user"))
        .isEqualTo(new Decision.Skip("needs x/a, which is " + way, specs("a")));
    assertThat(built(plan)).isEqualTo("leaf other");
    assertThat(plan.cycles()).hasSize(1);
  }

  @Test
  void plansOnlyWhatAWantedPortNeeds() {
    BuildPlan plan = farm.plan(draw("""
            app -> lib(lib) tool
            lib -> gen
            gen
            tool
            unwanted -> lib(lib)
            checker
            lib2 -> checker(test)
            """).wanting("app", "lib2").evaluation());
    assertThat(built(plan)).isEqualTo("gen lib tool app lib2");
  }

  @Test
  void whatOnlyASkippedPortNeedsIsNotBuilt() {
    BuildPlan plan = farm.plan(
        draw("app -> mid big\nmid -> old\nbig\nold ! is old").wanting("app").evaluation());
    assertThat(words(plan.packages().stream().map(PlannedPackage::spec).toList()))
        .isEqualTo("old mid app");
    assertThat(plan.published()).isEmpty();
  }

  @Test
  void publishesBuiltAndReusedPackagesBuildToolsIncluded() {
    farm.build(evaluation("app -> tool\ntool"));
    BuildPlan plan = farm.plan(
        draw("app files=new -> tool\ntool\nold ! no").wanting("app", "old").evaluation());
    assertThat(words(plan.published().stream().map(PlannedPackage::spec).toList()))
        .isEqualTo("tool app");
  }

  @Test
  void priorityIsTheLongestWayThroughWhatIsBuilt() {
    farm.takes("zlib", 5);
    farm.takes("libfoo", 70);
    farm.takes("tool", 20);
    farm.takes("app", 100);
    BuildPlan plan = after(TREE, TREE.replace("zlib\n", "zlib files=n\nnovel -> zlib\n"));
    Map<String, Duration> critical = Map.of(
        "zlib", Duration.ofSeconds(175),
        "libfoo", Duration.ofSeconds(170),
        "app", Duration.ofSeconds(100),
        "novel", Duration.ofSeconds(10),
        "tool", Duration.ZERO);
    critical.forEach((name, way) ->
        assertThat(plan.find(spec(name)).orElseThrow().critical()).as(name).isEqualTo(way));
    assertThat(plan.find(spec("zlib")).orElseThrow().expected()).isEqualTo(Duration.ofSeconds(5));
  }

  @Test
  void hostileWordsBecomeOneShortLine() {
    BuildPlan plan = farm.plan(evaluation("a ! evil \u001b[31mred\u0007 " + "long ".repeat(200)));
    assertThat(reason(plan, "a")).startsWith("evil [31mred long").hasSize(300).endsWith("…");
  }

  @Test
  void equalInputsGiveEqualPlans() {
    assertThat(farm.plan(evaluation(TREE)).packages())
        .isEqualTo(farm.plan(evaluation(TREE)).packages());
  }

  @Test
  void aKeyNeedsEveryDirectDependency() {
    Evaluation evaluation = evaluation("a -> b\nb");
    assertThatThrownBy(() ->
            new Planner("").key(evaluation.port(spec("a")).orElseThrow(), evaluation, Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the key of x/a cannot be told before x/b is built");
  }

  @Test
  void aLongValueIsKeptAsItsDigest() {
    Evaluation evaluation = evaluation("a {PLIST=" + "x".repeat(201) + " CFLAGS=-O2}");
    BuildKey key =
        new Planner("").key(evaluation.port(spec("a")).orElseThrow(), evaluation, Map.of());
    assertThat(key.parts()).containsEntry("recipe CFLAGS", "-O2");
    assertThat(key.parts().get("recipe PLIST")).hasSize(64);
    assertThat(List.copyOf(key.parts().keySet()))
        .containsExactly(
            "base",
            "folder",
            "make",
            "options",
            "recipe CFLAGS",
            "recipe PKGNAME",
            "recipe PLIST",
            "spec");
  }
}
