package org.slipway.evaluate;

/** How far an evaluation goes. */
public enum Reach {
  /**
   * The ports that are asked for and no others; whether what they need is there is looked at. For
   * their answers alone: {@link Port#sources} is the digest of nothing.
   */
  ASKED,
  /** All that they need too, transitively, but for what only their tests need. */
  NEEDED
}
