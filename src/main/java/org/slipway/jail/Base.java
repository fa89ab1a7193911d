package org.slipway.jail;

import java.nio.file.Path;

/** What a root is made of. */
public sealed interface Base permits Base.Host, Base.Directory {
  /** The host's own system folders, read-only, without homes, keys or the farm's files. Linux only. */
  record Host() implements Base {}

  /** An unpacked base system, used read-only. */
  record Directory(Path root) implements Base {}
}
