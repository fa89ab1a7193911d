package org.slipway.jail;

import java.util.List;

/**
 * A root to be made: its base and what is seen in it. A back end applies every field or refuses.
 *
 * @param name a short word for messages and folder names: letters, digits, dashes
 * @param mounts host folders bound into the root; no others are seen
 */
public record JailSpec(String name, Base base, List<Mount> mounts) {
  public JailSpec {
    mounts = List.copyOf(mounts);
    if (!name.matches("[A-Za-z0-9][A-Za-z0-9_.+-]{0,63}")) {
      throw new IllegalArgumentException("\"" + name + "\" cannot name a jail");
    }
  }
}
