package org.slipway.jail;

/** Why a run was ended from outside. */
enum Stop {
  TIME,
  SILENCE,
  CLOSED,
  STREAMS,
  MEMORY,
  PROCESSES,
  DISK;

  private static final int KILL = 9;

  Exit exit(Limits limits, Exit.Usage usage) {
    return switch (this) {
      case TIME -> new Exit.TimedOut(limits.time(), usage);
      case SILENCE -> new Exit.Silent(limits.silence(), usage);
      case CLOSED -> new Exit.NotStarted("its jail was closed");
      case STREAMS -> new Exit.NotStarted("its streams failed");
      case MEMORY -> new Exit.OutOfMemory(limits.memoryBytes(), usage);
      case PROCESSES, DISK -> new Exit.Signalled(KILL, usage);
    };
  }
}
