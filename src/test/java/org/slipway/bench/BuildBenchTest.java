package org.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.Phase;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.Containment;
import org.slipway.jail.Jails;
import org.slipway.packages.Abi;
import org.slipway.packages.OriginSpec;
import org.slipway.tree.Checkout;

final class BuildBenchTest {
  private static final Path DEMO =
      Path.of(System.getProperty("slipway.dir", ".")).resolve("src/demo/ports");

  @TempDir
  Path folder;

  private Path tree() throws IOException {
    Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
    Path tree = folder.resolve("tree");
    try (Stream<Path> files = Files.walk(DEMO)) {
      for (Path file : files.toList()) {
        Path to = tree.resolve(DEMO.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(to);
        } else {
          Files.copy(file, to);
        }
      }
    }
    return tree;
  }

  private static void port(Path tree, String name, String lines) throws IOException {
    Path port = Files.createDirectories(tree.resolve("misc").resolve(name));
    Files.writeString(
        port.resolve("Makefile"),
        "PORTNAME=" + name + "\nPORTVERSION=1.0\nCATEGORIES=misc\nMAINTAINER=a@example.org\n"
            + "COMMENT=Nothing\nNO_ARCH=yes\nDISTFILES=\nNO_BUILD=yes\nPLIST_FILES=\n" + lines
            + "\ndo-extract do-install:\n\t@:\n.include <bsd.port.mk>\n");
    Files.writeString(port.resolve("pkg-descr"), "Nothing.\n");
  }

  private static EvaluationRequest request(String origin) {
    return new EvaluationRequest(
        new Target(Abi.parse("Linux:3.2:x86_64"), new Base.Host(), "this host"),
        List.of(origin),
        List.of(),
        Collections.emptySortedMap());
  }

  @Test
  void buildsAPortBesideItsMakeCallsAlone() throws Exception {
    Path tree = tree();
    port(tree, "nothing", "");
    port(tree, "needy", "RUN_DEPENDS=nothing>0:misc/nothing");
    try (Jails jails = Jails.open(folder.resolve("jails"), true)) {
      Path scratch = folder.resolve("bench");
      BuildReport report = new BuildBench(jails, scratch, 2, Told.NOBODY)
          .run(Checkout.ofFolder(tree), request("misc/nothing"));
      assertThat(report.rounds()).isEqualTo(2);
      assertThat(report.lines().get(0)).startsWith("A build of misc/nothing in jails of ");
      JsonNode json = new ObjectMapper().readTree(report.json());
      assertThat(json.get("make").get("median").asDouble()).isPositive();
      double phases = 0;
      for (JsonNode phase : json.get("phases")) {
        phases += phase.get("median").asDouble();
      }
      assertThat(json.get("phases").has("package")).isTrue();
      assertThat(phases)
          .isPositive()
          .isLessThan(2 * json.get("whole").get("p95").asDouble());
      try (Stream<Path> left = Files.list(scratch.resolve("spool"))) {
        assertThat(left).isEmpty();
      }
      assertThatThrownBy(() -> new BuildBench(jails, scratch, 1, Told.NOBODY)
              .run(Checkout.ofFolder(tree), request("misc/needy")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "misc/needy fetches distfiles or needs other ports; give a port that does neither");
      assertThatThrownBy(() -> new BuildBench(jails, scratch, 1, Told.NOBODY)
              .run(Checkout.ofFolder(tree), request("misc/absent")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageStartingWith("misc/absent cannot be evaluated");
      assertThatThrownBy(() -> new BuildBench(jails, scratch, 0, Told.NOBODY))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("--rounds 0: from 1 to 10000");
    }
  }

  @Test
  void tellsWhatABuildTookBeyondItsMakeCalls() throws Exception {
    BuildReport.Times times = new BuildReport.Times();
    for (int more : new int[] {0, 100, 20}) {
      times.add(
          Duration.ofMillis(300 + more),
          Duration.ofMillis(100),
          Map.of(
              Phase.PACKAGE, Duration.ofMillis(120),
              Phase.STAGE, Duration.ofMillis(80),
              Phase.FETCH, Duration.ofNanos(1000)));
    }
    BuildReport report =
        new BuildReport(OriginSpec.parse("misc/nothing"), Containment.RUNC, 3, times);
    assertThat(report.lines())
        .containsExactly(
            "A build of misc/nothing in jails of runc: 3 rounds, in ms",
            "",
            "                                      median       p95",
            "build                                  320.0     400.0",
            "  stage                                 80.0      80.0",
            "  package                              120.0     120.0",
            "  before, between and after them       120.0     200.0",
            "its make calls alone                   100.0     100.0",
            "",
            "beyond the make calls: 220 ms, at least 200 (goal: under 250)");
    assertThat(new ObjectMapper()
            .readTree(report.json())
            .get("beyond")
            .get("median")
            .asDouble())
        .isEqualTo(220);
  }
}
