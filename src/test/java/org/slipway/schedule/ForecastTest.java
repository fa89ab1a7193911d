package org.slipway.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.slipway.build.Footprint;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;
import org.slipway.store.BuildId;
import org.slipway.store.PackageRecord;
import org.slipway.store.PackageState;
import org.slipway.store.Tries;

class ForecastTest {
  private static final Instant NOW = Instant.parse("2026-01-05T12:00:00Z");

  @Test
  void sharesIndependentWorkAmongTheSlots() {
    List<PackageRecord> packages = List.of(waiting("a", 30, 30), waiting("b", 30, 30));
    assertThat(Forecast.remaining(packages, 1, NOW)).hasSeconds(60);
    assertThat(Forecast.remaining(packages, 2, NOW)).hasSeconds(30);
  }

  @Test
  void isNoShorterThanTheLongestChain() {
    List<PackageRecord> packages = List.of(waiting("library", 20, 50), waiting("program", 30, 30));
    assertThat(Forecast.remaining(packages, 8, NOW)).hasSeconds(50);
  }

  @Test
  void countsDownWhatIsBuildingAndNeverBelowNothing() {
    assertThat(Forecast.remaining(List.of(building(30, 10)), 2, NOW)).hasSeconds(20);
    assertThat(Forecast.remaining(List.of(building(30, 90)), 2, NOW)).isZero();
  }

  @Test
  void learnsFromThePackagesOfThisBuildHowFastItGoes() {
    List<PackageRecord> packages = new ArrayList<>(List.of(waiting("last", 10, 10)));
    packages.add(built("a", 10, 2));
    packages.add(built("b", 10, 2));
    assertThat(Forecast.remaining(packages, 1, NOW)).as("two are too few").hasSeconds(10);
    packages.add(built("c", 10, 2));
    assertThat(Forecast.remaining(packages, 1, NOW)).hasSeconds(2);
  }

  private static PackageRecord waiting(String name, int expected, int critical) {
    return row(name, PackageState.WAITING, expected, critical, Optional.empty(), Optional.empty());
  }

  private static PackageRecord building(int expected, int spent) {
    Optional<Instant> start = Optional.of(NOW.minusSeconds(spent));
    return row("now", PackageState.BUILDING, expected, expected, start, Optional.empty());
  }

  private static PackageRecord built(String name, int expected, int took) {
    Optional<Instant> start = Optional.of(NOW.minusSeconds(took));
    return row(name, PackageState.BUILT, expected, expected, start, Optional.of(NOW));
  }

  private static PackageRecord row(
      String name,
      PackageState state,
      int expected,
      int critical,
      Optional<Instant> started,
      Optional<Instant> finished) {
    return new PackageRecord(
        new BuildId(1),
        OriginSpec.parse("devel/" + name),
        PackageName.parse(name + "-1.0"),
        state,
        "not built before",
        "",
        "",
        List.of(),
        Duration.ofSeconds(expected),
        Duration.ofSeconds(critical),
        1,
        Tries.NONE,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        started,
        finished,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Footprint.NONE,
        false);
  }
}
