package org.slipway.web;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slipway.build.BuildResult;
import org.slipway.build.Footprint;
import org.slipway.build.PhaseTime;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.PackageRecord;
import org.slipway.store.StoredLog;

/**
 * A package's page in one build: how it went, its log and how it went in other builds.
 *
 * @param ahead what it still waits for, with its state
 * @param neededBy packages of this build that wait for it directly
 */
record PackageView(
    BuildLine build,
    PackageRow pkg,
    @Nullable String maintainer,
    @Nullable Quote quote,
    Used used,
    double criticalSeconds,
    List<PhaseLine> phases,
    double phasesSeconds,
    @Nullable Archive archive,
    List<PackageRow> ahead,
    List<PackageRow> neededBy,
    @Nullable LogPart log,
    String logPath,
    List<PackageRow> history) {
  private static final int ROWS = 50;

  /**
   * A phase's time.
   *
   * @param cpuSeconds of all its commands, where it is known
   * @param peakMemoryBytes the most at once, where it is known
   * @param line where it begins in the log
   */
  record PhaseLine(
      String phase,
      double tookSeconds,
      @Nullable Double cpuSeconds,
      @Nullable Long peakMemoryBytes,
      @Nullable Long line) {
    static PhaseLine of(PhaseTime time, @Nullable LogPart log) {
      String word = time.phase().word();
      return new PhaseLine(
          word,
          Look.seconds(time.took()),
          time.cpu().map(Look::seconds).orElse(null),
          boxed(time.peakMemoryBytes()),
          log == null ? null : log.lineOf(word).orElse(null));
    }
  }

  /**
   * The line of the log that tells why it failed.
   *
   * @param line its number, where it stands in the log
   */
  record Quote(@Nullable Long line, String text) {
    static Quote of(BuildResult.Quote quote) {
      return new Quote(quote.number() > 0 ? quote.number() : null, Clean.line(quote.text(), 300));
    }
  }

  /**
   * What the last attempt used, where the host could tell.
   *
   * @param diskBytes what its root held
   * @param logBytes of output, kept or not
   */
  record Used(
      @Nullable Double cpuSeconds,
      @Nullable Long peakMemoryBytes,
      @Nullable Long diskBytes,
      @Nullable Long logBytes) {
    static Used of(Footprint footprint) {
      return new Used(
          footprint.cpu().map(Look::seconds).orElse(null),
          boxed(footprint.peakMemoryBytes()),
          boxed(footprint.diskBytes()),
          footprint.logBytes() > 0 ? footprint.logBytes() : null);
    }
  }

  private static @Nullable Long boxed(OptionalLong number) {
    return number.isPresent() ? (Long) number.getAsLong() : null;
  }

  /** The package that came out. */
  record Archive(
      String fileName,
      String abi,
      String sha256,
      long sizeBytes,
      long flatSizeBytes,
      List<String> shlibsProvided) {
    static Archive of(BuiltPackage built) {
      return new Archive(
          built.fileName(),
          built.abi().toString(),
          built.sum().hex(),
          built.sizeBytes(),
          built.flatSizeBytes(),
          built.shlibsProvided());
    }
  }

  static Optional<PackageView> read(BuildId id, OriginSpec spec, LogPart.Wanted wanted, Look look)
      throws IOException {
    Optional<BuildRecord> build = look.site().store().build(id);
    Optional<PackageRecord> found = look.site().store().find(id, spec);
    if (build.isEmpty() || found.isEmpty()) {
      return Optional.empty();
    }
    PackageRecord each = found.get();
    Quote quote = each.quote().map(Quote::of).orElse(null);
    LogPart log =
        each.log() ? log(id, spec, wanted, quote == null ? null : quote.line(), look) : null;
    List<PackageRecord> packages = look.packages(id);
    List<PhaseLine> phases =
        each.phases().stream().map(phase -> PhaseLine.of(phase, log)).toList();
    return Optional.of(new PackageView(
        BuildLine.of(build.get(), look),
        PackageRow.of(each, look),
        each.maintainer().isBlank() ? null : Clean.line(each.maintainer(), 200),
        quote,
        Used.of(each.footprint()),
        Look.seconds(each.critical()),
        phases,
        phases.stream().mapToDouble(PhaseLine::tookSeconds).sum(),
        each.built().map(Archive::of).orElse(null),
        packages.stream()
            .filter(other -> each.waitsFor().contains(other.spec()))
            .limit(ROWS)
            .map(other -> PackageRow.of(other, look))
            .toList(),
        packages.stream()
            .filter(other -> other.waitsFor().contains(spec))
            .limit(ROWS)
            .map(other -> PackageRow.of(other, look))
            .toList(),
        log,
        "/builds/" + id + "/" + spec + "/log",
        look.site().store().history(build.get().job(), spec, 20).stream()
            .map(other -> PackageRow.of(other, look))
            .toList()));
  }

  private static @Nullable LogPart log(
      BuildId id, OriginSpec spec, LogPart.Wanted wanted, @Nullable Long quoted, Look look)
      throws IOException {
    Optional<StoredLog> stored = look.site().logs().open(id, spec);
    if (stored.isEmpty()) {
      return null;
    }
    try (StoredLog log = stored.get()) {
      return LogPart.read(log, wanted, quoted);
    }
  }
}
