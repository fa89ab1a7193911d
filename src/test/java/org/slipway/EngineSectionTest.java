package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.slipway.packages.Abi;
import org.slipway.poudriere.BulkSettings;
import org.slipway.schedule.Job;

final class EngineSectionTest {
  private static final String HEAD = """
      job: small
      tree: { url: /srv/git/ports.git }
      target: { base: host }
      ports: [ all ]
      """;

  @TempDir
  Path home;

  @Test
  void readsWherePoudriereRuns() throws IOException {
    BulkSettings settings = job("""
        engine: poudriere
        poudriere-engine:
          host: root@builder.example.org
          ssh: [ ssh, -i, /etc/farm/a key ]
          jail: 14amd64
          ports: fork
          set: web
          command: /opt/bin/poudriere
          etc: /opt/etc
          data: /zroot/poudriere/data
          folder: /var/slipway
          jobs: 12
          boost: 5
          repository: true
          poll: 30s
          timeout: 2d
        """).poudriere().orElseThrow();

    assertThat(settings)
        .isEqualTo(new BulkSettings(
            Optional.of("root@builder.example.org"),
            List.of("ssh", "-i", "/etc/farm/a key"),
            "14amd64",
            "fork",
            Optional.of("web"),
            "/opt/bin/poudriere",
            "/opt/etc",
            "/zroot/poudriere/data",
            "/var/slipway",
            OptionalInt.of(12),
            5,
            true,
            Duration.ofSeconds(30),
            Duration.ofDays(2)));
  }

  @Test
  void fillsInTheDefaultsOfTheExample() throws IOException {
    BulkSettings settings = job("""
        engine: poudriere
        poudriere-engine: { jail: 14amd64, ports: fork }
        """).poudriere().orElseThrow();

    assertThat(settings.host()).isEmpty();
    assertThat(settings.ssh()).containsExactly("ssh");
    assertThat(settings.command()).isEqualTo("/usr/local/bin/poudriere");
    assertThat(settings.data()).isEqualTo("/usr/local/poudriere/data");
    assertThat(settings.boost()).isEqualTo(20);
    assertThat(settings.repository()).isFalse();
    assertThat(settings.poll()).isEqualTo(Duration.ofSeconds(10));
    assertThat(settings.timeout()).isEqualTo(Duration.ofDays(14));
    assertThat(job("engine: slipway\n").poudriere()).isEmpty();
    assertThat(job("").poudriere()).isEmpty();
  }

  /** What a wrong line 6 is told, under engine: poudriere. */
  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "poudriere-engine: { ports: fork } | poudriere-engine.jail is missing, expected a name of",
        "poudriere-engine: { jail: 14.2, ports: fork } | poudriere-engine.jail: found \"14.2\", expected a name",
        "poudriere-engine: { jail: a, ports: ../x } | poudriere-engine.ports: found \"../x\", expected a name",
        "poudriere-engine: { jail: a, ports: b, host: -oProxyCommand=x } | poudriere-engine.host: found",
        "poudriere-engine: { jail: a, ports: b, host: a b } | poudriere-engine.host: found \"a b\", expected a",
        "poudriere-engine: { jail: a, ports: b, data: data } | poudriere-engine.data: found \"data\", expected an",
        "poudriere-engine: { jail: a, ports: b, data: /a/../b } | poudriere-engine.data: found \"/a/../b\"",
        "poudriere-engine: { jail: a, ports: b, etc: '/a b' } | poudriere-engine.etc: found \"/a b\", expected",
        "poudriere-engine: { jail: a, ports: b, etc: '/$(x)' } | poudriere-engine.etc: found \"/$(x)\"",
        "poudriere-engine: { jail: a, ports: b, jobs: 0 } | poudriere-engine.jobs: found \"0\", expected a whole",
        "poudriere-engine: { jail: a, ports: b, ssh: x } | poudriere-engine.ssh: is only used with a host",
        "poudriere-engine: { jail: a, ports: b, pol: 1s } | unknown key \"pol\" in poudriere-engine; did you",
        "make: '' | poudriere-engine: is missing; engine: poudriere needs { jail: NAME, ports: NAME }",
      })
  void refusesWhatIsWrong(String line, String expected) throws IOException {
    assertThat(mistakes("engine: poudriere\n" + line + "\n"))
        .singleElement()
        .asString()
        .contains(expected);
  }

  @Test
  void refusesAnotherEngineAndSettingsOfOneThatIsNotAskedFor() throws IOException {
    assertThat(mistakes("engine: synth\n"))
        .singleElement()
        .asString()
        .contains("engine: found \"synth\", expected slipway or poudriere");
    assertThat(mistakes("poudriere-engine: { jail: a, ports: b }\n"))
        .singleElement()
        .asString()
        .contains("poudriere-engine: is only read with engine: poudriere");
  }

  private Job job(String lines) throws IOException {
    Path file = Files.writeString(home.resolve("a.yaml"), HEAD + lines);
    return FarmConfig.readJob(file, home, () -> Abi.parse("Linux:3.2:x86_64"));
  }

  private List<String> mistakes(String lines) throws IOException {
    Path file = Files.writeString(home.resolve("a.yaml"), HEAD + lines);
    Mistakes mistakes = new Mistakes(file);
    assertThat(new JobFile(home, new HashMap<>(), () -> Abi.parse("Linux:3.2:x86_64"))
            .read(file, mistakes))
        .isEmpty();
    return mistakes.all().stream().map(Mistake::toString).toList();
  }
}
