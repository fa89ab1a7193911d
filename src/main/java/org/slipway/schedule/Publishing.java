package org.slipway.schedule;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.Digest;
import org.slipway.publish.MoveResult;
import org.slipway.publish.Note;
import org.slipway.publish.Publisher;
import org.slipway.repository.Provenance;
import org.slipway.repository.RepositoryEntry;
import org.slipway.repository.RepositoryWriter;
import org.slipway.repository.Snapshot;
import org.slipway.repository.SnapshotId;
import org.slipway.repository.Terms;
import org.slipway.store.BuildRecord;
import org.slipway.store.Counts;
import org.slipway.store.PackageStore;

/** A job's last stage: whether a build's packages are published, their snapshot, and the channel's move to it. */
final class Publishing {
  private final Job job;
  private final PackageStore packages;
  private final RepositoryWriter repository;
  private final Path snapshots;
  private final Publisher publisher;
  private final Builders builders;

  Publishing(
      Job job,
      PackageStore packages,
      RepositoryWriter repository,
      Path snapshots,
      Publisher publisher,
      Builders builders) {
    this.job = job;
    this.packages = packages;
    this.repository = repository;
    this.snapshots = snapshots;
    this.publisher = publisher;
    this.builders = builders;
  }

  /** What must hold for a job's packages together, and how its repository is laid out. */
  static Terms terms(Job job) {
    Terms terms = Terms.of(job.target().abi())
        .with(job.publish().layout())
        .withFiles(job.publish().files());
    OptionalInt version = job.request().osVersion();
    return version.isPresent() ? terms.withOsVersion(version.getAsInt()) : terms;
  }

  /**
   * What came of it.
   *
   * @param stays why the channel was not moved, where it was not
   */
  record Published(SnapshotId snapshot, Optional<String> stays) {}

  /**
   * Writes the snapshot of a build that has ended, and moves the channel unless it is held.
   *
   * @param notes of the build's tree
   */
  Published publish(BuildRecord build, Made run, CatalogueNotes notes) throws IOException {
    List<RepositoryEntry> entries = new ArrayList<>();
    for (BuiltPackage each : run.known().values()) {
      entries.add(new RepositoryEntry(each, packages.path(each.sum())));
    }
    Snapshot snapshot =
        repository.write(snapshots, entries, provenance(build, run), notes.head(run.known()));
    MoveResult move = publisher.publish(
        job.publish().channel(),
        snapshot.id(),
        OptionalLong.of(build.id().number()),
        Note.ofFarm());
    // The snapshot is there all the same, for a person to publish once the channel is released.
    Optional<String> stays = move instanceof MoveResult.Held held
        ? Optional.of(held.hold().sentence())
        : Optional.empty();
    publisher.prune(job.publish().retention());
    return new Published(snapshot.id(), stays);
  }

  /** Why nothing is published, in a sentence; empty where the job's terms are met. */
  Optional<String> refusal(Made run, Counts counts) {
    List<String> missing = job.publish().require().stream()
        .filter(origin ->
            run.known().keySet().stream().noneMatch(each -> each.origin().equals(origin)))
        .map(Object::toString)
        .toList();
    if (!missing.isEmpty()) {
      return Optional.of(
          "not published: " + String.join(", ", missing) + " is required and missing");
    }
    Optional<BuiltPackage> foreign = run.known().values().stream()
        .filter(each -> !each.foreign().isEmpty())
        .filter(each -> !job.publish().foreign().contains(each.origin()))
        .findFirst();
    if (foreign.isPresent()) {
      BuiltPackage built = foreign.get();
      return Optional.of("not published: in " + built.name() + " "
          + built.foreign().get(0).sentence()
          + "; where that is right, as for firmware, add publish: { foreign: [ " + built.origin()
          + " ] } to the job");
    }
    int lost = counts.failed() + counts.skipped();
    if (lost * 100 > job.publish().maxFailedPercent() * Math.max(1, counts.total())) {
      return Optional.of("not published: %d of %d packages failed or were skipped, more than %d %%"
          .formatted(lost, counts.total(), job.publish().maxFailedPercent()));
    }
    return Optional.empty();
  }

  private Provenance provenance(BuildRecord build, Made run) {
    EvaluationRequest request = job.request();
    return new Provenance(
        Optional.of(job.name().name()),
        Optional.of(build.commit().id().hex()),
        Optional.of(job.target().abi().toString()),
        request.osVersion(),
        Optional.of(Digest.of(job.makeText() + request.options())),
        OptionalLong.of(build.id().number()),
        Optional.of(run.planDigest().hex()),
        builders.versions(),
        build.overlays().stream()
            .map(each -> new Provenance.Overlay(each.name(), each.commit().id().hex()))
            .toList());
  }
}
