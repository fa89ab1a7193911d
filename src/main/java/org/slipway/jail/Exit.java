package org.slipway.jail;

import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

/** How a command ended. */
public sealed interface Exit
    permits Exit.Exited,
        Exit.Signalled,
        Exit.TimedOut,
        Exit.Silent,
        Exit.OutOfMemory,
        Exit.NotStarted {

  /** It ended by itself. */
  record Exited(int status, Usage usage) implements Exit {}

  /** A signal ended it (the number is the host's). */
  record Signalled(int signal, Usage usage) implements Exit {}

  /** It was stopped after this time. */
  record TimedOut(Duration limit, Usage usage) implements Exit {}

  /** It was stopped after this long without output. */
  record Silent(Duration limit, Usage usage) implements Exit {}

  /** The kernel ended it for its memory. */
  record OutOfMemory(long limitBytes, Usage usage) implements Exit {}

  /** The jail could not be made or entered; the fault is the farm's, not the port's. */
  record NotStarted(String message) implements Exit {}

  /** Ended by itself with status 0. */
  default boolean succeeded() {
    return this instanceof Exited exited && exited.status() == 0;
  }

  /** What the run used; empty where there was none. */
  default Optional<Usage> used() {
    if (this instanceof Exited exited) {
      return Optional.of(exited.usage());
    } else if (this instanceof Signalled signalled) {
      return Optional.of(signalled.usage());
    } else if (this instanceof TimedOut timedOut) {
      return Optional.of(timedOut.usage());
    } else if (this instanceof Silent silent) {
      return Optional.of(silent.usage());
    } else if (this instanceof OutOfMemory memory) {
      return Optional.of(memory.usage());
    }
    return Optional.empty();
  }

  /** In words, for a log and a page. */
  default String inWords() {
    if (this instanceof Exited exited) {
      return "exit status " + exited.status();
    } else if (this instanceof Signalled signalled) {
      return "ended by signal " + signalled.signal();
    } else if (this instanceof TimedOut timedOut) {
      return "stopped after " + timedOut.limit().toSeconds() + " s, its time limit";
    } else if (this instanceof Silent silent) {
      return "stopped after " + silent.limit().toSeconds() + " s without output";
    } else if (this instanceof OutOfMemory memory) {
      return "out of memory at " + (memory.limitBytes() >> 20) + " MiB";
    } else if (this instanceof NotStarted notStarted) {
      return "the jail did not start: " + notStarted.message();
    }
    throw new IllegalStateException("unknown exit");
  }

  /**
   * What all processes of a run used together, those that made the jail among them (15 to 30 ms of CPU and 2 to
   * 6 MiB).
   *
   * @param cpu user and system time. From the run's control group where the farm may make one; else, for a command that ended by
   *     itself, of the processes that others waited for; else empty
   * @param peakMemoryBytes the most at once, as the kernel counts it for a limit: files that the run read or wrote count while
   *     they are cached, so it is not more than the limit. Empty without a control group that counts memory
   * @param outputBytes it wrote, kept or not
   * @param processLimit whether a process could not be started for the limit on them, where the host tells
   * @param diskLimit whether something could not be written for the root's limit on its disk
   * @param diskBytes what the root's files outside of mounts take when the run has ended; empty where it was not measured
   */
  record Usage(
      Duration wall,
      Optional<Duration> cpu,
      OptionalLong peakMemoryBytes,
      long outputBytes,
      boolean processLimit,
      boolean diskLimit,
      OptionalLong diskBytes) {
    /** Of a run that reached no limit, without its disk. */
    public Usage(
        Duration wall, Optional<Duration> cpu, OptionalLong peakMemoryBytes, long outputBytes) {
      this(wall, cpu, peakMemoryBytes, outputBytes, false, false, OptionalLong.empty());
    }
  }
}
