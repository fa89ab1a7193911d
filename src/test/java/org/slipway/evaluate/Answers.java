package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.slipway.packages.OriginSpec;

/** Looks up what an evaluation says of one port or of all. */
final class Answers {
  private Answers() {}

  /** Its answers; there must be some. */
  static Port port(Evaluation evaluation, String spec) {
    Optional<Port> port = evaluation.port(OriginSpec.parse(spec));
    assertThat(port)
        .as(() -> spec + " " + evaluation.unevaluable() + evaluation.findings())
        .isPresent();
    return port.get();
  }

  /** Why there are no answers; empty where nothing is said. */
  static String refusal(Evaluation evaluation, String spec) {
    return evaluation.unevaluable().stream()
        .filter(refused -> refused.spec().toString().equals(spec))
        .map(Unevaluable::message)
        .findFirst()
        .orElse("");
  }

  /** All that is said about one port. */
  static List<String> about(Evaluation evaluation, String spec) {
    List<String> said = new ArrayList<>();
    evaluation.findings().stream()
        .filter(finding -> finding.port().map(OriginSpec::toString).equals(Optional.of(spec)))
        .map(Finding::message)
        .forEach(said::add);
    if (!refusal(evaluation, spec).isEmpty()) {
      said.add(refusal(evaluation, spec));
    }
    return said;
  }

  /** All that is said, each a line of text for a person that no terminal takes for more. */
  static List<String> messages(Evaluation evaluation) {
    List<String> said = new ArrayList<>();
    evaluation.findings().stream().map(Finding::message).forEach(said::add);
    evaluation.unevaluable().stream().map(Unevaluable::message).forEach(said::add);
    for (String message : said) {
      assertThat(message)
          .isNotBlank()
          .hasSizeLessThan(1_200)
          .doesNotContain("Exception", Evaluator.TREE + "/")
          .doesNotContainPattern("\\p{Cntrl}");
    }
    return said;
  }

  static void assertAnswered(Evaluation evaluation, String... specs) {
    for (String spec : specs) {
      assertThat(port(evaluation, spec).variable("PKGNAME")).isNotEmpty();
    }
  }

  static void assertRefused(Evaluation evaluation, String... specs) {
    for (String spec : specs) {
      assertThat(refusal(evaluation, spec)).as(spec).isNotEmpty();
      assertThat(evaluation.port(OriginSpec.parse(spec))).as(spec).isEmpty();
    }
  }

  /** Each has either answers or a reason why not. */
  static void assertSettled(Evaluation evaluation, String... specs) {
    for (String spec : specs) {
      assertThat(refusal(evaluation, spec).isEmpty())
          .as(spec)
          .isEqualTo(evaluation.port(OriginSpec.parse(spec)).isPresent());
    }
  }
}
