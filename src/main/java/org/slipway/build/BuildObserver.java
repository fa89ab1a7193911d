package org.slipway.build;

/** Who wants to know how a build goes on; called from the thread that builds. */
public interface BuildObserver {
  /** A phase begins. */
  void phase(Phase phase);
}
