package org.slipway.publish;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slipway.packages.Digest;
import org.slipway.repository.SnapshotId;

/**
 * Moves the channels of one job. A channel is a symbolic link {@code channels/NAME} to
 * {@code ../snapshots/ID}, replaced by one rename, so that a client sees the old repository or the
 * new one and nothing between. Beside it {@code channels/NAME.history} keeps every move. Safe for
 * several threads and several processes: who writes takes {@code moves.lock} and reads the state
 * again under it; who reads waits for nobody.
 */
public final class Publisher {
  /** Longer than the largest snapshot takes to be taken away; a person would rather be told. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private final Path repository;
  private final Path channels;
  private final Snapshots snapshots;
  private final InstantSource clock;
  private final Duration patience;
  private final Map<ChannelName, ChannelFiles> files = new ConcurrentHashMap<>();

  /**
   * A publisher.
   *
   * @param repository HOME/repos/JOB
   */
  public Publisher(Path repository, InstantSource clock) {
    this(repository, clock, PATIENCE);
  }

  Publisher(Path repository, InstantSource clock, Duration patience) {
    this.repository = repository;
    this.channels = repository.resolve("channels");
    this.snapshots = new Snapshots(repository.resolve("snapshots"));
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * The publishers of all jobs that ever published, by job, of jobs that are no more among them.
   *
   * @param repositories HOME/repos
   */
  public static Map<String, Publisher> all(Path repositories, InstantSource clock)
      throws IOException {
    Map<String, Publisher> all = new TreeMap<>();
    for (Path each : Snapshots.children(repositories)) {
      if (Files.isDirectory(each)) {
        all.put(String.valueOf(each.getFileName()), new Publisher(each, clock));
      }
    }
    return all;
  }

  /**
   * Points the channel at the snapshot for the farm; where it points there already, nothing moves.
   *
   * @throws IOException when there is no such snapshot, the channel is held, or the disk fails
   */
  public Publication switchTo(ChannelName channel, SnapshotId snapshot) throws IOException {
    MoveResult result = publish(channel, snapshot, OptionalLong.empty(), Note.ofFarm());
    if (result instanceof MoveResult.Moved moved) {
      return moved.publication();
    } else if (result instanceof MoveResult.Unmoved unmoved) {
      return unmoved.publication();
    } else {
      throw new ChannelException(((MoveResult.Held) result).hold().sentence());
    }
  }

  /**
   * Points the channel, made where there is none, at a snapshot by one rename.
   *
   * @param build whose packages they are
   * @throws ChannelException when there is no such snapshot
   */
  public MoveResult publish(ChannelName channel, SnapshotId snapshot, OptionalLong build, Note note)
      throws IOException {
    Files.createDirectories(channels);
    return locked(() -> move(channel, snapshot, new Source.Build(build), note));
  }

  /**
   * Points a channel, made where there is none, at the snapshot that another points to: the same
   * folder, so the same bytes.
   *
   * @throws ChannelException when there is no channel to promote from
   */
  public MoveResult promote(ChannelName from, ChannelName to, Note note) throws IOException {
    requireThere(from);
    return locked(() -> move(to, requireThere(from).snapshot(), new Source.Promotion(from), note));
  }

  /**
   * Points the channel at what it had before. After a rollback, the next one goes a step further
   * back.
   *
   * @param to one of its earlier snapshots; where absent, the one before
   * @throws ChannelException when the channel had none before, or it is not kept any more
   */
  public MoveResult rollback(ChannelName channel, Optional<SnapshotId> to, Note note)
      throws IOException {
    requireThere(channel);
    return locked(() -> {
      requireThere(channel);
      ChannelState state = files(channel).read();
      if (to.isPresent()
          && state.moves().stream().noneMatch(each -> each.snapshot().equals(to.get()))) {
        throw new ChannelException("channel " + channel + " never had the snapshot " + to.get()
            + "; its history says which it had");
      }
      Optional<SnapshotId> goal = to.isPresent() ? to : state.before();
      if (goal.isEmpty()) {
        throw new ChannelException("channel " + channel
            + " cannot be rolled back: it had no other snapshot before this one");
      }
      if (!snapshots.has(goal.get())) {
        throw new ChannelException("channel " + channel + " cannot be rolled back to " + goal.get()
            + ": that snapshot is not kept any more");
      }
      return move(channel, goal.get(), new Source.Rollback(), note);
    });
  }

  /**
   * Keeps the channel where it is, whoever wants to move it.
   *
   * @throws ChannelException when there is no such channel, or it is held already
   */
  public Hold hold(ChannelName channel, Note note) throws IOException {
    requireThere(channel);
    return locked(() -> {
      ChannelState state = files(channel).read();
      if (state.hold().isPresent()) {
        throw new ChannelException(state.hold().get().sentence());
      }
      Hold hold = new Hold(channel, notBefore(state, 0), note.who(), note.why());
      files(channel).append(hold);
      return hold;
    });
  }

  /**
   * Lets a held channel move again.
   *
   * @throws ChannelException when there is no such channel, or it is not held
   */
  public Release release(ChannelName channel, Note note) throws IOException {
    requireThere(channel);
    return locked(() -> {
      ChannelState state = files(channel).read();
      if (state.hold().isEmpty()) {
        throw new ChannelException("channel " + channel + " is not held; there is nothing to end");
      }
      Release release = new Release(channel, notBefore(state, 0), note.who(), note.why());
      files(channel).append(release);
      return release;
    });
  }

  /** What is done by one at a time. */
  private interface Task<T> {
    T run() throws IOException;
  }

  private <T> T locked(Task<T> task) throws IOException {
    MoveLock lock =
        MoveLock.take(repository.resolve("moves.lock"), patience, repository.toString());
    try {
      return task.run();
    } finally {
      lock.close();
    }
  }

  private MoveResult move(ChannelName channel, SnapshotId snapshot, Source source, Note note)
      throws IOException {
    ChannelFiles own = files(channel);
    ChannelState state = own.read();
    if (state.hold().isPresent()) {
      return new MoveResult.Held(state.hold().get());
    }
    Optional<Publication> current = state.current();
    if (current.isPresent() && current.get().snapshot().equals(snapshot)) {
      return new MoveResult.Unmoved(current.get());
    }
    if (!snapshots.has(snapshot)) {
      throw new ChannelException(
          "channel " + channel + " stays: there is no snapshot " + directory(snapshot));
    }
    // HTTP dates have whole seconds, and a client misses a second move within one.
    Publication move = new Publication(
        channel,
        snapshot,
        current.map(Publication::snapshot),
        notBefore(state, 1),
        source,
        note.who(),
        note.why());
    own.move(move);
    return new MoveResult.Moved(move);
  }

  /** Now, though so many seconds after the last line at the least, whatever the clock says. */
  private Instant notBefore(ChannelState state, int secondsLater) {
    Instant now = clock.instant().truncatedTo(ChronoUnit.SECONDS);
    Instant least =
        state.last().map(last -> last.at().plusSeconds(secondsLater)).orElse(now);
    return now.isBefore(least) ? least : now;
  }

  private Publication requireThere(ChannelName channel) throws IOException {
    return current(channel)
        .orElseThrow(() -> new ChannelException("there is no channel " + channel + " in " + channels
            + "; a publish or a promote makes one"));
  }

  /** Where the channel points and since when; empty when it has never been published. */
  public Optional<Publication> current(ChannelName channel) throws IOException {
    return state(channel).flatMap(ChannelState::current);
  }

  /** Every move that took place, newest first. */
  public List<Publication> history(ChannelName channel) throws IOException {
    List<Publication> moves =
        new ArrayList<>(state(channel).map(ChannelState::moves).orElse(List.of()));
    Collections.reverse(moves);
    return List.copyOf(moves);
  }

  /** Every move that took place, every hold and every release, newest first. */
  public List<ChannelEvent> events(ChannelName channel) throws IOException {
    Optional<ChannelState> state = state(channel);
    if (state.isEmpty()) {
      return List.of();
    }
    Set<Publication> moves = new HashSet<>(state.get().moves());
    List<ChannelEvent> events = new ArrayList<>();
    for (ChannelEvent event : state.get().events()) {
      if (!(event instanceof Publication move) || moves.contains(move)) {
        events.add(0, event);
      }
    }
    return List.copyOf(events);
  }

  /** The hold that keeps the channel where it is. */
  public Optional<Hold> held(ChannelName channel) throws IOException {
    return state(channel).flatMap(ChannelState::hold);
  }

  /** What the channel's next rollback leads to; empty also where that is not kept any more. */
  public Optional<SnapshotId> before(ChannelName channel) throws IOException {
    return state(channel).flatMap(ChannelState::before).filter(snapshots::has);
  }

  /**
   * The snapshots that the channel had before and that are still kept, the one it left last first:
   * where a package of a catalogue that a client read earlier is found.
   */
  public List<SnapshotId> earlier(ChannelName channel) throws IOException {
    Optional<ChannelState> state = state(channel);
    if (state.isEmpty()) {
      return List.of();
    }
    Set<SnapshotId> kept = new HashSet<>(snapshots());
    state.get().target().ifPresent(kept::remove);
    List<SnapshotId> earlier = new ArrayList<>();
    List<Publication> moves = state.get().moves();
    for (int i = moves.size() - 1; i >= 0; i--) {
      if (kept.remove(moves.get(i).snapshot())) {
        earlier.add(moves.get(i).snapshot());
      }
    }
    return List.copyOf(earlier);
  }

  /** Only channels that there are: visitors ask for any name. */
  private Optional<ChannelState> state(ChannelName channel) throws IOException {
    if (!Files.isSymbolicLink(channels.resolve(channel.name()))) {
      return Optional.empty();
    }
    return Optional.of(files(channel).read()).filter(state -> state.target().isPresent());
  }

  private ChannelFiles files(ChannelName channel) {
    return files.computeIfAbsent(channel, name -> new ChannelFiles(channels, name));
  }

  /** The channels that there are, sorted. */
  public List<ChannelName> channels() throws IOException {
    List<ChannelName> names = new ArrayList<>();
    for (Path path : Snapshots.children(channels)) {
      String name = String.valueOf(path.getFileName());
      if (ChannelName.isOne(name) && Files.isSymbolicLink(path)) {
        names.add(new ChannelName(name));
      }
    }
    return names;
  }

  /** The job's name. */
  String job() {
    return String.valueOf(repository.getFileName());
  }

  /** Where a snapshot's files are: HOME/repos/JOB/snapshots/ID. */
  public Path directory(SnapshotId snapshot) {
    return snapshots.directory(snapshot);
  }

  /** The snapshots that there are, oldest first. */
  public List<SnapshotId> snapshots() throws IOException {
    return snapshots.list().stream().map(Snapshots.Aged::id).toList();
  }

  /** {@link #prune(Retention)} by count alone. */
  public List<SnapshotId> prune(int keep) throws IOException {
    return prune(Retention.newest(keep));
  }

  /**
   * Removes old snapshots. Never one that a channel points to or that its next rollback leads to.
   * How new one is says its last move into or out of a channel, or its making where that is later.
   *
   * @return what was removed
   */
  public List<SnapshotId> prune(Retention retention) throws IOException {
    if (!Files.isDirectory(repository)) {
      return List.of();
    }
    List<Path> leaving = new ArrayList<>();
    List<SnapshotId> removed = locked(() -> {
      List<SnapshotId> leavers = leavers(retention);
      for (SnapshotId id : leavers) {
        leaving.add(snapshots.takeAway(id));
      }
      return leavers;
    });
    // Not under the lock: a large one takes its time, and nobody can come back to it.
    snapshots.delete(leaving);
    return removed;
  }

  private List<SnapshotId> leavers(Retention retention) throws IOException {
    List<ChannelState> states = new ArrayList<>();
    for (ChannelName channel : channels()) {
      states.add(files(channel).read());
    }
    return retention.leavers(snapshots.list(), states, clock.instant());
  }

  /**
   * Which of these packages a snapshot has, whether a channel points to it or not.
   *
   * @throws IOException also where a snapshot cannot be read: then nobody knows what it needs
   */
  public Set<Digest> using(Set<Digest> sums) throws IOException {
    return snapshots.using(sums);
  }

  /** Removes what a kill left half done. */
  public void sweep() throws IOException {
    if (!Files.isDirectory(repository)) {
      return;
    }
    List<Path> leaving = locked(() -> {
      for (Path left : Snapshots.children(channels)) {
        if (String.valueOf(left.getFileName()).startsWith(ChannelFiles.UNFINISHED)) {
          Files.delete(left);
        }
      }
      return snapshots.leaving();
    });
    snapshots.delete(leaving);
  }
}
