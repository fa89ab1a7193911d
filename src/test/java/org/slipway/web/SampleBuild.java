package org.slipway.web;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.slipway.build.BuildResult;
import org.slipway.build.FailureClass;
import org.slipway.build.Footprint;
import org.slipway.build.Phase;
import org.slipway.build.PhaseTime;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Manifest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageContent;
import org.slipway.packages.PackageWriter;
import org.slipway.plan.BuildKey;
import org.slipway.plan.KnownPackage;
import org.slipway.store.BuildId;

/** Runs a build of the sample farm through the store as a farm would, on the sample's clock. */
final class SampleBuild {
  private static final List<Map.Entry<Phase, Integer>> SHARES = List.of(
      Map.entry(Phase.CHECK_SANITY, 1),
      Map.entry(Phase.PKG_DEPENDS, 4),
      Map.entry(Phase.FETCH, 6),
      Map.entry(Phase.CHECKSUM, 1),
      Map.entry(Phase.EXTRACT, 3),
      Map.entry(Phase.PATCH, 1),
      Map.entry(Phase.CONFIGURE, 17),
      Map.entry(Phase.BUILD, 52),
      Map.entry(Phase.STAGE, 9),
      Map.entry(Phase.CHECK_PLIST, 2),
      Map.entry(Phase.PACKAGE, 4));

  private record Running(SamplePort port, int slot, int attempt, Instant end) {}

  private final SampleSite site;
  private final BuildId build;
  private final List<SamplePort> toBuild;
  private final Map<OriginSpec, String> failing;
  private final Set<OriginSpec> over = new HashSet<>();
  private final List<Running> running = new ArrayList<>();

  SampleBuild(
      SampleSite site, BuildId build, List<SamplePort> toBuild, Map<OriginSpec, String> failing) {
    this.site = site;
    this.build = build;
    this.toBuild = new ArrayList<>(toBuild);
    this.failing = failing;
  }

  /** Builds until nothing is left, or until this time is over. */
  void run(Duration limit) throws IOException {
    Instant end = site.clock.instant().plus(limit);
    Set<OriginSpec> planned = new HashSet<>();
    toBuild.forEach(each -> planned.add(each.spec()));
    List<SamplePort> left = new ArrayList<>(toBuild);
    left.sort(Comparator.comparing(SamplePort::takes).reversed());
    while (true) {
      start(left, planned);
      Optional<Running> next = running.stream().min(Comparator.comparing(Running::end));
      if (next.isEmpty()) {
        return;
      }
      if (next.get().end().isAfter(end)) {
        site.clock.advance(Duration.between(site.clock.instant(), end));
        for (Running each : running) {
          halfWay(each);
        }
        return;
      }
      site.clock.advance(Duration.between(site.clock.instant(), next.get().end()));
      running.remove(next.get());
      finish(next.get(), left);
      over.add(next.get().port().spec());
    }
  }

  private void start(List<SamplePort> left, Set<OriginSpec> planned) {
    for (SamplePort each : left) {
      boolean free =
          each.needs().stream().allMatch(on -> !planned.contains(on) || over.contains(on));
      if (free && !each.needs().isEmpty()) {
        site.store.ready(build, each.spec());
      }
      if (free && running.size() < SampleSite.SLOTS) {
        int slot = 1;
        while (taken(slot)) {
          slot++;
        }
        int attempt = site.store.claim(build, each.spec(), slot).orElseThrow();
        if (failing.containsKey(each.spec())) {
          BuildResult.Failed away = new BuildResult.Failed(
              FailureClass.FETCH, Phase.FETCH, "the mirror says <503>", List.of());
          site.store.again(build, each.spec(), attempt, away, 4, site.clock.instant());
          attempt = site.store.claim(build, each.spec(), slot).orElseThrow();
        }
        running.add(new Running(each, slot, attempt, site.clock.instant().plus(each.takes())));
      }
    }
    left.removeIf(each -> running.stream().anyMatch(run -> run.port().equals(each)));
  }

  private boolean taken(int slot) {
    return running.stream().anyMatch(each -> each.slot() == slot);
  }

  private void halfWay(Running each) throws IOException {
    Duration done = each.port().takes().minus(Duration.between(site.clock.instant(), each.end()));
    Phase phase = Phase.CHECK_SANITY;
    Duration sum = Duration.ZERO;
    for (PhaseTime time : phases(each.port(), Optional.empty())) {
      if (sum.compareTo(done) <= 0) {
        phase = time.phase();
      }
      sum = sum.plus(time.took());
    }
    site.store.phase(build, each.port().spec(), each.attempt(), phase);
    OutputStream log = site.logs.write(build, each.port().spec());
    log.write(log(each.port(), Optional.of(phase), false).getBytes(StandardCharsets.UTF_8));
    log.flush();
    site.openLogs.add(log);
  }

