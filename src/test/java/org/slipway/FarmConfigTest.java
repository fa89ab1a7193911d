package org.slipway;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.slipway.build.BuildRequest.FetchNetwork;
import org.slipway.build.FailureClass;
import org.slipway.build.Phase;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.jail.Base;
import org.slipway.packages.Abi;
import org.slipway.packages.Origin;
import org.slipway.packages.OriginSpec;
import org.slipway.publish.Retention;
import org.slipway.repository.Layout;
import org.slipway.schedule.Job;
import org.slipway.schedule.Retries;
import org.slipway.sign.KeySource;
import org.slipway.sign.Signing;

final class FarmConfigTest {
  private static final Abi HOST = Abi.parse("Linux:3.2:x86_64");

  private static final String SMALLEST = """
      job: small
      tree: { url: /srv/git/ports.git }
      target: { base: host }
      ports: [ all ]
      """;

  @TempDir
  Path home;

  @BeforeEach
  void makeJobsFolder() throws IOException {
    Files.createDirectory(home.resolve("jobs"));
  }

  @Test
  void readsEveryKeyOfAJob() throws IOException {
    job("a.yaml", """
        job: dev-linux
        tree:    { url: "ssh://git@git.example.org/ports.git", branch: release/2026 }
        target:  { os: Linux, version: 3.2, arch: x86_64, base: host }
        ports:   [ www/haproxy, lang/python311@default, devel/libfoo@all, www/haproxy ]
        options: { www/haproxy: { LUA: on, DOCS: off }, lang/python311: { DEBUG: true } }
        make: |
          DEFAULT_VERSIONS+=ssl=libressl
          WITH_DEBUG=yes
        trigger: { poll: 2m, cron: "0 0 3 * * ?", webhook: false, each-commit: false }
        build:
          slots: 3
          timeout: 90m
          silence: 600s
          memory: 8g
          log: 10m
          policy: content
          mirror: http://mirror.example.org/distfiles/
          allow-uncontained: true
        publish: { channel: next, sign: release_2026, keep: 7, require: [ www/haproxy ], max-failed: 5% }
        """);

    Job job = onlyJob();

    assertThat(job.name()).hasToString("dev-linux");
    assertThat(job.tree())
        .isEqualTo(new Job.Tree("ssh://git@git.example.org/ports.git", "release/2026"));
    assertThat(job.target().abi()).isEqualTo(HOST);
    assertThat(job.target().base()).isEqualTo(new Base.Host());
    assertThat(job.target().baseName()).startsWith("host Linux:3.2:x86_64 ");
    assertThat(job.ports())
        .containsExactly("www/haproxy", "lang/python311@default", "devel/libfoo@all");
    assertThat(job.settings().options())
        .isEqualTo(Map.of(
            Origin.parse("www/haproxy"), Map.of("LUA", true, "DOCS", false),
            Origin.parse("lang/python311"), Map.of("DEBUG", true)));
    assertThat(job.settings().make()).isEqualTo("DEFAULT_VERSIONS+=ssl=libressl\nWITH_DEBUG=yes\n");
    assertThat(job.trigger())
        .isEqualTo(new Job.Trigger(Duration.ofMinutes(2), Optional.of("0 0 3 * * ?")));
    assertThat(job.build())
        .isEqualTo(new Job.Build(
            3,
            Duration.ofMinutes(90),
            Duration.ofMinutes(10),
            8L << 30,
            10L << 20,
            Optional.of(URI.create("http://mirror.example.org/distfiles/")),
            true,
            Job.Room.USUAL,
            new Job.Manner(
                Job.Manner.USUAL.tested(),
                Map.of(),
                // With a limit of its own on memory it would fail alone too.
                new Retries(Map.of(FailureClass.MEMORY, 0), Duration.ofSeconds(30)),
                Optional.empty(),
                Optional.empty())));
    assertThat(job.publish().channel()).hasToString("next");
    assertThat(job.publish().sign()).isEqualTo(Job.Sign.with("release_2026"));
    assertThat(job.publish().retention().keep()).isEqualTo(7);
    assertThat(job.publish().require()).containsExactly(Origin.parse("www/haproxy"));
    assertThat(job.publish().maxFailedPercent()).isEqualTo(5);
  }

