package org.slipway.jail;

import java.time.Duration;

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
  record TimedOut(Duration limit) implements Exit {}

  /** It was stopped after this long without output. */
  record Silent(Duration limit) implements Exit {}

  /** The kernel ended it for its memory. */
  record OutOfMemory(long limitBytes) implements Exit {}

  /** The jail could not be made or entered; the fault is the farm's, not the port's. */
  record NotStarted(String message) implements Exit {}

  /** Ended by itself with status 0. */
  default boolean succeeded() {
    return this instanceof Exited exited && exited.status() == 0;
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
   * What a command used.
   *
   * @param outputBytes it wrote, kept or not
   */
  record Usage(Duration wall, long outputBytes) {}
}
