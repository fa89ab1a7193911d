package org.slipway.poudriere;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.slipway.evaluate.Blacklist;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Layer;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/** The words and files that a host gets, beside what is kept of them in golden/. */
class BulkFilesTest {
  private static final BuildName BUILD =
      BuildName.of(12, Instant.parse("2026-01-05T09:00:00.123Z"));

  @Test
  void writesTheSettingsOfAJobAsFilesOfPoudriere() throws Exception {
    BulkSettings settings =
        settings(Optional.empty(), Optional.of("web"), OptionalInt.of(8), false);

    StringBuilder text = new StringBuilder();
    BulkFiles.of(settings, order())
        .forEach((name, content) -> text.append("== ").append(name).append('\n').append(content));

    assertThat(text.toString()).isEqualTo(golden("settings.txt"));
  }

  @Test
  void writesTheCommandLine() throws Exception {
    StringBuilder lines = new StringBuilder();
    List<String> overlays = List.of();
    for (BulkSettings each : List.of(
        settings(Optional.empty(), Optional.empty(), OptionalInt.empty(), true),
        settings(Optional.empty(), Optional.of("web"), OptionalInt.of(8), false),
        settings(Optional.of("root@builder"), Optional.empty(), OptionalInt.empty(), false))) {
      overlays = each.set().isPresent() ? List.of("private", "patches") : List.of();
      List<String> words = BulkFiles.command(each, "/var/db/slipway/job", BUILD, overlays);
      lines.append(String.join("\n  ", HostShell.argv(each, words))).append('\n');
    }

    assertThat(lines.toString()).isEqualTo(golden("commands.txt"));
  }

  @Test
  void boostsWhatTakesLongestToTheEndAndEachNameOnce() {
    List<Order.Weight> weights = List.of(
        weight("a-1", 5), weight("b-1", 50), weight("c-1", 7), weight("b-2", 40), weight("d-1", 0));

    assertThat(Boost.names(weights, 2)).containsExactly("b", "c");
    assertThat(Boost.names(weights, 9)).containsExactly("b", "c", "a");
    assertThat(Boost.names(weights, 0)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "0123456789012345678901234567890123456789012345678901234567890123 12 ../../etc/passwd.pkg",
        "0123456789012345678901234567890123456789012345678901234567890123 12 /x-1.pkg",
        "0123456789012345678901234567890123456789012345678901234567890123 12 Hashed/../x-1.pkg",
        "0123456789012345678901234567890123456789012345678901234567890123 -1 x-1.pkg",
        "0123456789012345678901234567890123456789012345678901234567890123 12 x.pkg",
        "0123 12 x-1.pkg",
        "x-1.pkg",
        "",
      })
  void believesNoHostThatNamesAnArchiveOddly(String line) {
    assertThat(PoudriereEngine.archive(line)).isEmpty();
  }

  @Test
  void refusesSettingsThatAShellCouldTakeForSomethingElse() {
    for (String path : List.of("x", "/a b", "/a/../b", "/a/./b", "/$(x)", "/a'", "/", "/a/", "")) {
      assertThat(BulkSettings.isPath(path)).as(path).isFalse();
    }
    assertThat(BulkSettings.isPath("/usr/local/etc")).isTrue();
    assertThatThrownBy(() -> new BuildName("a/b")).isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(
            () -> settings(Optional.of("-oX"), Optional.empty(), OptionalInt.empty(), false))
        .hasMessage("\"-oX\" is not a host");
  }

  private static Order.Weight weight(String name, long seconds) {
    return new Order.Weight(PackageName.parse(name), Duration.ofSeconds(seconds));
  }

  private static Order order() {
    Layer shared = Layer.ofJob(
            Map.of(Origin.parse("www/nginx"), Map.of("HTTP3", true, "MAIL", false)),
            "DEFAULT_VERSIONS+=ssl=libressl")
        .with(Blacklist.of(List.of("www/old", "lang/x@-")));
    Layer own = Layer.ofJob(
            Map.of(Origin.parse("www/nginx"), Map.of("MAIL", true)), "WITH_DEBUG=yes")
        .with(Blacklist.of(List.of("net/b")));
    EvaluationRequest request = new EvaluationRequest(
        new Target(Abi.parse("FreeBSD:14:amd64"), new Base.Host(), "14.2"),
        List.of("www/nginx"),
        List.of(new Layer("shared", shared.makeConf(), shared.options(), shared.blacklist()), own),
        Collections.emptySortedMap());
    return new Order(
        request,
        List.of(OriginSpec.parse("www/nginx"), OriginSpec.parse("lang/python311@default")),
        List.of(weight("nginx-1.2", 9), weight("llvm19-19.1", 9000)));
  }

  private static BulkSettings settings(
      Optional<String> host, Optional<String> set, OptionalInt jobs, boolean repository) {
    return new BulkSettings(
        host,
        List.of("ssh"),
        "14amd64",
        "fork",
        set,
        "/usr/local/bin/poudriere",
        "/usr/local/etc",
        "/usr/local/poudriere/data",
        "/var/db/slipway",
        jobs,
        20,
        repository,
        Duration.ofSeconds(10),
        Duration.ofDays(14));
  }

  private static String golden(String name) throws Exception {
    try (InputStream in = BulkFilesTest.class.getResourceAsStream("golden/" + name)) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
