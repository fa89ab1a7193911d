package org.slipway.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyPairGenerator;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slipway.evaluate.Evaluation;
import org.slipway.evaluate.Finding;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Target;
import org.slipway.jail.Base;
import org.slipway.jail.Containment;
import org.slipway.packages.Abi;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Decision;
import org.slipway.plan.PlannedPackage;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Publisher;
import org.slipway.repository.RepositoryEntry;
import org.slipway.repository.RepositoryWriter;
import org.slipway.repository.SnapshotId;
import org.slipway.schedule.Job;
import org.slipway.sign.Signer;
import org.slipway.sign.Signing;
import org.slipway.store.BuildId;
import org.slipway.store.BuildState;
import org.slipway.store.DatabaseSettings;
import org.slipway.store.FarmStore;
import org.slipway.store.JobName;
import org.slipway.store.LogStore;
import org.slipway.store.OverlayCommit;
import org.slipway.tree.Commit;
import org.slipway.tree.CommitId;

/**
 * A farm with a past, for the site's tests and for looking at it: real database, logs, packages,
 * key and repositories in a folder; only the builds are played. Its last build is under way. Names
 * and messages are as hostile as they get.
 */
final class SampleSite implements AutoCloseable {
  static final int SLOTS = 4;
  static final Abi ABI = Abi.parse("FreeBSD:14:amd64");
  static final JobName JOB = new JobName("dev-14-amd64");
  static final ChannelName DEV = new ChannelName("dev");
  static final String HOSTILE = "Fix <script>alert('x')</script> & \"quotes\" \u202Egnp.exe";

  final Path home;
  final SampleClock clock;
  final FarmStore store;
  final LogStore logs;
  final Publisher publisher;
  final Map<Digest, Path> files = new HashMap<>();
  final List<OutputStream> openLogs = new ArrayList<>();

  private final Signer signer;
  private final Map<OriginSpec, SamplePort> ports = new TreeMap<>();
  private int commits;

  private SampleSite(Path home, Instant start) throws IOException {
    this.home = home;
    this.clock = new SampleClock(start);
    this.store = FarmStore.open(DatabaseSettings.embedded(home.resolve("db")), clock);
    this.logs = new LogStore(home.resolve("logs"), clock);
    this.publisher = new Publisher(home.resolve("repos").resolve(JOB.name()), clock);
    shortKey(home.resolve("keys"));
    this.signer = Signer.open(home.resolve("keys"), "farm");
    SamplePort.all().forEach(each -> ports.put(each.spec(), each));
  }

  /** Opens a farm that began two and a half hours ago. */
  static SampleSite open(Path home) throws IOException {
    SampleSite sample = new SampleSite(home, Instant.now().minus(Duration.ofMinutes(150)));
    sample.history();
    return sample;
  }

  private void history() throws IOException {
    Duration whole = Duration.ofDays(1);
    BuildId first =
        begin("Import of the quarterly branch 2026Q4", "Mk/bsd.port.mk", "www/haproxy/Makefile");
    OriginSpec library = OriginSpec.parse("private/libfleet");
    build(
        first,
        ports.keySet(),
        Map.of(library, "error: use of undeclared identifier 'SSL_OP_<b>NEW</b>'"),
        whole);
    publish(first);
    clock.advance(Duration.ofMinutes(9));
    change("private/libfleet", "2.14.0_1");
    BuildId second = begin(
        HOSTILE + "\n\nThe new option came with OpenSSL 3.2.\nSee <https://example.org/?a=1&b=2>.",
        "private/libfleet/Makefile",
        "private/libfleet/files/patch-src_tls.c");
    build(
        second,
        Set.of(
            library,
            spec("private/fleet-agent"),
            spec("private/fleet-web"),
            spec("private/fleet-all")),
        Map.of(),
        whole);
    publish(second);
    clock.advance(Duration.ofMinutes(31));
    BuildId third =
        begin("www/nginx: try the mainline branch", "www/nginx/Makefile", "www/nginx/distinfo");
    build(
        third,
        Set.of(spec("www/nginx")),
        Map.of(spec("www/nginx"), "error: conflicting types for 'ngx_<i>ssl</i>_init'"),
        whole);
    store.finish(
        third,
        BuildState.FAILED,
        Optional.empty(),
        Optional.of("www/nginx is required and failed; the channel dev stays as it is"));
    Duration lull = Duration.between(clock.instant(), Instant.now()).minus(Duration.ofMinutes(13));
    clock.advance(lull.isNegative() ? Duration.ofMinutes(1) : lull);
    change("security/openssl", "3.0.17,1");
    BuildId last = begin(
        "security/openssl: update to 3.0.17\n\nFixes three CVEs.",
        "security/openssl/Makefile",
        "security/openssl/distinfo");
    build(
        last,
        dependents(spec("security/openssl")),
        Map.of(library, "error: too few arguments to function call, expected 3, have 2"),
        Duration.ofMinutes(12));
  }

