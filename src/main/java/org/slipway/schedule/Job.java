package org.slipway.schedule;

import java.net.URI;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.quartz.CronExpression;
import org.slipway.build.BuildRequest;
import org.slipway.build.Phase;
import org.slipway.evaluate.Blacklist;
import org.slipway.evaluate.EvaluationRequest;
import org.slipway.evaluate.Layer;
import org.slipway.evaluate.Sources;
import org.slipway.evaluate.Target;
import org.slipway.packages.Origin;
import org.slipway.packages.StageLimits;
import org.slipway.poudriere.BulkSettings;
import org.slipway.publish.ChannelName;
import org.slipway.publish.Retention;
import org.slipway.repository.Layout;
import org.slipway.sign.KeySource;
import org.slipway.sign.Passphrase;
import org.slipway.sign.Signing;
import org.slipway.store.JobName;

/**
 * What to build and when: one job file.
 *
 * @param ports words as a person writes them, see {@link EvaluationRequest}
 * @param poudriere where poudriere builds it, for a job that the farm does not build itself
 */
public record Job(
    JobName name,
    Tree tree,
    Target target,
    List<String> ports,
    Settings settings,
    Trigger trigger,
    Build build,
    Publish publish,
    Optional<BulkSettings> poudriere) {
  public Job {
    ports = List.copyOf(ports);
  }

  /** One that the farm builds itself. */
  public Job(
      JobName name,
      Tree tree,
      Target target,
      List<String> ports,
      Settings settings,
      Trigger trigger,
      Build build,
      Publish publish) {
    this(name, tree, target, ports, settings, trigger, build, publish, Optional.empty());
  }

  /**
   * The fork.
   *
   * @param overlays what lies over it, in the order in which a port is looked for; the fork comes
   *     last
   */
  public record Tree(String url, String branch, List<Overlay> overlays) {
    public Tree {
      overlays = List.copyOf(overlays);
      if (overlays.stream().map(Overlay::name).distinct().count() != overlays.size()) {
        throw new IllegalArgumentException("two overlays have one name");
      }
    }

    /** A fork that nothing lies over. */
    public Tree(String url, String branch) {
      this(url, branch, List.of());
    }
  }

  /**
   * A tree whose ports, and framework files, count before the fork's.
   *
   * @param name where ports see it, below {@code /overlays}; see {@link Sources.Overlay}
   */
  public record Overlay(String name, String url, String branch) {
    /** What a name has. */
    public static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}";

    public Overlay {
      if (!name.matches(NAME)) {
        throw new IllegalArgumentException("\"" + name + "\" cannot name an overlay");
      }
    }
  }

  /**
   * What the ports are told.
   *
   * @param options per origin, option name to on or off; they count before any layer's
   * @param make lines for make.conf, after the layers'
   * @param blacklist ports that are not built, added to the layers'
   * @param layers settings that the job shares with others, from general to particular
   * @param defines make variables of the kit, name to value
   * @param remarks sentences about what was passed over when the layers were read
   */
  public record Settings(
      Map<Origin, Map<String, Boolean>> options,
      String make,
      Blacklist blacklist,
      List<Layer> layers,
      SortedMap<String, String> defines,
      List<String> remarks) {
    /** Nothing but the tree's own defaults. */
    public static final Settings NONE = new Settings(
        Map.of(), "", Blacklist.NONE, List.of(), Collections.emptySortedMap(), List.of());

    public Settings {
      options = Collections.unmodifiableMap(new TreeMap<>(options));
      layers = List.copyOf(layers);
      defines = Collections.unmodifiableSortedMap(new TreeMap<>(defines));
      remarks = List.copyOf(remarks);
    }
  }

  /**
   * When a new commit is looked for.
   *
   * @param cron a Quartz cron expression of six or seven fields, in the host's time zone
   */
  public record Trigger(Duration poll, Optional<String> cron) {
    public Trigger {
      if (cron.isPresent() && !CronExpression.isValidExpression(cron.get())) {
        throw new IllegalArgumentException(
            "\"" + cron.get() + "\" is not a Quartz cron expression");
      }
    }
  }

  /**
   * How packages are built.
   *
   * @param slots at once
   * @param timeout per phase
   * @param silence the longest time without output
   * @param memoryBytes per package, 0 for no limit
   * @param outputBytes of log per package
   * @param mirror where distfiles are looked for first
   * @param allowUncontained whether proot may be used, which contains nothing
   * @param room what a build may use beside memory and time
   * @param manner what is done on top, and how often
   */
  public record Build(
      int slots,
      Duration timeout,
      Duration silence,
      long memoryBytes,
      long outputBytes,
      Optional<URI> mirror,
      boolean allowUncontained,
      Room room,
      Manner manner) {
    /** In the usual room and manner. */
    public Build(
        int slots,
        Duration timeout,
        Duration silence,
        long memoryBytes,
        long outputBytes,
        Optional<URI> mirror,
        boolean allowUncontained) {
      this(
          slots,
          timeout,
          silence,
          memoryBytes,
          outputBytes,
          mirror,
          allowUncontained,
          Room.USUAL,
          Manner.USUAL);
    }
  }

  /**
   * What a package's build may use.
   *
   * @param diskBytes 0 for no limit
   * @param openFiles of each process, 0 for the host's own limit
   * @param processes at once
   * @param cpuPercent of one processor, 0 for no limit
   * @param workInMemory size of the memory file system for its work directory, where it has one
   * @param packageBytes that a package's files may have together
   */
  public record Room(
      long diskBytes,
      int openFiles,
      int processes,
      int cpuPercent,
      OptionalLong workInMemory,
      long packageBytes) {
    /** On disk; processes are limited in any case, for a fork bomb takes more than its own. */
    public static final Room USUAL =
        new Room(0, 0, 4096, 0, OptionalLong.empty(), StageLimits.DEFAULT.totalBytes());
  }

  /**
   * How ports are built.
   *
   * @param timeouts of single phases, else the job's; see {@link BuildRequest.Wishes#time}
   * @param retries what is built again that failed
   * @param ccache the folder of a compiler cache that the job's builds share
   * @param keepWork how long a failed build's work directory is kept, where it is
   * @param fetchNetwork what the fetch of distfiles reaches
   */
  public record Manner(
      Tested tested,
      Map<Phase, Duration> timeouts,
      Retries retries,
      Optional<Path> ccache,
      Optional<Duration> keepWork,
      BuildRequest.FetchNetwork fetchNetwork) {
    /** Packages only, without more. */
    public static final Manner USUAL = new Manner(
        new Tested(false, Set.of()), Map.of(), Retries.USUAL, Optional.empty(), Optional.empty());

    public Manner {
      timeouts = Map.copyOf(timeouts);
    }

    /** Fetching by whatever network there is. */
    public Manner(
        Tested tested,
        Map<Phase, Duration> timeouts,
        Retries retries,
        Optional<Path> ccache,
        Optional<Duration> keepWork) {
      this(tested, timeouts, retries, ccache, keepWork, BuildRequest.FetchNetwork.AUTO);
    }
  }

  /** Which ports are tested when they are built: all, or those. */
  public record Tested(boolean all, Set<Origin> origins) {
    public Tested {
      origins = Set.copyOf(origins);
    }

    boolean has(Origin origin) {
      return all || origins.contains(origin);
    }
  }

  /**
   * Where packages go.
   *
   * @param retention which snapshots stay
   * @param layout of the repository
   * @param files whether the repository lists every package's files too
   * @param require origins without which nothing is published
   * @param maxFailedPercent of the planned packages; above it nothing is published
   * @param foreign origins whose packages may have binaries that are not for the target, such as
   *     firmware
   * @param groups the tree's folder of package groups, {@code *.ucl} files as for {@code pkg repo
   *     -g}
   */
  public record Publish(
      ChannelName channel,
      Sign sign,
      Retention retention,
      Layout layout,
      boolean files,
      List<Origin> require,
      int maxFailedPercent,
      Set<Origin> foreign,
      Optional<String> groups) {
    public Publish {
      require = List.copyOf(require);
      foreign = Set.copyOf(foreign);
    }

    /** The usual way: one key in HOME/keys, and snapshots by count. */
    public Publish(
        ChannelName channel, String key, int keep, List<Origin> require, int maxFailedPercent) {
      this(
          channel,
          Sign.with(key),
          Retention.newest(keep),
          Layout.HASHED,
          false,
          require,
          maxFailedPercent,
          Set.of(),
          Optional.empty());
    }
  }

  /**
   * Who signs a job's repository.
   *
   * @param keys none for an unsigned one, one for {@link Signing.Form#PUBKEY}, 1 to 4 for
   *     {@link Signing.Form#FINGERPRINTS}
   */
  public record Sign(Signing.Form form, List<Key> keys) {
    private static final int MOST_KEYS = 4;

    public Sign {
      keys = List.copyOf(keys);
      int most = switch (form) {
        case FINGERPRINTS -> MOST_KEYS;
        case PUBKEY -> 1;
        case UNSIGNED -> 0;
      };
      if (keys.size() > most || (keys.isEmpty() && most > 0)) {
        throw new IllegalArgumentException(keys.size() + " keys cannot sign in the form " + form
            + "; it takes " + (most == 0 ? "none" : most == 1 ? "one" : "1 to " + most));
      }
    }

    /** With a key in HOME/keys, whose fingerprint clients trust. */
    public static Sign with(String key) {
      return new Sign(
          Signing.Form.FINGERPRINTS, List.of(new Key(key, new KeySource.Kept(Passphrase.none()))));
    }
  }

  /**
   * A key that signs.
   *
   * @param name of the files for clients in HOME/keys
   */
  public record Key(String name, KeySource source) {}

  /** All that make is told beside the options of single ports, as lines: a part of every build key. */
  String makeText() {
    EvaluationRequest request = request();
    StringBuilder text = new StringBuilder(request.makeConf());
    request
        .defines()
        .forEach((name, value) -> text.append(name).append('=').append(value).append('\n'));
    // What poudriere's jail made is not what the farm's would have made, and neither stands for the
    // other.
    poudriere.ifPresent(
        each -> text.append("# poudriere ").append(each.masterName()).append('\n'));
    return text.toString();
  }

  /** What the evaluator is asked for. */
  public EvaluationRequest request() {
    List<Layer> layers = new ArrayList<>(settings.layers());
    layers.add(Layer.ofJob(settings.options(), settings.make()).with(settings.blacklist()));
    return new EvaluationRequest(target, ports, layers, settings.defines());
  }
}
