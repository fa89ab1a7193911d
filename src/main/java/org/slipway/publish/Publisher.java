package org.slipway.publish;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Stream;
import org.slipway.repository.SnapshotId;

/**
 * Moves the channels of one job. A channel is a symbolic link {@code channels/NAME} to
 * {@code ../snapshots/ID}, replaced by one rename, so that a client sees the old repository or the
 * new one and nothing between. Beside it {@code channels/NAME.history} keeps every move. Safe for
 * several threads of one farm; two farms must not share a folder.
 */
public final class Publisher {
  private static final String HISTORY = ".history";
  private static final String UNFINISHED = ".new-";
  private static final String LEAVING = ".old-";

  private final Path channels;
  private final Path snapshots;
  private final InstantSource clock;

  /**
   * A publisher.
   *
   * @param repository HOME/repos/JOB
   */
  public Publisher(Path repository, InstantSource clock) {
    this.channels = repository.resolve("channels");
    this.snapshots = repository.resolve("snapshots");
    this.clock = clock;
  }

  /**
   * Points the channel at the snapshot by one rename; where it points there already, nothing moves.
   * When this returns the move is on the disk.
   *
   * @throws IOException when there is no such snapshot, or the disk fails
   */
  public synchronized Publication switchTo(ChannelName channel, SnapshotId snapshot)
      throws IOException {
    Optional<Publication> current = current(channel);
    if (current.isPresent() && current.get().snapshot().equals(snapshot)) {
      return current.get();
    }
    if (!Files.isRegularFile(directory(snapshot).resolve("data.pkg"))) {
      throw new IOException(
          "channel " + channel + " stays: there is no snapshot " + directory(snapshot));
    }
    Files.createDirectories(channels);
    Publication move = new Publication(
        channel, snapshot, current.map(Publication::snapshot), nextInstant(channel));
    // First the history, then the link: a kill between them leaves a later Last-Modified on old
    // files, which costs a client one
    // request. The other way round it would never see the new ones.
    historyFile(channel).append(move);
    point(channel, snapshot);
    return move;
  }

  /** Where the channel points and since when; empty when it has never been published. */
  public synchronized Optional<Publication> current(ChannelName channel) throws IOException {
    Optional<SnapshotId> target = target(channel);
    if (target.isEmpty()) {
      return Optional.empty();
    }
    List<Publication> moves = historyFile(channel).read();
    if (moves.isEmpty()) {
      throw new IOException("channel " + channel + " has no history; put back "
          + historyFile(channel).path());
    }
    Publication last = moves.get(moves.size() - 1);
    if (last.snapshot().equals(target.get())) {
      return Optional.of(last);
    }
    List<Publication> done = HistoryFile.effective(moves, target.get());
    Optional<SnapshotId> previous =
        done.isEmpty() ? Optional.empty() : done.get(done.size() - 1).previous();
    return Optional.of(new Publication(channel, target.get(), previous, last.at()));
  }

  /** Every move that took place, newest first. */
  public synchronized List<Publication> history(ChannelName channel) throws IOException {
    Optional<SnapshotId> target = target(channel);
    if (target.isEmpty()) {
      return List.of();
    }
    List<Publication> moves =
        new ArrayList<>(HistoryFile.effective(historyFile(channel).read(), target.get()));
    Collections.reverse(moves);
    return List.copyOf(moves);
  }

  /** The channels that there are, sorted. */
  public synchronized List<ChannelName> channels() throws IOException {
    List<ChannelName> names = new ArrayList<>();
    for (Path path : children(channels)) {
      if (Files.isSymbolicLink(path) && !path.getFileName().toString().startsWith(".")) {
        names.add(new ChannelName(path.getFileName().toString()));
      }
    }
    return names;
  }

  /** Where a snapshot's files are: HOME/repos/JOB/snapshots/ID. */
  public Path directory(SnapshotId snapshot) {
    return snapshots.resolve(snapshot.hex());
  }

  /** The snapshots that there are, oldest first. */
  public synchronized List<SnapshotId> snapshots() throws IOException {
    List<Aged> found = new ArrayList<>();
    for (Path path : children(snapshots)) {
      String name = path.getFileName().toString();
      if (name.matches("[0-9a-f]{16}") && Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
        found.add(new Aged(new SnapshotId(name), Files.getLastModifiedTime(path).toInstant()));
      }
    }
    found.sort(Comparator.comparing(Aged::since).thenComparing(aged -> aged.id().hex()));
    return found.stream().map(Aged::id).toList();
  }

