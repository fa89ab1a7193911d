package org.slipway.jail;

import java.util.Optional;

/**
 * What a FreeBSD host gives its jails, beyond what a spec asks.
 *
 * @param dataset the dataset that is mounted at the farm's folder of jails, where clones are made; needed for {@link Roots#ZFS}
 * @param memoryBytes the size of a root in memory whose spec sets no limit on its disk
 * @param accounting whether the kernel counts and limits what jails use (kern.racct.enable)
 * @param ruleset number of the farm's own rules for device nodes
 */
record FreeBsdChoices(
    Roots roots, Optional<String> dataset, long memoryBytes, boolean accounting, int ruleset) {
  private static final String DATASET =
      "[A-Za-z0-9][A-Za-z0-9_.:-]*(/[A-Za-z0-9][A-Za-z0-9_.:-]*)*";
  private static final int LAST_RULESET = 65535;

  FreeBsdChoices {
    if (roots == Roots.ZFS && dataset.isEmpty()) {
      throw new IllegalArgumentException("clones need a dataset to be made in");
    }
    if (dataset.isPresent() && !dataset.get().matches(DATASET)) {
      throw new IllegalArgumentException("\"" + dataset.get() + "\" cannot name a dataset");
    }
    // 1 to 5 are the system's own (devfs.rules(5)).
    if (memoryBytes <= 0 || ruleset <= 5 || ruleset > LAST_RULESET) {
      throw new IllegalArgumentException(
          "memory of " + memoryBytes + " bytes, ruleset " + ruleset + ": out of range");
    }
  }

  FreeBsdChoices with(Roots other) {
    return new FreeBsdChoices(other, dataset, memoryBytes, accounting, ruleset);
  }

  /** Where the files of a root are. */
  enum Roots {
    /** A clone of the base's snapshot. */
    ZFS,
    /** A copy of the whole base in memory. */
    TMPFS,
    /** The base's programs and libraries, read-only and shared, below a small root in memory. */
    NULLFS
  }
}
