package org.slipway.build;

import java.io.IOException;
import org.slipway.jail.Command;
import org.slipway.jail.Jail;

/**
 * Who wants to know how a build goes on; called by one thread at a time, the one that builds or one
 * that takes a jailed command's output.
 */
public interface BuildObserver {
  /** A phase begins. */
  void phase(Phase phase);

  /**
   * The phases are over, the last of them failed or not, and the build's root is about to go. Called
   * by the thread that builds; not where there is no root, nor where the build was interrupted.
   *
   * @param shell starts {@code /bin/sh} as the user of phases, in the port's work folder where there
   *     is one, with a phase's environment and make's settings in it; its last argument is the port's
   *     own folder
   */
  default void leaving(Jail jail, Command shell) throws IOException, InterruptedException {}
}
