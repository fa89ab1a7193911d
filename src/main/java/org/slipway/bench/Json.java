package org.slipway.bench;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import java.io.IOException;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import org.slipway.evaluate.Effort;
import org.slipway.evaluate.Target;

/**
 * Reports for programs: one JSON object on one line, ASCII only. Times are in seconds, memory in
 * bytes; what is not known is null.
 *
 * <pre>
 * both        bench ("evaluate" or "replay"), target, base, jails, workers
 * evaluate    program_cpu (before the first round), compiler (whether the base's starts)
 *             rounds: objects with asked, ports, and for slipway, plain_presets and
 *               plain_no_compiler_presets null or an object with cpu, wall, peak_memory; slipway
 *               also with program_cpu and program_peak_memory, this program's own part
 *             ratios: for each plain way slipway's share of cpu, wall, peak_memory (medians)
 *             verification: null, or as below
 * replay      ports, first (asked, kept, wall)
 *             commits: for all, outside_mk and in_mk an object with count, and seconds and asked,
 *               each with median, p95, p99, max
 *             restart: commit, asked, kept, wall
 *             checks: objects with commit and a verification
 *             steps: objects with commit, mk (whether it changes Mk/), checkout, evaluation, asked
 * a verification has ports, answers and differences: objects with port, what, ours, other
 * </pre>
 */
final class Json {
  private static final JsonFactory FACTORY =
      JsonFactory.builder().enable(JsonWriteFeature.ESCAPE_NON_ASCII).build();

  private final JsonGenerator json;

  private Json(JsonGenerator json) {
    this.json = json;
  }

  private interface Body {
    void write(Json json) throws IOException;
  }

  static String of(EvaluateReport report) throws IOException {
    return line(json -> json.evaluate(report));
  }

  static String of(ReplayReport report) throws IOException {
    return line(json -> json.replay(report));
  }

  private static String line(Body body) throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.writeStartObject();
      body.write(new Json(json));
      json.writeEndObject();
    }
    return text.toString();
  }

  private void evaluate(EvaluateReport report) throws IOException {
    head("evaluate", report.target(), report.jails(), report.workers());
    seconds("program_cpu", report.programCpu());
    json.writeBooleanField("compiler", report.compiler());
    json.writeArrayFieldStart("rounds");
    for (Round round : report.rounds()) {
      json.writeStartObject();
      json.writeNumberField("asked", round.asked());
      json.writeNumberField("ports", round.ports());
      for (Way way : Way.values()) {
        Figures figures = round.figures().get(way);
        if (figures == null) {
          json.writeNullField(way.key());
        } else {
          figures(way.key(), figures);
        }
      }
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeObjectFieldStart("ratios");
    for (Way way : List.of(Way.PRESETS, Way.BARE)) {
      json.writeObjectFieldStart(way.key());
      number("cpu", report.ratio(way, EvaluateReport.Measure.CPU));
      number("wall", report.ratio(way, EvaluateReport.Measure.WALL));
      number("peak_memory", report.ratio(way, EvaluateReport.Measure.PEAK_MEMORY));
      json.writeEndObject();
    }
    json.writeEndObject();
    Optional<Verification> verification = report.verification();
    if (verification.isPresent()) {
      json.writeObjectFieldStart("verification");
      verification(verification.get());
      json.writeEndObject();
    } else {
      json.writeNullField("verification");
    }
  }

  private void replay(ReplayReport report) throws IOException {
    head("replay", report.target(), report.jails(), report.workers());
    json.writeNumberField("ports", report.ports());
    json.writeObjectFieldStart("first");
    effort(report.first());
    json.writeEndObject();
    json.writeObjectFieldStart("commits");
    for (ReplayReport.Commits commits : ReplayReport.Commits.values()) {
      json.writeObjectFieldStart(commits.key());
      json.writeNumberField("count", report.seconds(commits).count());
      spread("seconds", report.seconds(commits));
      spread("asked", report.asked(commits));
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeObjectFieldStart("restart");
    json.writeStringField("commit", report.restart().commit().hex());
    effort(report.restart().effort());
    json.writeEndObject();
    json.writeArrayFieldStart("checks");
    for (ReplayReport.Check check : report.checks()) {
      json.writeStartObject();
      json.writeStringField("commit", check.commit().hex());
      verification(check.verification());
      json.writeEndObject();
    }
    json.writeEndArray();
    json.writeArrayFieldStart("steps");
    for (Step step : report.steps()) {
      json.writeStartObject();
      json.writeStringField("commit", step.commit().hex());
      json.writeBooleanField("mk", step.framework());
      json.writeNumberField("checkout", Text.number(step.checkout()));
      json.writeNumberField("evaluation", Text.number(step.evaluation()));
      json.writeNumberField("asked", step.asked());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void head(String bench, Target target, String jails, int workers) throws IOException {
    json.writeStringField("bench", bench);
    json.writeStringField("target", target.abi().toString());
    json.writeStringField("base", target.baseName());
    json.writeStringField("jails", jails);
    json.writeNumberField("workers", workers);
  }

  private void figures(String name, Figures figures) throws IOException {
    json.writeObjectFieldStart(name);
    seconds("cpu", figures.cpu());
    seconds("wall", Optional.of(figures.wall()));
    bytes("peak_memory", figures.peakMemoryBytes());
    if (figures.program().isPresent()) {
      seconds("program_cpu", figures.program().get().cpu());
      bytes("program_peak_memory", figures.program().get().peakMemoryBytes());
    }
    json.writeEndObject();
  }

  private void spread(String name, Spread spread) throws IOException {
    json.writeObjectFieldStart(name);
    json.writeNumberField("median", spread.median());
    json.writeNumberField("p95", spread.p95());
    json.writeNumberField("p99", spread.p99());
    json.writeNumberField("max", spread.max());
    json.writeEndObject();
  }

  private void effort(Effort effort) throws IOException {
    json.writeNumberField("asked", effort.asked());
    json.writeNumberField("kept", effort.kept());
    seconds("wall", Optional.of(effort.wall()));
  }

  private void verification(Verification verification) throws IOException {
    json.writeNumberField("ports", verification.ports());
    json.writeNumberField("answers", verification.answers());
    json.writeArrayFieldStart("differences");
    for (Difference each : verification.differences()) {
      json.writeStartObject();
      json.writeStringField("port", each.port());
      json.writeStringField("what", each.what());
      json.writeStringField("ours", each.ours());
      json.writeStringField("other", each.other());
      json.writeEndObject();
    }
    json.writeEndArray();
  }

  private void seconds(String name, Optional<Duration> duration) throws IOException {
    number(
        name,
        duration
            .map(each -> OptionalDouble.of(Text.number(each)))
            .orElseGet(OptionalDouble::empty));
  }

  private void bytes(String name, OptionalLong bytes) throws IOException {
    if (bytes.isPresent()) {
      json.writeNumberField(name, bytes.getAsLong());
    } else {
      json.writeNullField(name);
    }
  }

  private void number(String name, OptionalDouble number) throws IOException {
    if (number.isPresent()) {
      json.writeNumberField(name, number.getAsDouble());
    } else {
      json.writeNullField(name);
    }
  }
}