  /**
   * Removes old snapshots: what stays is every one that a channel points to, and the newest ones,
   * {@code keep} in all where the channels do not hold more. How new one is says its last move into
   * a channel, or its making where that is later.
   *
   * @param keep at least 1, so that a snapshot just written is still there when it is published
   * @return what was removed
   */
  public synchronized List<SnapshotId> prune(int keep) throws IOException {
    if (keep < 1) {
      throw new IllegalArgumentException("keep at least 1 snapshot, not " + keep);
    }
    Set<SnapshotId> held = new HashSet<>();
    List<Publication> moves = new ArrayList<>();
    for (ChannelName channel : channels()) {
      target(channel).ifPresent(held::add);
      moves.addAll(history(channel));
    }
    List<Aged> free = new ArrayList<>();
    for (SnapshotId id : snapshots()) {
      if (!held.contains(id)) {
        free.add(new Aged(id, lastUse(id, moves)));
      }
    }
    free.sort(Comparator.comparing(Aged::since)
        .reversed()
        .thenComparing(aged -> aged.id().hex()));
    int room = Math.max(0, keep - held.size());
    List<SnapshotId> removed = new ArrayList<>();
    for (Aged aged : free.subList(Math.min(room, free.size()), free.size())) {
      remove(aged.id());
      removed.add(aged.id());
    }
    return removed;
  }

  /**
   * Removes what a kill left half done; to be called when no publisher is at work, as at the farm's
   * start.
   */
  public synchronized void sweep() throws IOException {
    for (Path left : children(channels)) {
      if (left.getFileName().toString().startsWith(UNFINISHED)) {
        Files.delete(left);
      }
    }
    for (Path left : children(snapshots)) {
      if (left.getFileName().toString().startsWith(LEAVING)) {
        deleteTree(left);
      }
    }
  }

  /** A snapshot and how new it is. */
  private record Aged(SnapshotId id, Instant since) {}

  private Instant lastUse(SnapshotId id, List<Publication> moves) throws IOException {
    Instant last = Files.getLastModifiedTime(directory(id)).toInstant();
    for (Publication move : moves) {
      boolean uses =
          move.snapshot().equals(id) || move.previous().filter(id::equals).isPresent();
      if (uses && move.at().isAfter(last)) {
        last = move.at();
      }
    }
    return last;
  }

  /** It leaves by a rename first, so that no half of it is ever taken for a snapshot. */
  private void remove(SnapshotId id) throws IOException {
    Path leaving = snapshots.resolve(LEAVING + id.hex() + "-" + UUID.randomUUID());
    Files.move(directory(id), leaving, StandardCopyOption.ATOMIC_MOVE);
    deleteTree(leaving);
  }

  private void point(ChannelName channel, SnapshotId snapshot) throws IOException {
    Path temporary = channels.resolve(UNFINISHED + channel + "-" + UUID.randomUUID());
    Files.createSymbolicLink(temporary, Path.of("..", "snapshots", snapshot.hex()));
    try {
      Files.move(
          temporary,
          channels.resolve(channel.name()),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(temporary);
    }
    try (FileChannel folder = FileChannel.open(channels, StandardOpenOption.READ)) {
      folder.force(true);
    }
  }

  /**
   * HTTP dates have whole seconds, and a client misses a second move within one: so each is later
   * than the last.
   */
  private Instant nextInstant(ChannelName channel) throws IOException {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    List<Publication> moves = historyFile(channel).read();
    if (moves.isEmpty()) {
      return now;
    }
    Instant least = moves.get(moves.size() - 1).at().plusSeconds(1);
    return now.isBefore(least) ? least : now;
  }

  private Optional<SnapshotId> target(ChannelName channel) throws IOException {
    Path link = channels.resolve(channel.name());
    if (!Files.isSymbolicLink(link)) {
      return Optional.empty();
    }
    Path target = Files.readSymbolicLink(link);
    try {
      return Optional.of(new SnapshotId(target.getFileName().toString()));
    } catch (IllegalArgumentException e) {
      throw new IOException(link + " points to " + target + ", which is no snapshot", e);
    }
  }

  private HistoryFile historyFile(ChannelName channel) {
    return new HistoryFile(channels.resolve(channel + HISTORY), channel);
  }

  private static List<Path> children(Path folder) throws IOException {
    if (!Files.isDirectory(folder)) {
      return List.of();
    }
    try (Stream<Path> list = Files.list(folder)) {
      return list.sorted().toList();
    }
  }

  /** A snapshot holds folders and plain files, two levels deep. */
  private static void deleteTree(Path root) throws IOException {
    try (Stream<Path> all = Files.walk(root)) {
      for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(path);
      }
    }
  }
}
