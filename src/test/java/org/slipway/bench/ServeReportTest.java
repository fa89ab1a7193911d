package org.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.bench.ServeBench.Load;
import org.slipway.bench.ServeBench.Server;

class ServeReportTest {
  private static final String SAID = """
      Running 2s test @ http://127.0.0.1:1/All/small-1.0.pkg
        1 threads and 16 connections
      told 1000 2300000 2000000 150 900 0
      used 30 100
      """;

  @Test
  void readsWhatTheLoadTold() throws Exception {
    WrkOutput output = WrkOutput.parse(SAID);
    assertThat(output)
        .isEqualTo(new WrkOutput(1_000, 2_300_000, 2_000_000, 150, 900, 0, Duration.ofMillis(300)));
    assertThat(output.figures(Optional.of(output.cpu())))
        .isEqualTo(new ServeReport.Figures(500, Optional.of(300.0), 150, 900));
    output.require("small", 2_048);
  }

  @Test
  void takesNoWrongAnswersForFastOnes() throws Exception {
    WrkOutput output = WrkOutput.parse(SAID);
    assertThatThrownBy(() -> output.require("large", 5_000))
        .isInstanceOf(IOException.class)
        .hasMessage("large: wrong answers: 0 errors in 1000 requests, 2300 bytes each for a file"
            + " of 5000");
    assertThatThrownBy(() -> output.require("unchanged", 0)).isInstanceOf(IOException.class);
    WrkOutput broken = WrkOutput.parse(SAID.replace("900 0", "900 3"));
    assertThatThrownBy(() -> broken.require("small", 2_048)).hasMessageContaining("3 errors");
    WrkOutput nothing = WrkOutput.parse(SAID.replace("told 1000", "told 0"));
    assertThatThrownBy(() -> nothing.require("small", 2_048)).isInstanceOf(IOException.class);
    assertThatThrownBy(() -> WrkOutput.parse("unable to connect\n"))
        .hasMessage("wrk told no figures: unable to connect");
  }

  @Test
  void comparesRoundByRound() throws Exception {
    ServeReport report = new ServeReport(
        new ServeBench.Wish(5, 3, 16, 10, EnumSet.allOf(Load.class)),
        "runc in private namespaces",
        List.of(round(900, 1_000), round(500, 1_000), round(2_000, 1_000)));
    assertThat(report.requests(Load.SMALL)).hasValueCloseTo(0.9, within(1e-9));
    assertThat(report.cpu(Load.LARGE)).hasValueCloseTo(2.0, within(1e-9));
    assertThat(report.lines()).allMatch(line -> line.length() <= 79);
    assertThat(report.lines()).anyMatch(line -> line.matches("2 KB package +0.90 +2.00 +met"));
    JsonNode json = new ObjectMapper().readTree(report.json());
    assertThat(json.at("/ratios/unchanged/requests_per_second").asDouble())
        .isCloseTo(0.9, within(1e-9));
    assertThat(json.at("/rounds/1/small/slipway/requests_per_second").asDouble())
        .isEqualTo(500);
    assertThat(json.at("/rounds/1/small/nginx/cpu_seconds").asDouble())
        .isCloseTo(10e-6, within(1e-12));
  }

  @Test
  void speaksOnlyOfTheLoadsThatWereWanted() throws Exception {
    ServeReport report = new ServeReport(
        new ServeBench.Wish(5, 1, 16, 10, List.of(Load.LARGE)),
        "runc in private namespaces",
        List.of(round(900, 1_000)));
    assertThat(report.lines()).anyMatch(line -> line.startsWith("5 MB package"));
    assertThat(report.lines())
        .noneMatch(line -> line.startsWith("2 KB package") || line.startsWith("catalogue"));
    JsonNode json = new ObjectMapper().readTree(report.json());
    assertThat(json.get("ratios").fieldNames()).toIterable().containsExactly("large");
    assertThat(json.at("/rounds/0").fieldNames()).toIterable().containsExactly("large");
  }

  private static ServeReport.Round round(double ours, double theirs) {
    Map<Load, Map<Server, ServeReport.Figures>> figures = new EnumMap<>(Load.class);
    for (Load load : Load.values()) {
      figures.put(
          load,
          Map.of(
              Server.SLIPWAY,
              new ServeReport.Figures(ours, Optional.of(20.0), 100, 2_000),
              Server.NGINX,
              new ServeReport.Figures(theirs, Optional.of(10.0), 100, 2_000)));
    }
    return new ServeReport.Round(figures);
  }
}
