package org.slipway.jail;

import java.util.List;

/**
 * A root to be made: its base and what is seen in it. A back end applies every field or refuses.
 *
 * @param name a short word for messages and folder names: letters, digits, dashes
 * @param mounts host folders bound into the root; no others are seen
 * @param tmpfs parts of it that lie in memory
 * @param diskBytes what its commands may write outside of mounts and tmpfs; 0 is no limit
 */
public record JailSpec(
    String name, Base base, List<Mount> mounts, List<Tmpfs> tmpfs, long diskBytes) {
  public JailSpec {
    mounts = List.copyOf(mounts);
    tmpfs = List.copyOf(tmpfs);
    if (diskBytes < 0) {
      throw new IllegalArgumentException("jail " + name + ": a disk of " + diskBytes + " bytes");
    }
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}")) {
      throw new IllegalArgumentException("\"" + name + "\" cannot name a jail");
    }
  }

  /** A root all on disk, without a limit on it. */
  public JailSpec(String name, Base base, List<Mount> mounts) {
    this(name, base, mounts, List.of(), 0);
  }
}
