package org.slipway.schedule;

import java.time.Duration;
import org.slipway.packages.OriginSpec;
import org.slipway.plan.PlannedPackage;
import org.slipway.store.BuildId;

/** The stages' outside: who queues the next task. */
interface Dispatcher {
  void evaluate(Job job, BuildId build) throws FarmException;

  /**
   * Queues a package's build.
   *
   * @param attempt how many attempts at it were recorded before
   * @param alone whether nothing else shall be built meanwhile
   */
  void build(Job job, BuildId build, PlannedPackage next, int attempt, boolean alone)
      throws FarmException;

  /** After a while, has a package queued that failed. */
  void again(Job job, BuildId build, OriginSpec spec, Duration wait) throws FarmException;

  void publish(Job job, BuildId build) throws FarmException;

  void watch(Job job) throws FarmException;

  /** Looks at a bulk again and again, until it is over. */
  void follow(Job job, BuildId build) throws FarmException;

  void followed(BuildId build) throws FarmException;
}
