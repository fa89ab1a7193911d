package org.slipway.jail;

import java.io.InputStream;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * One program to run in a root. When it ends, all that it started has ended too.
 *
 * @param environment all of it: nothing of the caller's environment is passed on
 * @param directory where it starts, in the root
 * @param input its standard input, else /dev/null
 */
public record Command(
    List<String> argv,
    Map<String, String> environment,
    String directory,
    User user,
    Network network,
    Limits limits,
    Optional<InputStream> input) {
  public Command {
    argv = List.copyOf(argv);
    environment = Map.copyOf(environment);
  }

  /**
   * Who runs it: the root's own root, or the unprivileged build user. For a farm of an ordinary user without subordinate ids
   * (subuid(5)), and with proot, both are one user of the host, and each may change the other's files.
   */
  public enum User {
    ROOT,
    BUILDER
  }

  /** What it reaches. */
  public enum Network {
    /** Nothing but its own loopback. */
    NONE,
    /**
     * What other hosts offer, and this one by its other addresses as it does to them; not what listens on its 127.0.0.1, its ::1
     * and its abstract unix sockets. Not every host can give it: {@link Jails#lacksOutside}.
     */
    OUTSIDE,
    /** All that the host reaches, itself included. */
    HOST
  }
}
