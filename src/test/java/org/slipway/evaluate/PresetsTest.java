package org.slipway.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalInt;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;

final class PresetsTest {
  @Test
  void describesFreeBsd() throws Exception {
    assertThat(Presets.text(target("FreeBSD:14:amd64", "FreeBSD 14.2-RELEASE amd64")))
        .isEqualTo(golden("presets-freebsd-14.2-amd64.mk"));
  }

  @Test
  void describesLinux() throws Exception {
    assertThat(Presets.text(Bench.LINUX)).isEqualTo(golden("presets-linux-3.2-x86_64.mk"));
  }

  @Test
  void findsTheReleaseInTheAbiOrElseInTheBasesWords() {
    assertThat(release("FreeBSD:14.1:amd64", "14.2")).isEqualTo("14.1 1401000");
    assertThat(release("FreeBSD:14:amd64", "base 13.4, then 14.3-RELEASE-p2"))
        .isEqualTo("14.3 1403000");
    assertThat(release("FreeBSD:15:aarch64", "ours")).isEqualTo("15.0 1500068");
    assertThat(release("FreeBSD:9:i386", "FreeBSD 9.3")).isEqualTo("9.3 903000");
  }

  @Test
  void knowsReleasesThatDoNotFollowTheScheme() {
    assertThat(release("FreeBSD:13.0:amd64", "")).isEqualTo("13.0 1300139");
    assertThat(release("FreeBSD:13.3:amd64", "")).isEqualTo("13.3 1303001");
    assertThat(release("FreeBSD:14.0:amd64", "")).isEqualTo("14.0 1400097");
    assertThat(release("FreeBSD:14.2:amd64", "")).isEqualTo("14.2 1402000");
    assertThat(release("FreeBSD:15.1:amd64", "")).isEqualTo("15.1 1501000");
  }

  @Test
  void saysTheOsVersionThatPackagesWillBear() {
    assertThat(osVersion("FreeBSD:14:amd64", "14.2-amd64 base", Map.of())).hasValue(1402000);
    Map<String, String> defined = Map.of("OSVERSION", "1402503");
    assertThat(osVersion("FreeBSD:14:amd64", "14.2-amd64 base", defined)).hasValue(1402503);
    Map<String, String> odd = Map.of("OSVERSION", "${NEWEST}");
    assertThat(osVersion("FreeBSD:14:amd64", "14.2-amd64 base", odd)).hasValue(1402000);
    assertThat(osVersion("Linux:3.2:x86_64", "host", defined)).isEmpty();
  }

  private static OptionalInt osVersion(String abi, String baseName, Map<String, String> defines) {
    return new EvaluationRequest(
            target(abi, baseName), List.of(), List.of(), new TreeMap<>(defines))
        .osVersion();
  }

  @Test
  void namesTheCompilerOfTheRelease() {
    assertThat(Presets.text(target("FreeBSD:15:amd64", "15.1"))).contains("clang version 19.1.7\n");
    assertThat(Presets.text(target("FreeBSD:14:amd64", "14.1"))).contains("clang version 18.1.5\n");
    assertThat(Presets.text(target("FreeBSD:13:amd64", "13.2"))).contains("clang version 14.0.5\n");
  }

  @Test
  void refusesATargetWithoutAProcessor() {
    assertThatThrownBy(() -> Presets.text(target("FreeBSD:14:*", "14.2")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("FreeBSD:14:*");
  }

  private static String release(String abi, String baseName) {
    Presets.Release release = Presets.Release.of(target(abi, baseName));
    return release + " " + release.freeBsdVersion();
  }

  private static Target target(String abi, String baseName) {
    return new Target(Abi.parse(abi), new Base.Directory(Path.of("/base")), baseName);
  }

  private static String golden(String name) throws Exception {
    try (var in = Objects.requireNonNull(PresetsTest.class.getResourceAsStream(name))) {
      return new String(in.readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
    }
  }
}
