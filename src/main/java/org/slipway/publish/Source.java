package org.slipway.publish;

import java.util.OptionalLong;

/** Where a channel had a snapshot from. */
public sealed interface Source {
  /**
   * A publish.
   *
   * @param build whose packages they are, where it is known
   */
  record Build(OptionalLong build) implements Source {
    /** A publish of which no build is known. */
    public static final Build UNKNOWN = new Build(OptionalLong.empty());

    @Override
    public String toString() {
      return build.isPresent() ? "publish of build " + build.getAsLong() : "publish";
    }
  }

  /** Another channel, which pointed to the snapshot at that moment. */
  record Promotion(ChannelName from) implements Source {
    @Override
    public String toString() {
      return "promote from " + from;
    }
  }

  /** The channel's own past. */
  record Rollback() implements Source {
    @Override
    public String toString() {
      return "rollback";
    }
  }
}
