package org.slipway.build;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.slipway.jail.Exit;
import org.slipway.jail.Jail;

/**
 * Runs phases one after the other: tells who watches, frames the log, takes the time and what the
 * jailed commands have used.
 */
final class PhaseRun {
  private final BuildLog log;
  private final BuildObserver observer;
  private final List<PhaseTime> times = new ArrayList<>();
  private final List<Jail> jails = new ArrayList<>();
  private OptionalLong disk = OptionalLong.empty();
  private Phase current = Phase.CHECK_SANITY;
  private long start;

  PhaseRun(BuildLog log, BuildObserver observer) {
    this.log = log;
    this.observer = observer;
  }

  /** What a phase does. */
  interface Step<T> {
    T run() throws IOException, InterruptedException, PhaseFailure;
  }

  /** Counts what this jail's commands use, to the phase in which they end. */
  void count(Jail jail) {
    jails.add(jail);
  }

  <T> T run(Phase phase, Step<T> step) throws IOException, InterruptedException, PhaseFailure {
    begin(phase);
    String how = "broken off";
    try {
      T result = step.run();
      how = "done";
      return result;
    } catch (PhaseFailure e) {
      how = e.how();
      throw e;
    } finally {
      end(how, Duration.ZERO);
    }
  }

  /** Begins a phase, which must be ended. */
  synchronized void begin(Phase phase) throws IOException {
    current = phase;
    start = System.nanoTime();
    observer.phase(phase);
    log.begin(phase);
  }

  /**
   * Ends the phase that was begun, with the run in which it was.
   *
   * @param counted CPU time of that run which was counted to phases before
   */
  synchronized void end(String how, Duration counted) throws IOException {
    Uses uses = uses();
    Optional<Duration> cpu =
        uses.cpu().map(all -> all.minus(counted).isNegative() ? Duration.ZERO : all.minus(counted));
    end(how, cpu, uses.memory());
  }

  /** Ends the phase that was begun, in the middle of a run. */
  synchronized void endWithin(Duration cpu) throws IOException {
    end("done", Optional.of(cpu), OptionalLong.empty());
  }

  private void end(String how, Optional<Duration> cpu, OptionalLong memory) throws IOException {
    PhaseTime time =
        new PhaseTime(current, Duration.ofNanos(System.nanoTime() - start), cpu, memory);
    times.add(time);
    log.end(current, how, time.took());
  }

  /** After a run of several phases: the most that it had at once was its longest phase's. */
  synchronized void settle(int from) {
    OptionalLong memory = uses().memory();
    int longest = from;
    for (int at = from; at < times.size(); at++) {
      longest = times.get(at).took().compareTo(times.get(longest).took()) > 0 ? at : longest;
    }
    if (longest < times.size()) {
      PhaseTime time = times.get(longest);
      times.set(longest, new PhaseTime(time.phase(), time.took(), time.cpu(), memory));
    }
  }

  private record Uses(Optional<Duration> cpu, OptionalLong memory) {}

  /** Of the runs that have ended since it was last asked. */
  private Uses uses() {
    Optional<Duration> cpu = Optional.empty();
    OptionalLong memory = OptionalLong.empty();
    for (Jail jail : jails) {
      for (Exit.Usage use : jail.takeUses()) {
        cpu = sum(cpu, use.cpu());
        memory = larger(memory, use.peakMemoryBytes());
        disk = use.diskBytes().isPresent() ? use.diskBytes() : disk;
      }
    }
    return new Uses(cpu, memory);
  }

  /** How many phases have ended. */
  synchronized int ended() {
    return times.size();
  }

  synchronized List<PhaseTime> times() {
    return List.copyOf(times);
  }

  /** The phase that was last begun. */
  synchronized Phase last() {
    return current;
  }

  /** Of all phases so far. */
  synchronized Footprint footprint(long logBytes) {
    Optional<Duration> cpu = Optional.empty();
    OptionalLong memory = OptionalLong.empty();
    for (PhaseTime time : times) {
      cpu = sum(cpu, time.cpu());
      memory = larger(memory, time.peakMemoryBytes());
    }
    return new Footprint(cpu, memory, disk, logBytes);
  }

  private static Optional<Duration> sum(Optional<Duration> one, Optional<Duration> other) {
    return one.isPresent() && other.isPresent()
        ? Optional.of(one.get().plus(other.get()))
        : one.or(() -> other);
  }

  private static OptionalLong larger(OptionalLong one, OptionalLong other) {
    return one.isPresent() && (other.isEmpty() || one.getAsLong() >= other.getAsLong())
        ? one
        : other;
  }
}