  private void change(String spec, String version) {
    ports.computeIfPresent(spec(spec), (key, port) -> port.withVersion(version));
  }

  private static OriginSpec spec(String text) {
    return OriginSpec.parse(text);
  }

  private Set<OriginSpec> dependents(OriginSpec of) {
    Set<OriginSpec> found = new HashSet<>(Set.of(of));
    boolean more = true;
    while (more) {
      more = false;
      for (SamplePort each : ports.values()) {
        more |= each.needs().stream().anyMatch(found::contains) && found.add(each.spec());
      }
    }
    return found;
  }

  BuildId begin(String message, String... paths) {
    commits++;
    CommitId id = new CommitId(Digest.of("commit " + commits).hex().substring(0, 40));
    store.recordCommits(
        JOB,
        List.of(new Commit(
            id,
            Optional.empty(),
            commits % 2 == 0 ? "Robin \"><img src=x onerror=alert(1)>" : "Kim Larsen",
            "kim@example.org",
            clock.instant().minus(Duration.ofMinutes(2)),
            message,
            List.of(paths))));
    Commit over = new Commit(
        new CommitId(Digest.of("over").hex().substring(0, 40)),
        Optional.empty(),
        "Kim Larsen",
        "",
        clock.instant().minus(Duration.ofHours(3)),
        "private/libfleet: " + HOSTILE,
        List.of("private/libfleet/Makefile"));
    return store.begin(JOB, id, List.of(new OverlayCommit("fleet", over)));
  }

  private void build(
      BuildId build, Set<OriginSpec> dirty, Map<OriginSpec, String> failing, Duration limit)
      throws IOException {
    store.state(build, BuildState.EVALUATING);
    clock.advance(Duration.ofSeconds(4));
    BuildPlan plan = plan(build, dirty);
    store.plan(build, plan);
    store.state(build, BuildState.BUILDING);
    List<SamplePort> toBuild = plan.packages().stream()
        .filter(each -> each.decision() instanceof Decision.Build)
        .map(each -> ports.get(each.spec()))
        .toList();
    new SampleBuild(this, build, toBuild, failing).run(limit);
  }

  private BuildPlan plan(BuildId build, Set<OriginSpec> dirty) {
    var inventory = store.inventory(JOB);
    TreeMap<OriginSpec, Port> answers = new TreeMap<>();
    Map<OriginSpec, Decision> decisions = new TreeMap<>();
    List<PlannedPackage> planned = new ArrayList<>();
    // In the table's order: what a port needs has been decided before it.
    for (SamplePort listed : SamplePort.all()) {
      SamplePort each = ports.getOrDefault(listed.spec(), listed);
      Port port = each.port(home);
      Decision decision = decide(each, dirty, build, inventory.find(SampleBuild.key(each)));
      answers.put(each.spec(), port);
      decisions.put(each.spec(), decision);
      List<OriginSpec> waitsFor = each.needs().stream()
          .filter(on -> decisions.get(on) instanceof Decision.Build)
          .toList();
      planned.add(
          new PlannedPackage(port, decision, waitsFor, List.of(), each.takes(), critical(each)));
    }
    Evaluation evaluation = new Evaluation(
        store.build(build).map(record -> record.commit().id()),
        target(),
        List.copyOf(ports.keySet()),
        answers,
        List.of(),
        List.of());
    return new BuildPlan(
        evaluation,
        planned,
        List.of(),
        List.of(new Finding(
            Optional.of(spec("editors/vim@tiny")),
            "files/patch-<src>_Makefile is not used by any flavor")));
  }

