package org.slipway.schedule;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageException;
import org.slipway.packages.PackageName;
import org.slipway.plan.BuildKey;
import org.slipway.plan.BuildPlan;
import org.slipway.plan.Inventory;
import org.slipway.plan.KnownPackage;
import org.slipway.plan.PlannedPackage;
import org.slipway.plan.Planner;
import org.slipway.poudriere.Archive;
import org.slipway.poudriere.BuildName;
import org.slipway.poudriere.Intake;
import org.slipway.poudriere.PoudriereEngine;

/**
 * Brings a bulk's archives into the package store: those that the farm has already are known by
 * their sums, all others are fetched and verified.
 */
final class Intakes {
  /** So many at once are on the disk beside the store. */
  private static final int BATCH = 50;

  private final Job job;
  private final BuildPlan plan;
  private final Map<OriginSpec, PlannedPackage> planned;
  private final Inventory inventory;
  private final Planner planner;
  private final Pipeline.Parts parts;
  private final Path spool;
  private final Map<Digest, KnownPackage> bySum = new HashMap<>();
  private final Map<OriginSpec, BuiltPackage> known = new LinkedHashMap<>();

  Intakes(
      Job job,
      BuildPlan plan,
      Inventory inventory,
      Planner planner,
      Pipeline.Parts parts,
      Path spool) {
    this.job = job;
    this.plan = plan;
    this.planned = plan.bySpec();
    this.inventory = inventory;
    this.planner = planner;
    this.parts = parts;
    this.spool = spool;
    Stream.concat(inventory.byKey().values().stream(), inventory.latest().values().stream())
        .forEach(each -> bySum.put(each.built().sum(), each));
  }

  /** A package of which the archive is wanted, by the name that poudriere gave it. */
  record Wanted(OriginSpec spec, PackageName name, Optional<Duration> took) {}

  /**
   * What came of it.
   *
   * @param known by spec, those that are in the store now
   * @param refused sentences by spec, of those that were there and are no good
   * @param absent those that the host does not have
   */
  record Taken(
      Map<OriginSpec, KnownPackage> known,
      Map<OriginSpec, String> refused,
      List<OriginSpec> absent) {}

  /**
   * Takes archives, in the given order.
   *
   * @param made whether this bulk made them: then they are made from what the plan says
   * @return empty where the host has no folder of this bulk now
   */
  Optional<Taken> take(
      PoudriereEngine engine, BuildName name, Collection<Wanted> wanted, boolean made)
      throws IOException {
    Taken taken = new Taken(new LinkedHashMap<>(), new TreeMap<>(), new ArrayList<>());
    if (wanted.isEmpty()) {
      return Optional.of(taken);
    }
    Optional<Map<PackageName, Archive>> there =
        engine.archives(name, wanted.stream().map(Wanted::name).toList());
    if (there.isEmpty()) {
      return Optional.empty();
    }
    List<Wanted> all = List.copyOf(wanted);
    for (int at = 0; at < all.size(); at += BATCH) {
      take(
          engine,
          name,
          all.subList(at, Math.min(all.size(), at + BATCH)),
          there.get(),
          made,
          taken);
    }
    return Optional.of(taken);
  }

  private void take(
      PoudriereEngine engine,
      BuildName name,
      List<Wanted> wanted,
      Map<PackageName, Archive> there,
      boolean made,
      Taken taken)
      throws IOException {
    List<Archive> missing = new ArrayList<>();
    for (Wanted each : wanted) {
      Archive archive = there.get(each.name());
      if (archive != null && have(archive.sum()) == null) {
        missing.add(archive);
      }
    }
    Path folder = Files.createTempDirectory(spool, "poudriere-").toAbsolutePath();
    try {
      Map<PackageName, Path> fetched = engine.fetch(name, missing, folder);
      for (Wanted each : wanted) {
        Archive archive = there.get(each.name());
        if (archive == null) {
          taken.absent().add(each.spec());
        } else {
          take(each, archive, fetched, made, taken);
        }
      }
    } finally {
      remove(folder);
    }
  }

  private void take(
      Wanted wanted, Archive archive, Map<PackageName, Path> fetched, boolean made, Taken taken)
      throws IOException {
    OriginSpec spec = wanted.spec();
    KnownPackage had = have(archive.sum());
    BuiltPackage built;
    if (had != null) {
      built = had.built();
      if (!Intake.fits(built.abi(), job.target().abi())) {
        taken
            .refused()
            .put(
                spec,
                built.name() + " is for " + built.abi() + ", and not for "
                    + job.target().abi());
        return;
      }
    } else {
      Path file = fetched.get(wanted.name());
      if (file == null) {
        // Changed on the host between the sum and the bytes: the next look finds one or the other.
        taken.absent().add(spec);
        return;
      }
      try {
        built = Intake.read(
            file, archive.sum(), wanted.name(), spec.origin(), job.target().abi());
      } catch (PackageException e) {
        taken.refused().put(spec, String.valueOf(e.getMessage()));
        return;
      }
      parts.packages().take(file, archive.sum());
    }
    Duration took = wanted.took().orElse(had == null ? Duration.ZERO : had.took());
    KnownPackage package_ = new KnownPackage(
        spec,
        made ? key(spec, built) : had == null ? unknown(spec, built) : had.key(),
        built,
        took);
    bySum.put(built.sum(), package_);
    add(spec, built);
    taken.known().put(spec, package_);
  }

  private @Nullable KnownPackage have(Digest sum) {
    KnownPackage found = bySum.get(sum);
    return found != null && parts.packages().has(sum) ? found : null;
  }

  /** What the plan says that it is made from, or where that cannot be told, its own bytes. */
  private synchronized BuildKey key(OriginSpec spec, BuiltPackage built) {
    PlannedPackage found = planned.get(spec);
    try {
      return found == null
          ? unknown(spec, built)
          : planner.key(found.port(), plan.evaluation(), known);
    } catch (IllegalArgumentException e) {
      // Not all that it needs is there: poudriere's tree of dependencies is not the plan's.
      return unknown(spec, built);
    }
  }

  /** Of a package that was there before the farm came: nobody knows what it was made from. */
  private static BuildKey unknown(OriginSpec spec, BuiltPackage built) {
    return new BuildKey(Map.of("spec", spec.toString(), "archive", built.sum().hex()));
  }

  synchronized void add(OriginSpec spec, BuiltPackage built) {
    known.put(spec, built);
  }

  /** What is there, by port. */
  synchronized Map<OriginSpec, BuiltPackage> known() {
    return new LinkedHashMap<>(known);
  }

  /** Of all that it has or may take without fetching it. */
  synchronized Set<Digest> using(Set<Digest> sums) {
    Set<Digest> used = new HashSet<>();
    known.values().forEach(each -> used.add(each.sum()));
    inventory.latest().values().forEach(each -> used.add(each.built().sum()));
    used.retainAll(sums);
    return used;
  }

  private static void remove(Path folder) throws IOException {
    try (Stream<Path> left = Files.list(folder)) {
      for (Path each : left.toList()) {
        Files.delete(each);
      }
    }
    Files.delete(folder);
  }
}
