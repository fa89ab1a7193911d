package org.slipway.poudriere;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.slipway.build.Phase;
import org.slipway.packages.OriginSpec;
import org.slipway.packages.PackageName;

/**
 * What poudriere says of a build in its {@code .data.json}.
 *
 * @param status of the whole, such as {@code parallel_build:}, {@code done:}, {@code sigint:}
 * @param ended whether poudriere says that it has
 * @param settled every package of which something is decided, in poudriere's order
 * @param refused entries whose names no package and no port can have; not in {@code settled}
 * @param whole whether the file could be read to its end
 */
public record Progress(
    String status,
    boolean ended,
    List<Running> running,
    List<Settled> settled,
    int refused,
    boolean whole) {
  /** Of a build that has said nothing yet. */
  public static final Progress NOTHING = new Progress("", false, List.of(), List.of(), 0, true);

  public Progress {
    running = List.copyOf(running);
    settled = List.copyOf(settled);
  }

  /** Whether poudriere ended by itself and said so. */
  public boolean done() {
    return status.equals("done:") || status.startsWith("stopped:done:");
  }

  /**
   * A package that is building.
   *
   * @param builder from 1
   * @param phase empty in the moments before and after
   */
  public record Running(
      int builder,
      OriginSpec spec,
      PackageName name,
      Optional<Phase> phase,
      Optional<Duration> since) {}
}
