package org.slipway.jail;

import java.util.List;

/**
 * One thing that jails need of a host, and what was found of it.
 *
 * @param what a word or two
 * @param found one sentence, without a full stop
 * @param mend what to run or write, a line each, in this order; empty where nothing is to be done
 */
public record HostFinding(String what, Level level, String found, List<String> mend) {
  /** How it stands. */
  public enum Level {
    /** As it should be. */
    GOOD,
    /** Jails can be made, with the drawback that is told. */
    NOTE,
    /** No jail can be made, or none that holds a hostile build. */
    MISSING
  }

  public HostFinding {
    mend = List.copyOf(mend);
  }

  static HostFinding good(String what, String found) {
    return new HostFinding(what, Level.GOOD, found, List.of());
  }

  static HostFinding note(String what, String found, String... mend) {
    return new HostFinding(what, Level.NOTE, found, List.of(mend));
  }

  static HostFinding missing(String what, String found, String... mend) {
    return new HostFinding(what, Level.MISSING, found, List.of(mend));
  }
}
