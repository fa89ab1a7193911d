package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A way to make jails: the seam at which runtimes and systems differ. It turns a root and a command into a program of the host
 * that ends with all that it started when its standard input ends. FreeBSD's jail(8) fits here.
 */
interface BackEnd {
  Containment containment();

  /** Ids in its jails. */
  IdMap ids();

  /** Whether its roots are overlays; without, only {@link Base.Host} can be a base. */
  boolean layered();

  /** Makes the folders of a new root. */
  void prepare(Root root) throws IOException;

  /**
   * Writes what a run needs into the root's run folder and says how it is started. The program writes {@code started} and the
   * command's status, a line each, to {@link Root#status()}.
   */
  Launch launch(Root root, Command command, Path input, Optional<ControlGroup> group)
      throws IOException;

  /** The program that removes folders of used roots, whoever owns what is in them. */
  List<String> removal(List<Path> folders);

  /** The program that makes the farm's user own what the build user wrote, if there is need. */
  Optional<List<String>> reclaim(List<Path> folders);

  /** A program of the host, with its whole environment. */
  record Launch(List<String> argv, Map<String, String> environment) {}
}
