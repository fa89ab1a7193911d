package org.slipway.web;

import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slipway.packages.PackageName;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Comparison;
import org.slipway.publish.Hold;
import org.slipway.publish.Publication;
import org.slipway.publish.Publisher;
import org.slipway.repository.Snapshot;
import org.slipway.repository.SnapshotId;
import org.slipway.schedule.Job;
import org.slipway.store.BuildRecord;
import org.slipway.store.JobName;
import org.slipway.store.PackageRecord;

/**
 * A channel's page: what it gives, since when, how a client gets it, and what it gave before.
 *
 * @param hold absent where the channel may move
 * @param changes of the last move
 * @param packageCount in the snapshot, absent before the first
 * @param packages the first 2,000 by name
 */
record ChannelView(
    String job,
    String channel,
    @Nullable Held hold,
    List<Move> history,
    ClientSetup client,
    List<Change> changes,
    @Nullable Integer packageCount,
    List<Item> packages) {
  private static final int MOVES = 50;
  private static final int BUILDS = 500;
  private static final int ITEMS = 2_000;
  private static final int CHANGES = 200;

  /**
   * A move of the channel, with the build that made the snapshot where that is kept.
   *
   * @param how such as {@code promote from dev}
   * @param who empty where nobody wrote it down
   * @param why empty where nobody said
   */
  record Move(
      String snapshot,
      String at,
      @Nullable String previous,
      String how,
      String who,
      String why,
      @Nullable Long build,
      @Nullable CommitView commit) {}

  /** Why the channel stays where it is, and who said so. */
  record Held(String since, String who, String why) {
    static Held of(Hold hold) {
      return new Held(Look.moment(hold.at()), hold.who(), hold.why());
    }
  }

  /** A package that clients get; {@code path} is its page, where the build is kept. */
  record Item(
      String origin,
      @Nullable String path,
      String name,
      String version,
      String abi,
      long sizeBytes) {}

  /**
   * What a move meant for one package; {@code kind} is added, removed, upgraded, downgraded or
   * rebuilt.
   */
  record Change(
      String kind,
      String origin,
      String name,
      @Nullable String from,
      @Nullable String to) {}

  static Optional<ChannelView> read(JobName name, ChannelName channel, Look look)
      throws IOException {
    Optional<Job> job = look.job(name);
    Publisher publisher = look.site().publishers().get(name);
    if (job.isEmpty() || publisher == null) {
      return Optional.empty();
    }
    List<Publication> history = publisher.history(channel);
    if (history.isEmpty() && !job.get().publish().channel().equals(channel)) {
      return Optional.empty();
    }
    Map<SnapshotId, BuildRecord> builds = new HashMap<>();
    // The oldest build of a snapshot is the one that made it; newest first, so later puts win.
    for (BuildRecord build : look.site().store().builds(Optional.of(name), BUILDS)) {
      build.snapshot().ifPresent(snapshot -> builds.put(snapshot, build));
    }
    Optional<Snapshot> now = Optional.empty();
    Optional<Snapshot> before = Optional.empty();
    Map<PackageName, String> paths = new HashMap<>();
    if (!history.isEmpty()) {
      Publication current = history.get(0);
      now = look.snapshots().read(publisher.directory(current.snapshot()));
      if (current.previous().isPresent()) {
        before = look.snapshots().read(publisher.directory(current.previous().get()));
      }
      BuildRecord build = builds.get(current.snapshot());
      if (build != null) {
        paths.putAll(paths(look.packages(build.id())));
      }
    }
    return Optional.of(new ChannelView(
        name.name(),
        channel.name(),
        publisher.held(channel).map(Held::of).orElse(null),
        history.stream()
            .limit(MOVES)
            .map(each -> move(each, builds.get(each.snapshot())))
            .toList(),
        ClientSetup.of(job.get(), channel, look),
        now.isPresent() && before.isPresent() ? changes(before.get(), now.get()) : List.of(),
        now.map(snapshot -> snapshot.packages().size()).orElse(null),
        now.map(snapshot -> items(snapshot, paths)).orElse(List.of())));
  }

  private static Move move(Publication publication, @Nullable BuildRecord build) {
    return new Move(
        publication.snapshot().hex(),
        Look.moment(publication.at()),
        publication.previous().map(SnapshotId::hex).orElse(null),
        publication.source().toString(),
        publication.who(),
        publication.why(),
        build == null ? null : build.id().number(),
        build == null ? null : CommitView.of(build.commit()));
  }

  private static Map<PackageName, String> paths(List<PackageRecord> packages) {
    Map<PackageName, String> paths = new HashMap<>();
    packages.stream()
        .filter(each -> each.built().isPresent())
        .forEach(each -> paths.put(each.name(), "/builds/" + each.build() + "/" + each.spec()));
    return paths;
  }

  private static List<Item> items(Snapshot snapshot, Map<PackageName, String> paths) {
    return snapshot.packages().stream()
        .limit(ITEMS)
        .map(each -> new Item(
            each.origin().toString(),
            paths.get(each.name()),
            each.name().base(),
            each.name().version(),
            each.abi().toString(),
            each.sizeBytes()))
        .toList();
  }

  private static List<Change> changes(Snapshot before, Snapshot now) {
    return Comparison.of(before, now).differences().stream()
        .limit(CHANGES)
        .map(each -> new Change(
            each.kind().name().toLowerCase(Locale.ROOT),
            each.origin().toString(),
            each.name(),
            each.from().orElse(null),
            each.to().orElse(null)))
        .toList();
  }
}
