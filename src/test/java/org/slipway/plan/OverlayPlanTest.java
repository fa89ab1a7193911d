package org.slipway.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.slipway.graph.AsciiPorts.evaluation;
import static org.slipway.graph.AsciiPorts.spec;
import static org.slipway.graph.AsciiPorts.words;

import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Port;
import org.slipway.packages.OriginSpec;

/** What plans say of ports that lie in overlays. */
class OverlayPlanTest {
  private static final String TREE = "app -> lib(lib)\nlib 1.0\nother";

  private final PaperFarm farm = new PaperFarm();

  @Test
  void rebuildsWhatAnOverlayShadowsAndWhatNeedsIt() {
    farm.build(evaluation(TREE));
    Evaluation shadowed = over(evaluation(TREE.replace("lib 1.0", "lib 2.0 files=new")), "lib");
    BuildPlan plan = farm.plan(shadowed);
    assertThat(reason(plan, "lib")).isEqualTo("version 1.0 → 2.0 in overlay team-a");
    assertThat(reason(plan, "app")).isEqualTo("x/lib is built again");
    assertThat(words(farm.build(shadowed))).isEqualTo("lib app");
  }

  @Test
  void namesTheOverlayWhoseFilesChanged() {
    farm.build(over(evaluation(TREE), "lib"));
    Evaluation changed = over(evaluation(TREE.replace("lib 1.0", "lib 1.0 files=new")), "lib");
    assertThat(reason(farm.plan(changed), "lib"))
        .isEqualTo("files of overlays/team-a/x/lib changed");
  }

  @Test
  void rebuildsNothingWhereAnOverlayHasTheSamePort() {
    farm.build(evaluation(TREE));
    assertThat(farm.build(over(evaluation(TREE), "lib"))).isEmpty();
  }

  @Test
  void takesACategoryThatIsCalledOverlaysForWhatItIs() {
    farm.build(evaluation(TREE));
    Evaluation now = at(evaluation(TREE.replace("lib 1.0", "lib 1.1")), "lib", "overlays/lib");
    assertThat(reason(farm.plan(now), "lib")).isEqualTo("version 1.0 → 1.1");
  }

  private static Evaluation over(Evaluation evaluation, String name) {
    return at(evaluation, name, "overlays/team-a/x/" + name);
  }

  private static Evaluation at(Evaluation evaluation, String name, String folder) {
    TreeMap<OriginSpec, Port> ports = new TreeMap<>(evaluation.ports());
    ports.computeIfPresent(
        spec(name),
        (of, port) -> new Port(
            port.spec(),
            port.name(),
            port.flavors(),
            port.dependencies(),
            port.ignore(),
            port.options(),
            port.distfiles(),
            port.variables(),
            port.sources(),
            List.of(folder),
            port.makefiles()));
    return new Evaluation(
        evaluation.commit(),
        evaluation.target(),
        evaluation.wanted(),
        ports,
        evaluation.unevaluable(),
        evaluation.findings());
  }

  private static String reason(BuildPlan plan, String name) {
    return plan.find(spec(name)).orElseThrow().decision().reason();
  }
}
