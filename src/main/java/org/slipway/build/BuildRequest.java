package org.slipway.build;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.slipway.evaluate.Evaluator;
import org.slipway.evaluate.Port;
import org.slipway.evaluate.Target;
import org.slipway.jail.Command;
import org.slipway.jail.Limits;
import org.slipway.packages.BuiltPackage;
import org.slipway.packages.OriginSpec;

/**
 * One package to build.
 *
 * @param tree the pinned checkout's folder
 * @param kit the folder for /kit, from the evaluator
 * @param installs packages to install before, in order
 * @param mirror where distfiles are looked for first
 * @param jobs how many the port's own build may run at once
 */
public record BuildRequest(
    Port port,
    Target target,
    Path tree,
    Path kit,
    List<Install> installs,
    Optional<URI> mirror,
    Limits limits,
    int jobs,
    Wishes wishes) {
  public BuildRequest {
    installs = List.copyOf(installs);
  }

  /** The usual way. */
  public BuildRequest(
      Port port,
      Target target,
      Path tree,
      Path kit,
      List<Install> installs,
      Optional<URI> mirror,
      Limits limits,
      int jobs) {
    this(port, target, tree, kit, installs, mirror, limits, jobs, Wishes.USUAL);
  }

  /** What is done with the port. */
  public enum Mode {
    /** A package is made. */
    PACKAGE,
    /** It is tested too: DEVELOPER_MODE, stage-qa, check-plist, install, deinstall, leftovers. */
    TEST
  }

  /** What the port's own fetch reaches. */
  public enum FetchNetwork {
    /**
     * As {@link #OWN} where the host can give that and a mirror of the job is not the host's own loopback, else as {@link #HOST}.
     */
    AUTO,
    /** Other hosts, see {@link Command.Network#OUTSIDE}; a host that cannot give that fetches nothing. */
    OWN,
    /** All that the host reaches, itself included. */
    HOST
  }

  /**
   * What differs from build to build.
   *
   * @param overlays folders of the host that lie over the tree, first wins; seen as
   *     {@link Evaluator}'s overlays are
   * @param changed when the port was last changed, for SOURCE_DATE_EPOCH; else its distinfo says
   * @param diskBytes that the build's root may hold, 0 for no limit
   * @param workInMemory size of a tmpfs for WRKDIRPREFIX, where there shall be one
   * @param ccache the folder of a compiler cache that builds share, where there is one
   * @param keepWork a folder of the farm's own in which a failed build's WRKDIR is kept as an
   *     archive
   * @param times how long single phases may take at most; the others, see {@link
   *     #time(Phase, Duration)}
   * @param fetchAttempts how often the framework's fetch is tried, at least once
   * @param fetchNetwork what it reaches
   */
  public record Wishes(
      Mode mode,
      List<Path> overlays,
      Optional<Instant> changed,
      long diskBytes,
      OptionalLong workInMemory,
      Optional<Path> ccache,
      Optional<Path> keepWork,
      Map<Phase, Duration> times,
      int fetchAttempts,
      FetchNetwork fetchNetwork) {
    /** As poudriere has them: what takes longer than this there hangs. */
    private static final Map<Phase, Duration> SHORTER = Map.of(
        Phase.EXTRACT, Duration.ofHours(1),
        Phase.INSTALL, Duration.ofHours(1),
        Phase.DEINSTALL, Duration.ofHours(1),
        Phase.PACKAGE, Duration.ofHours(2));

    /** A package, on disk, without more. */
    public static final Wishes USUAL = new Wishes(
        Mode.PACKAGE,
        List.of(),
        Optional.empty(),
        0,
        OptionalLong.empty(),
        Optional.empty(),
        Optional.empty());

    public Wishes {
      overlays = List.copyOf(overlays);
      times = Map.copyOf(times);
      if (fetchAttempts < 1) {
        throw new IllegalArgumentException(
            fetchAttempts + " attempts fetch nothing; give at least 1");
      }
    }

    /** With the usual times, and one attempt to fetch by whatever network there is. */
    public Wishes(
        Mode mode,
        List<Path> overlays,
        Optional<Instant> changed,
        long diskBytes,
        OptionalLong workInMemory,
        Optional<Path> ccache,
        Optional<Path> keepWork) {
      this(
          mode,
          overlays,
          changed,
          diskBytes,
          workInMemory,
          ccache,
          keepWork,
          Map.of(),
          1,
          FetchNetwork.AUTO);
    }

    /**
     * How long a phase may take: what was wished for it, else an hour for extract, install and
     * deinstall, two for package, where {@code usual} is not shorter, else {@code usual}.
     */
    public Duration time(Phase phase, Duration usual) {
      Duration shorter = SHORTER.getOrDefault(phase, usual);
      return times.getOrDefault(phase, shorter.compareTo(usual) < 0 ? shorter : usual);
    }
  }

  /** A package to install, with its archive. */
  public record Install(OriginSpec spec, BuiltPackage built, Path file) {}
}
