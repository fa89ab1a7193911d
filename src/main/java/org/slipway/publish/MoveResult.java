package org.slipway.publish;

/** How asking a channel to move ended. */
public sealed interface MoveResult {
  /** It moved, and the move is on the disk. */
  record Moved(Publication publication) implements MoveResult {}

  /** It pointed there already; nothing was written. */
  record Unmoved(Publication publication) implements MoveResult {}

  /** It is held and stays where it is. */
  record Held(Hold hold) implements MoveResult {}
}
