package org.slipway.bench;

import java.time.Duration;
import org.slipway.tree.CommitId;

/**
 * A walk's step from one commit to the next.
 *
 * @param framework whether the commit changes files of Mk/, the framework's core
 * @param checkout the time to move the files there
 * @param evaluation the time to answer for all ports
 * @param asked ports and flavors that make was asked about again
 */
public record Step(
    CommitId commit, boolean framework, Duration checkout, Duration evaluation, int asked) {
  public Duration wall() {
    return checkout.plus(evaluation);
  }
}
