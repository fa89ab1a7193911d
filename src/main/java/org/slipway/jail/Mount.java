package org.slipway.jail;

import java.nio.file.Path;

/**
 * A host folder seen in a root.
 *
 * @param source on the host, absolute
 * @param target in the root, absolute, such as {@code /wrkdirs}
 */
public record Mount(Path source, String target, boolean writable) {
  public Mount {
    if (!source.isAbsolute() || !target.startsWith("/") || target.contains("..")) {
      throw new IllegalArgumentException(
          "mount " + source + " at " + target + ": both must be absolute");
    }
  }
}
