package org.slipway.publish;

import java.time.Instant;

/** A held channel moves again. */
public record Release(ChannelName channel, Instant at, String who, String why)
    implements ChannelEvent {}
