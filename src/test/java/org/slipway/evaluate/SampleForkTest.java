package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.jail.Command;
import org.slipway.jail.Jail;
import org.slipway.jail.JailSpec;
import org.slipway.jail.Jails;
import org.slipway.jail.Limits;
import org.slipway.jail.Mount;
import org.slipway.packages.OriginSpec;
import org.slipway.tree.Checkout;

final class SampleForkTest {
  @TempDir
  private Path temp;

  @Test
  void answersForTheSampleForkAreThoseOfOnePlainMakeAPort() throws Exception {
    EvaluationRequest request = Bench.request(List.of("all", "net/drumlin@all"), Map.of(), "");
    try (Jails jails = Jails.open(temp.resolve("jails"), true);
        Bench bench = new Bench(temp, jails).copy(Bench.SAMPLE);
        Checkout checkout = bench.checkout()) {
      // With brief makefiles, and each answer is still that of the whole ones.
      Evaluator evaluator =
          new Evaluator(jails, bench.kits(), Optional.empty(), 2, Duration.ofSeconds(60), 1);
      Evaluation evaluation = evaluator.evaluate(checkout, request);
      assertThat(bench.kits()).isDirectoryContaining("glob:**/brief-*");
      assertThat(evaluation.unevaluable()).isEmpty();
      assertThat(evaluation.findings()).isEmpty();
      assertThat(evaluation.ports()).hasSizeGreaterThanOrEqualTo(24);
      assertThat(evaluation.ports()).containsKey(OriginSpec.parse("net/drumlin@lite"));
      assertThat(evaluation.ports().values()).anyMatch(port -> port.ignore().isPresent());
      List<Mount> mounts = List.of(
          new Mount(checkout.directory(), "/xports", false),
          new Mount(evaluator.kit(request), "/kit", false));
      List<String> names = List.copyOf(Evaluator.questions().keySet());
      String script = evaluation.ports().keySet().stream()
          .map(SampleForkTest::plainMake)
          .collect(Collectors.joining());
      List<String> expected = evaluation.ports().values().stream()
          .flatMap(port -> names.stream().map(name -> told(port.spec(), name, port.variable(name))))
          .toList();
      List<String> lines = plainly(jails, mounts, script);
      List<OriginSpec> specs = List.copyOf(evaluation.ports().keySet());
      assertThat(lines).hasSize(expected.size());
      for (int i = 0; i < lines.size(); i++) {
        String name = names.get(i % names.size());
        assertThat(told(specs.get(i / names.size()), name, lines.get(i)))
            .isEqualTo(expected.get(i));
      }
    }
  }

  private static String told(OriginSpec spec, String name, String value) {
    return spec + ": " + name + "=" + value;
  }

  private static String plainMake(OriginSpec spec) {
    String flavor = spec.flavor().map(name -> " FLAVOR=" + name).orElse("");
    String questions = Evaluator.questions().values().stream()
        .map(expression -> " -V '" + expression + "'")
        .collect(Collectors.joining());
    return "bmake -C /xports/" + spec.origin() + flavor + questions + "\n";
  }

  private static List<String> plainly(Jails jails, List<Mount> mounts, String script)
      throws IOException, InterruptedException {
    ByteArrayOutputStream output = new ByteArrayOutputStream();
    ByteArrayOutputStream errors = new ByteArrayOutputStream();
    Command command = new Command(
        List.of("/bin/sh", "-c", script),
        Evaluator.environment(Bench.SAMPLE),
        "/",
        Command.User.BUILDER,
        Command.Network.NONE,
        Limits.of(Duration.ofMinutes(5)),
        Optional.empty());
    try (Jail jail = jails.create(new JailSpec("plain", Bench.LINUX.base(), mounts))) {
      jail.run(command, output, errors);
    }
    assertThat(errors.toString(StandardCharsets.UTF_8)).isEmpty();
    return output.toString(StandardCharsets.UTF_8).lines().toList();
  }
}