  private void finish(Running each, List<SamplePort> left) throws IOException {
    SamplePort port = each.port();
    String message = failing.get(port.spec());
    Optional<Phase> stop = message == null ? Optional.empty() : Optional.of(Phase.BUILD);
    String said = log(port, stop, message != null);
    try (OutputStream log = site.logs.write(build, port.spec())) {
      log.write(said.getBytes(StandardCharsets.UTF_8));
    }
    Footprint used = new Footprint(
        Optional.of(port.takes().multipliedBy(3)),
        OptionalLong.of(900L << 20),
        OptionalLong.of(2_500L << 20),
        said.length());
    if (message == null) {
      BuiltPackage built = pack(port);
      site.store.built(
          build,
          each.attempt(),
          new KnownPackage(port.spec(), key(port), built, port.takes()),
          phases(port, stop),
          used);
      return;
    }
    site.store.failed(
        build,
        port.spec(),
        each.attempt(),
        new BuildResult.Failed(
            FailureClass.COMPILE,
            Phase.BUILD,
            message,
            Optional.of(new BuildResult.Quote(
                said.substring(0, said.indexOf("error:"))
                        .chars()
                        .filter(c -> c == '\n')
                        .count()
                    + 1,
                "src/tls.c:214:11: error: use of undeclared identifier 'SSL_OP_<b>NEW</b>'")),
            phases(port, stop),
            used,
            Optional.empty()));
    skipDependents(port.spec(), left);
  }

  private void skipDependents(OriginSpec failed, List<SamplePort> left) {
    for (SamplePort each : List.copyOf(left)) {
      if (each.needs().contains(failed)) {
        left.remove(each);
        site.store.skipped(build, each.spec(), failed + " was not built");
        skipDependents(each.spec(), left);
      }
    }
  }

  static BuildKey key(SamplePort port) {
    return new BuildKey(
        Map.of("folder", port.spec().toString(), "version", port.name().version()));
  }

  private BuiltPackage pack(SamplePort port) throws IOException {
    Manifest manifest =
        Manifest.of(port.name(), port.spec().origin(), port.comment(), SampleSite.ABI);
    Path file = Files.createDirectories(site.home.resolve("spool")).resolve(port.name() + ".pkg");
    BuiltPackage built = new PackageWriter(new PackageWriter.Settings(1, 0))
        .write(manifest, PackageContent.EMPTY, file);
    site.files.put(built.sum(), file);
    return built;
  }

  private static List<PhaseTime> phases(SamplePort port, Optional<Phase> last) {
    List<PhaseTime> phases = new ArrayList<>();
    for (Map.Entry<Phase, Integer> share : SHARES) {
      Duration took = port.takes().multipliedBy(share.getValue()).dividedBy(100);
      boolean heavy = share.getKey() == Phase.BUILD;
      phases.add(new PhaseTime(
          share.getKey(),
          took,
          Optional.of(heavy ? took.multipliedBy(3) : took.dividedBy(2)),
          OptionalLong.of((heavy ? 900L : 40L) << 20)));
      if (last.isPresent() && last.get() == share.getKey()) {
        break;
      }
    }
    return phases;
  }

  private static String log(SamplePort port, Optional<Phase> last, boolean failed) {
    StringBuilder log = new StringBuilder();
    for (PhaseTime each : phases(port, last)) {
      log.append("===>  Phase: ").append(each.phase().word()).append('\n');
      switch (each.phase()) {
        case FETCH ->
          log.append("fetching\r10 %\r60 %\r").append(port.name()).append(".tar.gz 100 %\n");
        case CONFIGURE ->
          log.append("checking for a C compiler... \033[32mcc\033[0m\n")
              .append("checking whether the C compiler works... yes\n");
        case BUILD -> compile(port, log);
        case STAGE ->
          log.append("install -m 755 ")
              .append(port.name().base())
              .append(" /stage/usr/local/bin\n");
        default -> {}
      }
    }
    if (failed) {
      log.append(
              "src/tls.c:214:11: \033[1;31merror:\033[0m use of undeclared identifier 'SSL_OP_<b>NEW</b>'\n")
          .append("  214 |     if (SSL_OP_NEW) {\n")
          .append("1 error generated.\n*** Error code 1\n\nStop.\n");
    }
    return log.toString();
  }

  private static void compile(SamplePort port, StringBuilder log) {
    for (int unit = 1; unit <= Math.min(700, port.takes().toSeconds() * 2); unit++) {
      log.append("cc -O2 -pipe -fstack-protector-strong -c src/unit")
          .append(unit)
          .append(".c -o unit")
          .append(unit)
          .append(".o\n");
    }
  }
}
