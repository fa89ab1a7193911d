package org.slipway.publish;

import java.time.Instant;
import java.util.Optional;
import org.slipway.repository.SnapshotId;

/**
 * A channel's move to a snapshot.
 *
 * @param at whole seconds, later than every earlier move of the channel: what HTTP gives as
 *     Last-Modified
 */
public record Publication(
    ChannelName channel,
    SnapshotId snapshot,
    Optional<SnapshotId> previous,
    Instant at,
    Source source,
    String who,
    String why)
    implements ChannelEvent {}