  @Test
  void readsWhatABuildMayUseAndDoes() throws IOException {
    job("a.yaml", """
        job: roomy
        tree: { url: /srv/git/ports.git }
        target: { base: host }
        ports: [ all ]
        build:
          disk: 40g
          files: 8192
          processes: 900
          cpu: 150%
          work: memory 4g
          ccache: true
          keep-work: 3d
          fetch-network: own
          timeouts: { extract: 10m, build: 12h }
          package-size: 6g
          retries: { fetch: 5, jail: 0, pause: 2m }
          test: [ www/haproxy, lang/python311 ]
        """);

    Job.Build build = onlyJob().build();

    assertThat(build.room())
        .isEqualTo(new Job.Room(40L << 30, 8192, 900, 150, OptionalLong.of(4L << 30), 6L << 30));
    assertThat(build.manner())
        .isEqualTo(new Job.Manner(
            new Job.Tested(
                false, Set.of(Origin.parse("www/haproxy"), Origin.parse("lang/python311"))),
            Map.of(Phase.EXTRACT, Duration.ofMinutes(10), Phase.BUILD, Duration.ofHours(12)),
            new Retries(Map.of(FailureClass.FETCH, 5, FailureClass.JAIL, 0), Duration.ofMinutes(2)),
            Optional.of(home.resolve("ccache/roomy")),
            Optional.of(Duration.ofDays(3)),
            FetchNetwork.OWN));
  }

  @Test
  void readsWhoSignsAndWhatStays() throws IOException {
    job("signed.yaml", """
        job: signed
        tree: { url: /srv/git/ports.git }
        target: { base: host }
        ports: [ all ]
        publish:
          sign:
            - farm
            - { name: next, file: keys-of-mine/next.pem, passphrase-file: /etc/farm/secret }
            - { name: token, command: [ ssh, signer, sign-repo ], time: 2m }
            - { name: vault, passphrase-env: VAULT }
          keep: 3
          keep-for: 30d
          grace: 2h
          layout: flat
          files: true
          foreign: [ sysutils/u-boot ]
          groups: Mk/groups
        """);
    Job.Publish publish = FarmConfig.read(home, () -> HOST).jobs().get(0).publish();
    assertThat(publish.sign().form()).isEqualTo(Signing.Form.FINGERPRINTS);
    assertThat(publish.sign().keys())
        .extracting(Job.Key::name)
        .containsExactly("farm", "next", "token", "vault");
    assertThat(publish.sign().keys().get(1).source())
        .isInstanceOfSatisfying(KeySource.KeyFile.class, file -> {
          assertThat(file.path()).isEqualTo(home.resolve("keys-of-mine/next.pem"));
          assertThat(file.passphrase()).hasToString("the passphrase in /etc/farm/secret");
        });
    assertThat(publish.sign().keys().get(2).source())
        .isEqualTo(
            new KeySource.Command(List.of("ssh", "signer", "sign-repo"), Duration.ofMinutes(2)));
    assertThat(publish.retention())
        .isEqualTo(new Retention(3, Duration.ofDays(30), Duration.ofHours(2)));
    assertThat(publish.layout()).isEqualTo(Layout.FLAT);
    assertThat(publish.files()).isTrue();
    assertThat(publish.foreign()).containsExactly(Origin.parse("sysutils/u-boot"));
    assertThat(publish.groups()).hasValue("Mk/groups");
  }

