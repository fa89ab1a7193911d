package org.slipway.build;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Runs phases one after the other: tells who watches, frames the log, takes the time. */
final class PhaseRun {
  private final BuildLog log;
  private final BuildObserver observer;
  private final List<PhaseTime> times = new ArrayList<>();

  PhaseRun(BuildLog log, BuildObserver observer) {
    this.log = log;
    this.observer = observer;
  }

  /** What a phase does. */
  interface Step<T> {
    T run() throws IOException, InterruptedException, PhaseFailure;
  }

  <T> T run(Phase phase, Step<T> step) throws IOException, InterruptedException, PhaseFailure {
    observer.phase(phase);
    log.begin(phase);
    long start = System.nanoTime();
    String how = "broken off";
    try {
      T result = step.run();
      how = "done";
      return result;
    } catch (PhaseFailure e) {
      how = e.how();
      throw e;
    } finally {
      Duration took = Duration.ofNanos(System.nanoTime() - start);
      times.add(new PhaseTime(phase, took));
      log.end(phase, how, took);
    }
  }

  List<PhaseTime> times() {
    return List.copyOf(times);
  }

  /** The phase that was last begun. */
  Phase last() {
    return times.isEmpty() ? Phase.CHECK_SANITY : times.get(times.size() - 1).phase();
  }
}
