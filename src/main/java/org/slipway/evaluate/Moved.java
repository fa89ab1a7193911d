package org.slipway.evaluate;

import java.util.Optional;
import org.slipway.packages.OriginSpec;

/** What the tree's MOVED says of a port that somebody asks for. */
sealed interface Moved {
  /**
   * It is asked for by its present name, as far as MOVED knows.
   *
   * @param sentence what MOVED says of it nevertheless, where the tree still has the port
   */
  record Stays(Optional<String> sentence) implements Moved {}

  /** It is in the tree under another name. */
  record To(OriginSpec now, String sentence) implements Moved {}

  /** It was removed, or what it became was. */
  record Expired(String sentence) implements Moved {}

  /** MOVED leads nowhere: to a port that is not there, round in a circle, or to another flavor. */
  record Lost(String sentence) implements Moved {}
}
