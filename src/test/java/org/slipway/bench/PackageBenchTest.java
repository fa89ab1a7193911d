package org.slipway.bench;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.packages.Digest;

/** What is measured and how it is told; the measuring itself needs bsdtar and is done by hand. */
final class PackageBenchTest {
  @TempDir
  Path folder;

  @Test
  void makesTheSameContentOnEveryHost() throws Exception {
    SampleContent content = SampleContent.write(folder.resolve("one"), 3_000_001);
    SampleContent again = SampleContent.write(folder.resolve("two"), 3_000_001);
    assertThat(again).isEqualTo(content);
    long bytes = 0;
    for (String path : content.paths()) {
      Path file = folder.resolve("one").resolve(path.substring(1));
      bytes += Files.size(file);
      assertThat(Digest.of(folder.resolve("two").resolve(path.substring(1))))
          .isEqualTo(Digest.of(file));
    }
    assertThat(bytes).isEqualTo(3_000_001);
  }

  @Test
  void takesTheMedianOfTheRoundsRatios() throws Exception {
    PackageReport report =
        new PackageReport(200 << 20, 9, 9, 2, List.of(round(1, 2), round(3, 4), round(5, 5)));
    assertThat(report.ratio(PackageReport.Way.TAR, PackageReport.Measure.WALL)).hasValue(0.75);
    assertThat(report.ratio(PackageReport.Way.TAR, PackageReport.Measure.CPU)).isEmpty();
    assertThat(report.ratio(PackageReport.Way.TAR_THREADS, PackageReport.Measure.WALL))
        .isEmpty();
    assertThat(report.lines())
        .allSatisfy(line -> assertThat(line).hasSizeLessThanOrEqualTo(79))
        .contains("goal: wall beside one thread at most 1.0, met");
    JsonNode json = new ObjectMapper().readTree(report.json());
    assertThat(json.get("ratios").get("bsdtar").get("wall").asDouble()).isEqualTo(0.75);
    assertThat(json.get("rounds").get(0).get("slipway").get("cpu").asDouble()).isEqualTo(0.5);
    assertThat(json.get("rounds").get(0).get("bsdtar").get("cpu").isNull()).isTrue();
  }

  @Test
  void saysWhenTheGoalIsMissed() {
    PackageReport report = new PackageReport(1 << 20, 1, 9, 2, List.of(round(3, 2)));
    assertThat(report.lines()).contains("goal: wall beside one thread at most 1.0, missed");
  }

  @Test
  void measuresNothingOfNoSize() {
    assertThatThrownBy(() -> new PackageBench.Wish(0, 9, 1))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new PackageBench.Wish(1, 20, 1))
        .isInstanceOf(IllegalArgumentException.class);
  }

  private static PackageReport.Round round(int ours, int theirs) {
    return new PackageReport.Round(Map.of(
        PackageReport.Way.OURS, measured(ours, Optional.of(Duration.ofMillis(500))),
        PackageReport.Way.TAR, measured(theirs, Optional.empty())));
  }

  private static PackageReport.Measured measured(int seconds, Optional<Duration> cpu) {
    return new PackageReport.Measured(
        new Figures(Duration.ofSeconds(seconds), cpu, OptionalLong.empty(), Optional.empty()), 10);
  }
}
