package org.slipway.publish;

import java.time.Instant;

/** A channel stays where it is until it is released. */
public record Hold(ChannelName channel, Instant at, String who, String why)
    implements ChannelEvent {

  /** What to tell who wants to move it. */
  public String sentence() {
    return "channel " + channel + " is held by " + who + " since " + at
        + (why.isEmpty() ? "" : " (" + why + ")") + "; it stays where it is until it is released";
  }
}