  @Test
  void signsNothingOnlyWhenAskedByName() throws IOException {
    String head = "tree: { url: /srv/git/ports.git }\ntarget: { base: host }\nports: [ all ]\n";
    job("open.yaml", "job: open\n" + head + "publish: { form: unsigned }\n");
    job("one.yaml", "job: one\n" + head + "publish: { form: pubkey }\n");
    List<Job> jobs = FarmConfig.read(home, () -> HOST).jobs();
    assertThat(jobs)
        .extracting(job ->
            job.publish().sign().form() + " " + job.publish().sign().keys().size())
        .containsExactlyInAnyOrder("UNSIGNED 0", "PUBKEY 1");
  }

  @Test
  void readsSettingsThatAJobSharesWithOthers() throws IOException {
    Path shared = Files.createDirectories(home.resolve("poudriere.d"));
    Files.writeString(shared.resolve("make.conf"), "WITH_DEBUG=yes\n");
    Files.writeString(shared.resolve("dev-make.conf"), "DEFAULT_VERSIONS+=ssl=libressl\n");
    Files.writeString(shared.resolve("blacklist"), "www/old\nnonsense\n");
    job("shared.yaml", """
        job: shared
        tree: { url: /srv/git/ports.git }
        target: { base: host }
        ports: [ all ]
        options: { www/haproxy: { LUA: on } }
        make: LAST=yes
        blacklist: [ www/apache24, lang/python311@default ]
        define: { MY_SITE: "https://example.org/a b", OSVERSION: 1402000 }
        poudriere: { folder: poudriere.d, set: dev }
        """);
    Job job = FarmConfig.read(home, () -> HOST).jobs().get(0);
    EvaluationRequest request = job.request();
    assertThat(request.makeConf())
        .containsSubsequence("WITH_DEBUG=yes", "DEFAULT_VERSIONS+=ssl=libressl", "LAST=yes");
    assertThat(request.options().get(Origin.parse("www/haproxy"))).containsEntry("LUA", true);
    assertThat(request.defines())
        .containsExactly(
            Map.entry("MY_SITE", "https://example.org/a b"), Map.entry("OSVERSION", "1402000"));
    assertThat(request.blacklistedBy(OriginSpec.parse("www/apache24"), List.of()))
        .isPresent();
    assertThat(request.blacklistedBy(OriginSpec.parse("www/old"), List.of())).isPresent();
    assertThat(request.blacklistedBy(OriginSpec.parse("www/haproxy"), List.of()))
        .isEmpty();
    assertThat(job.settings().remarks()).singleElement().asString().contains("nonsense");
  }

  @Test
  void fillsInDocumentedDefaults() throws IOException {
    job("a.yaml", SMALLEST);

    Job job = onlyJob();

    assertThat(job.tree().branch()).isEqualTo("main");
    assertThat(job.settings().options()).isEmpty();
    assertThat(job.settings().make()).isEmpty();
    assertThat(job.trigger()).isEqualTo(new Job.Trigger(Duration.ofSeconds(30), Optional.empty()));
    assertThat(job.build())
        .isEqualTo(new Job.Build(
            Runtime.getRuntime().availableProcessors(),
            Duration.ofHours(6),
            Duration.ofHours(1),
            0,
            64L << 20,
            Optional.empty(),
            false));
    assertThat(job.publish().channel()).hasToString("dev");
    assertThat(job.publish().sign()).isEqualTo(Job.Sign.with("farm"));
    assertThat(job.publish().retention().keep()).isEqualTo(20);
    assertThat(job.publish().maxFailedPercent()).isEqualTo(25);
  }

  @Test
  void startsRelativeFoldersFromHome() throws IOException {
    job("a.yaml", SMALLEST.replace("/srv/git/ports.git", "forks/../ports.git"));

    assertThat(onlyJob().tree().url()).isEqualTo(home.resolve("ports.git").toString());
  }

