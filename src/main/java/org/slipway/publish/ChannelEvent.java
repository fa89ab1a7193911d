package org.slipway.publish;

import java.time.Instant;

/** One line of a channel's history. */
public sealed interface ChannelEvent permits Publication, Hold, Release {
  ChannelName channel();

  /** When, in whole seconds, never earlier than the line before. */
  Instant at();

  /** Empty in histories of farms that did not keep it. */
  String who();

  /** Empty where nobody said. */
  String why();
}
