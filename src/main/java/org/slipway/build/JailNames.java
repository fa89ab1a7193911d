package org.slipway.build;

import org.slipway.evaluate.Port;

/** Names of jails, for messages and folders. */
final class JailNames {
  private static final int LONGEST = 64;

  private JailNames() {}

  static String of(String what, Port port) {
    String name = what + "-" + port.name().toString().replaceAll("[^A-Za-z0-9_.+-]", "_");
    return name.substring(0, Math.min(LONGEST, name.length()));
  }
}
