package org.slipway.poudriere;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.regex.Pattern;

/**
 * Where and how poudriere runs for a job. Paths are of that host, absolute and plain.
 *
 * @param host {@code name} or {@code user@name}, whose user is root; empty for this host
 * @param ssh the program that reaches it and its options, to which the farm adds its own
 * @param jail that {@code poudriere jail -l} lists
 * @param ports the name of the tree; only the farm's own, so {@code poudriere ports -l} need not
 *     list it. It is part of poudriere's folder names
 * @param set the set, where there is one
 * @param command poudriere
 * @param etc the folder that holds poudriere.conf and poudriere.d
 * @param data BASEFS/data: logs and packages
 * @param folder the farm's own: scripts, trees, settings, what ran
 * @param jobs builds at once; empty for poudriere.conf's PARALLEL_JOBS
 * @param boost how many packages PRIORITY_BOOST names
 * @param repository whether poudriere makes its own repository too
 * @param poll how often it is looked at
 * @param timeout after which a build is stopped
 */
public record BulkSettings(
    Optional<String> host,
    List<String> ssh,
    String jail,
    String ports,
    Optional<String> set,
    String command,
    String etc,
    String data,
    String folder,
    OptionalInt jobs,
    int boost,
    boolean repository,
    Duration poll,
    Duration timeout) {
  /** Poudriere's names: parts of folder names and of a jail's name, which has no dot. */
  public static final String NAME = "[A-Za-z0-9_][A-Za-z0-9_+-]{0,63}";

  /** A host as ssh takes it, never an option. */
  public static final String HOST =
      "([A-Za-z0-9_][A-Za-z0-9_.-]{0,31}@)?[A-Za-z0-9\\[][A-Za-z0-9_.:\\]-]{0,252}";

  private static final Pattern PATH = Pattern.compile("(/[A-Za-z0-9_.+-]+)+");

  public BulkSettings {
    ssh = List.copyOf(ssh);
    require(host.isEmpty() || host.get().matches(HOST), "a host", host.orElse(""));
    require(host.isEmpty() || !ssh.isEmpty(), "a program for", host.orElse(""));
    require(jail.matches(NAME), "a jail's name", jail);
    require(ports.matches(NAME), "a tree's name", ports);
    require(set.isEmpty() || set.get().matches(NAME), "a set's name", set.orElse(""));
    for (String path : List.of(command, etc, data, folder)) {
      require(isPath(path), "an absolute path without blanks or dots alone", path);
    }
    require(jobs.isEmpty() || jobs.getAsInt() > 0, "a number of jobs", jobs.toString());
    require(boost >= 0 && boost <= 1000, "a number of packages to boost", "" + boost);
    require(!poll.isNegative() && !poll.isZero(), "a time between looks", poll.toString());
    require(!timeout.isNegative() && !timeout.isZero(), "a time limit", timeout.toString());
  }

  /** Whether a text is a path that is sent to the host: absolute, without {@code ..}. */
  public static boolean isPath(String text) {
    return PATH.matcher(text).matches()
        && text.length() <= 200
        && !(text + "/").contains("/../")
        && !(text + "/").contains("/./");
  }

  /** What poudriere calls the combination, MASTERNAME: JAIL-TREE or JAIL-TREE-SET. */
  public String masterName() {
    return jail + "-" + ports + set.map(each -> "-" + each).orElse("");
  }

  /** The host in a sentence. */
  public String place() {
    return host.orElse("this host");
  }

  private static void require(boolean fits, String what, String found) {
    if (!fits) {
      throw new IllegalArgumentException("\"" + found + "\" is not " + what);
    }
  }
}
