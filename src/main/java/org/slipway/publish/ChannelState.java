package org.slipway.publish;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.slipway.repository.SnapshotId;

/**
 * A channel at one moment: where its link points, and what its history says.
 *
 * @param target where the link points; empty where there is no channel
 * @param events the whole history, oldest first, moves that a kill came before among them
 * @param moves those that took place, oldest first
 */
record ChannelState(
    ChannelName channel,
    Optional<SnapshotId> target,
    List<ChannelEvent> events,
    List<Publication> moves) {

  static ChannelState of(
      ChannelName channel, Optional<SnapshotId> target, List<ChannelEvent> events) {
    return new ChannelState(channel, target, events, effective(events, target));
  }

  /**
   * The moves that took place: a kill can come between a move's line and the move itself, and then
   * the next line, or the channel, still stands where the one before left it.
   */
  private static List<Publication> effective(
      List<ChannelEvent> events, Optional<SnapshotId> target) {
    List<Publication> effective = new ArrayList<>();
    Optional<SnapshotId> after = target;
    for (int i = events.size() - 1; i >= 0; i--) {
      if (events.get(i) instanceof Publication move) {
        if (after.equals(Optional.of(move.snapshot()))) {
          effective.add(0, move);
        }
        after = move.previous();
      }
    }
    return List.copyOf(effective);
  }

  Optional<ChannelEvent> last() {
    return events.isEmpty() ? Optional.empty() : Optional.of(events.get(events.size() - 1));
  }

  /**
   * Where the channel points and since when. A move whose line is there and whose link is not, one
   * that goes on at this moment in another process among them, does not count yet: its time goes
   * out together with its files, or a client would keep the old ones under the new time.
   */
  Optional<Publication> current() {
    if (target.isEmpty()) {
      return Optional.empty();
    }
    Optional<Publication> last =
        moves.isEmpty() ? Optional.empty() : Optional.of(moves.get(moves.size() - 1));
    if (last.isPresent() && last.get().snapshot().equals(target.get())) {
      return last;
    }
    // Somebody moved the link by hand.
    return last()
        .map(event -> new Publication(
            channel,
            target.get(),
            last.map(Publication::snapshot),
            event.at(),
            Source.Build.UNKNOWN,
            "",
            ""));
  }

  /** The hold that nobody has ended. */
  Optional<Hold> hold() {
    for (int i = events.size() - 1; i >= 0; i--) {
      if (events.get(i) instanceof Hold hold) {
        return Optional.of(hold);
      }
      if (events.get(i) instanceof Release) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  /**
   * What the channel had before what it has now, as steps back would reach it: a rollback takes
   * back what it went over, so that the next one goes further and not forward again.
   */
  Optional<SnapshotId> before() {
    Deque<SnapshotId> way = new ArrayDeque<>();
    for (Publication move : moves) {
      if (move.source() instanceof Source.Rollback && way.contains(move.snapshot())) {
        while (!move.snapshot().equals(way.peek())) {
          way.pop();
        }
      } else if (!move.snapshot().equals(way.peek())) {
        way.push(move.snapshot());
      }
    }
    return way.stream().skip(1).findFirst();
  }
}