  @Test
  void takesAnUnpackedBaseAsAFolder() throws IOException {
    Files.createDirectories(home.resolve("base/bin"));
    job(
        "a.yaml",
        SMALLEST.replace("base: host", "base: base, os: Linux, version: \"3.17\", arch: aarch64"));

    Job job = onlyJob();

    assertThat(job.target().abi()).isEqualTo(Abi.parse("Linux:3.17:aarch64"));
    assertThat(job.target().base()).isEqualTo(new Base.Directory(home.resolve("base")));
  }

  @Test
  void believesAPersonWhereTheHostDoesNotSayWhatItIs() throws IOException {
    AbiSource silent = () -> {
      throw new IOException("/bin/sh carries no ABI note");
    };
    job(
        "a.yaml",
        SMALLEST.replace("base: host", "base: host, os: Linux, version: 6.1, arch: x86_64"));

    assertThat(FarmConfig.read(home, silent).jobs().get(0).target().abi())
        .isEqualTo(Abi.parse("Linux:6.1:x86_64"));

    job("a.yaml", SMALLEST);

    assertThat(catchThrowableOfType(ConfigException.class, () -> FarmConfig.read(home, silent)))
        .hasMessage(home.resolve("jobs/a.yaml") + ":3:17: target.base: this host's ABI is unknown"
            + " (/bin/sh carries no ABI note); write os, version and arch as well");
  }

  @Test
  void keepsAVersionAsItIsWrittenThoughYamlTakesItForANumber() throws IOException {
    Files.createDirectories(home.resolve("base/bin"));
    job(
        "a.yaml",
        SMALLEST.replace("base: host", "base: base, os: Linux, version: 3.10, arch: x86_64"));

    assertThat(onlyJob().target().abi().version()).isEqualTo("3.10");
  }

  @Test
  void readsAByteOrderMarkAndLineEndsOfOtherSystems() throws IOException {
    job("a.yaml", "\uFEFF" + SMALLEST.replace("\n", "\r\n"));

    assertThat(onlyJob().name()).hasToString("small");
  }

  @Test
  void readsAFileThatIsNotInHome() throws IOException {
    Path file = home.resolve("elsewhere.yaml");
    Files.writeString(file, SMALLEST);

    assertThat(FarmConfig.readJob(file, home, () -> HOST).name()).hasToString("small");
  }

  @Test
  void readsTheJobFilesThatShipWithSlipway() throws IOException {
    Path jobs = Path.of(System.getProperty("slipway.dir", ".")).resolve("jobs");
    job("defaults.yaml", SMALLEST);

    Job demo = FarmConfig.readJob(jobs.resolve("demo.yaml"), home, () -> HOST);
    Job example = FarmConfig.readJob(jobs.resolve("example.yaml.sample"), home, () -> HOST);

    assertThat(demo.tree().url()).isEqualTo(home.resolve("fork").toString());
    assertThat(demo.build().allowUncontained()).isTrue();
    Job defaults = onlyJob();
    assertThat(example.settings().make()).isEqualTo(defaults.settings().make());
    assertThat(example.settings().options()).isEqualTo(defaults.settings().options());
    assertThat(example.trigger()).isEqualTo(defaults.trigger());
    assertThat(example.build()).isEqualTo(defaults.build());
    assertThat(example.publish()).isEqualTo(defaults.publish());
  }

  @Test
  void skipsWhatEditorsLeave() throws IOException {
    job("a.yaml", SMALLEST);
    job(".a.yaml.swp", "x");
    job(".#a.yaml", "x");
    job("a.yaml~", "x");

    assertThat(onlyJob().name()).hasToString("small");
  }

  private Job onlyJob() throws IOException {
    List<Job> jobs = FarmConfig.read(home, () -> HOST).jobs();
    assertThat(jobs).hasSize(1);
    return jobs.get(0);
  }

  private void job(String name, String text) throws IOException {
    Files.writeString(home.resolve("jobs").resolve(name), text);
  }
}
