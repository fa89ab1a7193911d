package org.slipway.web;

import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;
import org.slipway.store.BuildId;
import org.slipway.store.BuildRecord;
import org.slipway.store.PackageRecord;

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
   * @param line where it begins in the log
   */
  record PhaseLine(
      String phase, double tookSeconds, @Nullable Long line) {}

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

  static Optional<PackageView> read(BuildId id, OriginSpec spec, long from, Look look)
      throws IOException {
    Optional<BuildRecord> build = look.site().store().build(id);
    Optional<PackageRecord> found = look.site().store().find(id, spec);
    if (build.isEmpty() || found.isEmpty()) {
      return Optional.empty();
    }
    PackageRecord each = found.get();
    LogPart log = each.log() ? log(id, spec, from, look) : null;
    List<PackageRecord> packages = look.packages(id);
    List<PhaseLine> phases = each.phases().stream()
        .map(phase -> new PhaseLine(
            phase.phase().word(),
            Look.seconds(phase.took()),
            line(log, phase.phase().word())))
        .toList();
    return Optional.of(new PackageView(
        BuildLine.of(build.get(), look),
        PackageRow.of(each, look),
        each.maintainer().isBlank() ? null : Clean.line(each.maintainer(), 200),
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

  private static @Nullable LogPart log(BuildId id, OriginSpec spec, long from, Look look)
      throws IOException {
    Optional<InputStream> in = look.site().logs().read(id, spec);
    return in.isPresent() ? LogPart.read(in.get(), from) : null;
  }

  private static @Nullable Long line(@Nullable LogPart log, String phase) {
    return log == null
        ? null
        : log.sections().stream()
            .filter(section -> section.phase().equals(phase))
            .findFirst()
            .map(LogPart.Section::line)
            .orElse(null);
  }
}
