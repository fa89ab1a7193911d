package org.slipway;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slipway.build.BuildResult;
import org.slipway.build.PhaseTime;
import org.slipway.packages.OriginSpec;
import org.slipway.trial.Outcome;
import org.slipway.trial.TrialReport;

/** How a trial ended, for a program. */
final class TrialJson {
  private static final ObjectMapper JSON = new ObjectMapper();

  private TrialJson() {}

  static ObjectNode of(
      OriginSpec asked, Outcome outcome, Optional<Path> file, TrialProgress progress) {
    ObjectNode node = JSON.createObjectNode();
    node.put("port", asked.toString());
    if (outcome instanceof Outcome.Done done) {
      node.put("outcome", "built");
      node.put("package", done.built().name().toString());
      node.put("file", file.orElse(done.file()).toString());
      node.put("bytes", done.built().sizeBytes());
      node.put("sha256", done.built().sum().hex());
      done.result().ifPresent(result -> phases(node, result));
      done.report().ifPresent(report -> report(node, report));
    } else if (outcome instanceof Outcome.Failed failed) {
      failed(node, asked, failed);
    } else if (outcome instanceof Outcome.Unbuildable not) {
      node.put("outcome", "not built");
      node.put("message", not.reason());
    }
    ArrayNode needed = node.putArray("needed");
    for (TrialProgress.Needed each : progress.needed()) {
      needed
          .addObject()
          .put("port", each.spec().toString())
          .put("package", each.name().toString())
          .put("from", each.from().name().toLowerCase(Locale.ROOT))
          .put("seconds", seconds(each.took()));
    }
    progress.refusals().forEach(node.putArray("not_from_the_repository")::add);
    return node;
  }

  private static void failed(ObjectNode node, OriginSpec asked, Outcome.Failed failed) {
    BuildResult.Failed result = failed.result();
    node.put("outcome", "failed");
    if (!failed.spec().equals(asked)) {
      node.put("dependency", failed.spec().toString());
    }
    node.put("class", result.failure().word());
    node.put("phase", result.phase().word());
    node.put("message", result.message());
    result
        .quoted()
        .ifPresent(quote ->
            node.putObject("quoted").put("line", quote.number()).put("text", quote.text()));
    result.work().ifPresent(work -> node.put("work", work.toString()));
    phases(node, result);
    report(node, failed.report());
    List<String> tail = failed.report().tail();
    tail.forEach(node.putArray("tail")::add);
  }

  private static void phases(ObjectNode node, BuildResult result) {
    ArrayNode phases = node.putArray("phases");
    for (PhaseTime each : result.phases()) {
      ObjectNode phase = phases.addObject();
      phase.put("phase", each.phase().word());
      phase.put("seconds", seconds(each.took()));
      each.cpu().ifPresent(cpu -> phase.put("cpu_seconds", seconds(cpu)));
      each.peakMemoryBytes().ifPresent(peak -> phase.put("peak_memory_bytes", peak));
    }
  }

  private static void report(ObjectNode node, TrialReport report) {
    node.put("log", report.log().toString());
    ArrayNode findings = node.putArray("findings");
    for (TrialReport.Finding each : report.findings()) {
      findings.addObject().put("phase", each.phase().word()).put("text", each.text());
    }
    if (report.omitted() > 0) {
      node.put("findings_omitted", report.omitted());
    }
  }

  private static double seconds(Duration duration) {
    return duration.toMillis() / 1000.0;
  }
}
