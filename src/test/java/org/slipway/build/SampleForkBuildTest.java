package org.slipway.build;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Evaluator;
import org.slipway.jail.Jails;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageFile;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Decision;
import org.slipway.plan.Inventory;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;
import org.slipway.plan.Planner;
import org.slipway.tree.Checkout;
import org.slipway.tree.Fork;
import org.slipway.tree.PortsTree;

/** Ports of the sample fork from a commit to packages: evaluated, planned, built in order. */
class SampleForkBuildTest {
  private static final Path SAMPLE =
      Path.of(System.getProperty("slipway.dir", "."), "src/demo/ports");

  @TempDir
  Path folder;

  private final Planner planner = new Planner("");
  private final Map<OriginSpec, BuiltPackage> built = new HashMap<>();
  private final Map<OriginSpec, Path> archives = new HashMap<>();

  @Test
  void aChainOfLibrariesAndTheirUserIsBuiltInOrderAndThenReused() throws Exception {
    try (Jails jails = Jails.open(folder.resolve("jails"), true);
        Fork fork = new Fork(folder.resolve("fork.git"))) {
      take(fork);
      fork.commit("Begin");
      try (PortsTree tree = PortsTree.open(
              fork.folder().toString(), "main", folder.resolve("p.git"), folder.resolve("trees"));
          Checkout checkout = tree.checkout(tree.fetch())) {
        Evaluator evaluator = new Evaluator(jails, folder.resolve("kit"), 1);
        EvaluationRequest request =
            new EvaluationRequest(SmallTree.TARGET, List.of("sysutils/becklog"), Map.of(), "");
        Evaluation evaluation = evaluator.evaluate(checkout, request);
        BuildPlan plan = planner.plan(evaluation, Inventory.empty());
        build(jails, plan, checkout.directory(), evaluator.kit(request));
        assertThat(archives.keySet())
            .extracting(OriginSpec::toString)
            .containsExactlyInAnyOrder(
                "devel/libmarl",
                "devel/mktable",
                "archivers/libtarn",
                "archivers/tarnpack",
                "sysutils/becklog");
        assertThat(dependenciesOf("archivers/libtarn")).containsExactly("libmarl");
        assertThat(dependenciesOf("sysutils/becklog")).containsExactly("tarnpack");

        BuildPlan again = planner.plan(evaluation, inventory(evaluation));
        assertThat(again.packages())
            .allMatch(each -> each.decision() instanceof Decision.Reuse)
            .hasSameSizeAs(plan.packages());
      }
    }
  }

  private void build(Jails jails, BuildPlan plan, Path tree, Path kit) throws Exception {
    PackageBuilder builder =
        new PackageBuilder(jails, folder.resolve("distfiles"), folder.resolve("spool"));
    for (PlannedPackage each : plan.packages()) {
      List<BuildRequest.Install> installs = new ArrayList<>();
      for (OriginSpec on : each.installs()) {
        installs.add(new BuildRequest.Install(
            on, Objects.requireNonNull(built.get(on)), Objects.requireNonNull(archives.get(on))));
      }
      BuildRequest request = new BuildRequest(
          each.port(),
          SmallTree.TARGET,
          tree,
          kit,
          installs,
          Optional.empty(),
          SmallTree.LIMITS,
          1);
      ByteArrayOutputStream log = new ByteArrayOutputStream();
      BuildResult result = builder.build(request, log, phase -> {});
      assertThat(result).as(log::toString).isInstanceOf(BuildResult.Built.class);
      BuildResult.Built done = (BuildResult.Built) result;
      built.put(each.spec(), done.built());
      archives.put(each.spec(), done.file());
    }
  }

  private Set<String> dependenciesOf(String port) throws Exception {
    Path archive = Objects.requireNonNull(archives.get(OriginSpec.parse(port)));
    return PackageFile.open(archive).manifest().deps().keySet();
  }

  private Inventory inventory(Evaluation evaluation) {
    Map<Digest, KnownPackage> byKey = new HashMap<>();
    Map<OriginSpec, KnownPackage> latest = new HashMap<>();
    built.forEach((spec, each) -> {
      var key = planner.key(evaluation.port(spec).orElseThrow(), evaluation, built);
      KnownPackage known = new KnownPackage(spec, key, each, Duration.ofSeconds(1));
      byKey.put(key.digest(), known);
      latest.put(spec, known);
    });
    return new Inventory(byKey, latest);
  }

  private static void take(Fork fork) throws IOException {
    try (Stream<Path> files = Files.walk(SAMPLE)) {
      for (Path file : files.filter(Files::isRegularFile).toList()) {
        String name = SAMPLE.relativize(file).toString();
        if (Files.isExecutable(file)) {
          fork.program(name, Files.readString(file, StandardCharsets.UTF_8));
        } else {
          fork.file(name, Files.readString(file, StandardCharsets.UTF_8));
        }
      }
    }
  }
}
