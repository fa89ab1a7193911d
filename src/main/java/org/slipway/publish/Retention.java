package org.slipway.publish;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slipway.repository.SnapshotId;

/**
 * Which snapshots stay though no channel points to them.
 *
 * @param keep the newest so many; at least 1, so that a snapshot just written is still there when
 *     it is published
 * @param age those made, or left by a channel, no longer ago than this
 * @param grace how long a channel's former packages stay reachable at the least, for clients that
 *     still go by the catalogue of that time
 */
public record Retention(int keep, Duration age, Duration grace) {
  /** A client that has read a catalogue fetches its packages within the hour, slow ones too. */
  public static final Duration GRACE = Duration.ofHours(1);

  public Retention {
    if (keep < 1) {
      throw new IllegalArgumentException("keep at least 1 snapshot, not " + keep);
    }
    if (age.isNegative() || grace.isNegative()) {
      throw new IllegalArgumentException(
          "snapshots are kept for a time of 0 or more, not " + age + " and " + grace);
    }
  }

  /** By count alone, with the usual grace. */
  public static Retention newest(int keep) {
    return new Retention(keep, Duration.ZERO, GRACE);
  }

  /** The snapshots that may go, of all that there are, where the channels stand as they do. */
  List<SnapshotId> leavers(List<Snapshots.Aged> all, List<ChannelState> channels, Instant now) {
    Set<SnapshotId> needed = new HashSet<>();
    Map<SnapshotId, Instant> used = new HashMap<>();
    Map<SnapshotId, Instant> left = new HashMap<>();
    for (ChannelState channel : channels) {
      channel.target().ifPresent(needed::add);
      channel.before().ifPresent(needed::add);
      for (Publication move : channel.moves()) {
        used.merge(move.snapshot(), move.at(), Retention::later);
        move.previous().ifPresent(id -> {
          used.merge(id, move.at(), Retention::later);
          left.merge(id, move.at(), Retention::later);
        });
      }
    }
    List<Snapshots.Aged> newestFirst = new ArrayList<>();
    for (Snapshots.Aged each : all) {
      Instant since = later(each.since(), used.getOrDefault(each.id(), Instant.MIN));
      newestFirst.add(new Snapshots.Aged(each.id(), since));
    }
    newestFirst.sort(Comparator.comparing(Snapshots.Aged::since)
        .reversed()
        .thenComparing(aged -> aged.id().hex()));
    Instant young = age.isZero() ? Instant.MAX : now.minus(age);
    Instant reachable = now.minus(grace);
    return newestFirst.stream()
        .skip(keep)
        .filter(aged -> !needed.contains(aged.id()))
        .filter(aged -> !aged.since().isAfter(young))
        .filter(aged -> !left.getOrDefault(aged.id(), Instant.MIN).isAfter(reachable))
        .map(Snapshots.Aged::id)
        .toList();
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
