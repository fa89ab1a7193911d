package org.slipway.jail;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * A way to make jails: the seam at which runtimes and systems differ. It turns a root and a command into a program of the host
 * that ends with all that it started when its standard input ends.
 */
interface BackEnd {
  Containment containment();

  /** Ids in its jails. */
  IdMap ids();

  /** Whether its roots are overlays; without, only {@link Base.Host} can be a base. */
  boolean layered();

  /** Why it cannot make a root like this, in one sentence that names the field and itself; empty where it can. */
  Optional<String> refusal(JailSpec spec);

  /** Why it cannot give a command {@link Command.Network#OUTSIDE}, in words that go on a sentence; empty where it can. */
  Optional<String> lacksOutside() throws IOException;

  /** Makes the folders of a new root, and the mounts that its runs share. */
  Optional<Keeper> prepare(Root root) throws IOException;

  /**
   * The first program of every run, which is told what to run when it is in its namespaces already, see {@link Entrance}; empty
   * where a {@link #launch} is started by itself.
   */
  default Optional<Launch> first(Optional<Keeper> keeper) {
    return Optional.empty();
  }

  /**
   * Writes what a run needs into the root's run folder and says how it is started. The program writes {@code started} and the
   * command's status, a line each, to {@link Root#status()}.
   */
  Launch launch(
      Root root, Optional<Keeper> keeper, Command command, Path input, Optional<ControlGroup> group)
      throws IOException;

  /** The program that removes folders of used roots, whoever owns what is in them. */
  List<String> removal(List<Path> folders) throws IOException;

  /** Whether mounts of its roots are the host's, so that nothing but {@link #removal} may touch the folder of a used root. */
  default boolean mountsOnHost() {
    return false;
  }

  /** The program that makes the farm's user own what the build user wrote, if there is need. */
  Optional<List<String>> reclaim(List<Path> folders);

  /** A program of the host, with its whole environment. */
  record Launch(List<String> argv, Map<String, String> environment) {}
}