  private static Decision decide(
      SamplePort port,
      Set<OriginSpec> dirty,
      BuildId build,
      Optional<org.slipway.plan.KnownPackage> known) {
    String spec = port.spec().toString();
    if (spec.equals("games/adventure")) {
      return new Decision.Ignore("is marked as broken: does not build with <clang> 19");
    }
    if (spec.equals("games/adventure-maps")) {
      return new Decision.Skip(
          "games/adventure is ignored", List.of(OriginSpec.parse("games/adventure")));
    }
    if (known.isPresent() && !dirty.contains(port.spec())) {
      return new Decision.Reuse("nothing that it is made from changed", known.get());
    }
    return new Decision.Build(
        build.number() == 1
            ? "has not been built before"
            : port.needs().stream().anyMatch(dirty::contains)
                ? "dependency " + port.needs().get(0) + " changed"
                : "files of " + port.spec().origin() + " changed");
  }

  private Duration critical(SamplePort port) {
    Duration longest = Duration.ZERO;
    for (SamplePort each : ports.values()) {
      if (each.needs().contains(port.spec())) {
        Duration way = critical(each);
        longest = way.compareTo(longest) > 0 ? way : longest;
      }
    }
    return port.takes().plus(longest);
  }

  /** Publishes what a build has and ends it. */
  SnapshotId publish(BuildId build) throws IOException {
    store.state(build, BuildState.PUBLISHING);
    clock.advance(Duration.ofSeconds(2));
    List<RepositoryEntry> entries = store.packages(build).stream()
        .flatMap(each -> each.built().stream())
        .map(built -> new RepositoryEntry(built, Objects.requireNonNull(files.get(built.sum()))))
        .toList();
    SnapshotId snapshot = new RepositoryWriter(Signing.fingerprints(List.of(signer)), ABI)
        .write(home.resolve("repos").resolve(JOB.name()).resolve("snapshots"), entries)
        .id();
    publisher.switchTo(DEV, snapshot);
    store.finish(build, BuildState.DONE, Optional.of(snapshot), Optional.empty());
    return snapshot;
  }

  /** What clients pin. */
  String fingerprint() {
    return signer.fingerprint().hex();
  }

  static Target target() {
    return new Target(ABI, new Base.Host(), "14.3-RELEASE amd64");
  }

  Site site(Containment containment) {
    Job job = new Job(
        JOB,
        new Job.Tree(
            "https://farm:geheim@git.example.org/ports.git",
            "main",
            List.of(new Job.Overlay("fleet", "https://farm:geheim@git.example.org/fleet", "next"))),
        target(),
        List.of("www/haproxy", "private/fleet-all", "sysutils/ansible@py311"),
        Job.Settings.NONE,
        new Job.Trigger(Duration.ofSeconds(30), Optional.of("0 0 3 * * ?")),
        new Job.Build(
            SLOTS, Duration.ofHours(6), Duration.ofHours(1), 0, 1L << 26, Optional.empty(), false),
        new Job.Publish(DEV, "farm", 20, List.of(), 5));
    Path project = Path.of(System.getProperty("slipway.dir", ".")).toAbsolutePath();
    return new Site(
        List.of(job),
        containment,
        Map.of(JOB, publisher),
        store,
        logs,
        home.resolve("keys"),
        project.resolve("templates"),
        project.resolve("web"),
        Optional.empty(),
        clock);
  }

  /** 4,096 bits would take a test seconds. */
  private static void shortKey(Path keys) throws IOException {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
      generator.initialize(2048);
      String text = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII))
          .encodeToString(generator.generateKeyPair().getPrivate().getEncoded());
      Files.createDirectories(keys);
      Files.setPosixFilePermissions(
          keys, java.nio.file.attribute.PosixFilePermissions.fromString("rwx------"));
      Path pem = keys.resolve("farm.pem");
      Files.writeString(
          pem, "-----BEGIN PRIVATE KEY-----\n" + text + "\n-----END PRIVATE KEY-----\n");
      Files.setPosixFilePermissions(
          pem, java.nio.file.attribute.PosixFilePermissions.fromString("rw-------"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void close() throws IOException {
    for (OutputStream log : openLogs) {
      log.close();
    }
    store.close();
  }
}
